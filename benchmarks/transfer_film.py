"""Transfer over the shots of a film: what comes again should have the color that it had.

Films are joined of shots of corpus clips, so that each scene comes twice, at two times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations

import numpy as np
from PIL import Image

import steadyhue as sh
from clips import ROOT
from steadyhue.color import to_space
from transfer_pictures import FIRST, Picture, pictures
from transfer_scores import STEP

SCENES = ("intel_cars.gif", "intel_fruit.gif", "intel_store.gif", "intel_classroom.gif")
REFERENCES = ("coffee", "flower", "china")
SIZE = 240, 160
SHOT = 12
"""Frames of a shot: enough for a cut to be found (`steadyhue.cuts`)."""

APART = 6
"""Frames between two shots of a scene."""

SAME = 6
"""sRGB levels by which a pixel may change and still show the same thing."""


def shot(name: str, begin: int) -> list[Picture]:
    found = []
    for number, frame in enumerate(sh.open(ROOT / "natural" / name)):
        if begin <= number < begin + SHOT:
            image = Image.fromarray(frame.rgba()).convert("RGB")
            found.append(np.asarray(image.resize(SIZE, Image.Resampling.BOX)))
    return found


def films() -> Iterator[list[list[Picture]]]:
    """Yield films of four shots: two scenes, and the same two some time later."""
    scenes = {name: [shot(name, 0), shot(name, SHOT + APART)] for name in SCENES}
    there = [name for name, both in scenes.items() if all(len(part) == SHOT for part in both)]
    for first, second in permutations(there, 2):
        yield [scenes[first][0], scenes[second][0], scenes[first][1], scenes[second][1]]


def as_a_whole(mode: str) -> Callable[[list[list[Picture]], Picture], list[Picture]]:
    def run(shots: list[list[Picture]], reference: Picture) -> list[Picture]:
        film = sh.Animation.from_arrays([frame for part in shots for frame in part], 80)
        made = sh.transfer(film, sh.Animation.from_arrays([reference]), 10, mode=mode)
        return [frame.rgba()[..., :3] for frame in made]

    return run


def only_quantized(shots: list[list[Picture]], _: Picture) -> list[Picture]:
    film = sh.Animation.from_arrays([frame for part in shots for frame in part], 80)
    return [frame.rgba()[..., :3] for frame in sh.quantize(film, 10, mode="seeded")]


def shot_by_shot(shots: list[list[Picture]], reference: Picture) -> list[Picture]:
    return [frame for part in shots for frame in as_a_whole("seeded")([part], reference)]


def changed(shots: list[list[Picture]], shown: list[Picture]) -> tuple[float, float]:
    """Return of the pixels that come again how many have another color (%), and by how much."""
    apart = []
    for scene in (0, 1):
        before, after = (scene * SHOT + SHOT - 1, (scene + 2) * SHOT)
        was, now = shots[scene][-1].astype(int), shots[scene + 2][0].astype(int)
        again = np.abs(was - now).max(-1) <= SAME
        a, b = (to_space(shown[at][again], "oklab") for at in (before, after))
        apart.append(np.sqrt(((a - b) ** 2).sum(-1)))
    distance = np.concatenate(apart)
    return 100 * float((distance > STEP).mean()), 100 * float(distance.mean())


def film_table() -> list[str]:
    rows = ["| k = 10 | come again in another color % | by (OKLab x 100) |", "|---|---:|---:|"]
    looks = [picture for name, picture in pictures(FIRST).items() if name in REFERENCES]
    joined = list(films())
    makers = {
        "quantized only, seeded": only_quantized,
        "every shot by itself, seeded": shot_by_shot,
        **{f"**the film, {mode}**": as_a_whole(mode) for mode in ("seeded", "steady", "global")},
    }
    for name, make in makers.items():
        found = [changed(shots, make(shots, look)) for shots in joined for look in looks]
        share, distance = np.mean(found, 0)
        rows.append(f"| {name} | {share:.2f} | {distance:.2f} |")
        print(rows[-1], flush=True)
    return rows

"""Pairs to look at: source, reference, and `tone` by default, bold and smooth.

    python benchmarks/transfer_sheets.py FOLDER

writes two sheets of ten pairs of pictures each, and one of ten pairs of clips: the first and the last
frame of the source, a frame of the reference, and both frames by default and smooth. Nothing was
tuned on them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

import steadyhue as sh
from clips import ROOT
from transfer_methods import ours
from transfer_pictures import FIRST, LATER, SKIMAGE, SKLEARN, Picture, pictures

PAIRS = (
    ("astronaut", "great_wave"), ("chelsea", "starry_night"), ("chelsea", "sunset"),
    ("coffee", "aitzgorri"), ("rocket", "Picture_0B"), ("friends", "Picture_1A"),
    ("Wine", "great_wave"), ("seeding", "goldfish"), ("china", "flower"), ("flower", "free"),
    ("starry_night", "free"), ("picosdeeuropa", "starry_night"), ("Bridge", "Picture_0B"),
    ("Kleiber", "calla"), ("free", "Picture_1A"), ("goldfish", "life"), ("life", "coffee"),
    ("sunset", "aitzgorri"), ("motorcycle_left", "great_wave"), ("calla", "Wine"),
)  # fmt: skip
CLIPS = (
    ("intel_cars.gif", "mp_iris.gif"), ("intel_store.gif", "geogif_capecod.gif"),
    ("intel_fruit.gif", "intel_cars.gif"), ("geogif_capecod.gif", "intel_fruit.gif"),
    ("intel_classroom.gif", "comma_sim.gif"), ("comma_sim.gif", "intel_store.gif"),
    ("jetson_bronto.gif", "intel_fruit.gif"), ("mp_iris.gif", "animated_hopper.gif"),
    ("intel_walking.gif", "geogif_capecod.gif"), ("intel_head_f.gif", "intel_classroom.gif"),
)  # fmt: skip
WORST = (
    ("coffee", "rocket"), ("coffee", "astronaut"), ("flower", "astronaut"), ("chelsea", "flower"),
    ("rocket", "china"),
)  # fmt: skip
"""The worst of the thirty pairs of six pictures that scikit-image and scikit-learn ship."""

MOST = 24  # frames of a clip
WIDTH, HEIGHT = 250, 170  # pixels of a picture on the sheet


def row(source: Picture, reference: Picture) -> Picture:
    methods = (ours(), ours(spread=1.0), ours(smooth=True))
    shown = [source, reference, *(method(source, reference, 10) for method in methods)]
    return np.hstack([framed(picture) for picture in shown])


def clip_row(source: str, reference: str) -> Picture:
    frames, other = (opened(name) for name in (source, reference))
    clip, look = (sh.Animation.from_arrays(part, 80) for part in (frames, other))
    shown = [frames[0], frames[-1], other[len(other) // 2]]
    for smooth in (False, True):
        made = [frame.rgba()[..., :3] for frame in sh.transfer(clip, look, 10, smooth=smooth)]
        shown += [made[0], made[-1]]
    return np.hstack([framed(picture) for picture in shown])


def opened(name: str) -> list[Picture]:
    frames = []
    for frame, _ in zip(sh.open(ROOT / "natural" / name), range(MOST), strict=False):
        image = Image.fromarray(frame.rgba()).convert("RGB")
        image.thumbnail((300, 300))
        frames.append(np.asarray(image))
    return frames


def framed(picture: Picture) -> Picture:
    small = Image.fromarray(picture)
    small.thumbnail((WIDTH, HEIGHT))
    frame = Image.new("RGB", (WIDTH, HEIGHT))
    frame.paste(small)
    return np.asarray(frame)


def save_worst(path: Path) -> None:
    found = pictures({folder: FIRST[folder] for folder in (SKIMAGE, SKLEARN)}, 300)
    sheet = Image.fromarray(np.vstack([row(found[a], found[b]) for a, b in WORST]))
    sheet.resize((sheet.width * 4 // 5, sheet.height * 4 // 5)).save(path, quality=80)


def main() -> None:
    folder = Path(sys.argv[1])
    found = pictures(FIRST | LATER, 300)
    there = [pair for pair in PAIRS if set(pair) <= set(found)]
    for first in range(0, len(there), 10):
        rows = [row(found[source], found[other]) for source, other in there[first : first + 10]]
        Image.fromarray(np.vstack(rows)).save(folder / f"transfer_{first // 10 + 1}.png")
    clips = [clip_row(*pair) for pair in CLIPS]
    Image.fromarray(np.vstack(clips)).save(folder / "transfer_clips.png")


if __name__ == "__main__":
    main()

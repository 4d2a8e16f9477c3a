"""Sequences whose cuts are known: corpus clips alone and joined, dithered by others, and drawn ones."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import steadyhue
from clips import ROOT
from steadyhue.formats import open_animation
from steadyhue.frame import Frame

Picture = NDArray[np.uint8]  # (H, W, 3)

SIZE = 320, 180
"""Width and height to which shots are brought that are joined."""

MOST = 60
"""Most frames of a clip."""

SHOT = 9
"""Frames of a shot that is joined with others."""

BROKEN = ("decord_corrupted", "decord_rot90", "moviepy_transparent")
"""Clips that cannot be read, or show next to nothing."""


@dataclass
class Case:
    """A sequence, and at which frames a shot begins."""

    kind: str
    name: str
    frames: Callable[[], list[Frame]]
    cuts: set[int] = field(default_factory=set)


def paths() -> list[Path]:
    found = [p for folder in ("natural", "flat", "video") for p in sorted(ROOT.glob(f"{folder}/*"))]
    return [path for path in found if path.stem not in BROKEN]


def shots(length: int = MOST) -> Iterator[tuple[str, list[Picture]]]:
    """Yield the corpus clips of moving pictures at one size, without transparency."""
    for path in paths():
        if path.parent.name == "flat":
            continue
        frames = []
        for frame, _ in zip(open_animation(path), range(length), strict=False):
            image = Image.fromarray(frame.rgba()).convert("RGB")
            frames.append(np.asarray(image.resize(SIZE, Image.Resampling.BOX)))
        yield path.stem, frames


def stills() -> list[Picture]:
    found = []
    for path in sorted((ROOT / "still").glob("*")):
        image = Image.open(path).convert("RGB")
        found.append(np.asarray(image.resize((640, 480), Image.Resampling.BOX)))
    return found


# Dithering by others


def gifsicle(pictures: list[Picture], colors: int) -> list[Frame]:
    """One palette for all frames, error diffusion."""
    with tempfile.TemporaryDirectory() as folder:
        plain, made = Path(folder, "plain.gif"), Path(folder, "made.gif")
        source = steadyhue.Animation.from_arrays(pictures)
        steadyhue.quantize(source, 256, mode="independent").save(plain)
        subprocess.run(
            ["gifsicle", "--no-warnings", "--dither", "--colors", str(colors), plain, "-o", made],
            check=True,
        )
        return list(open_animation(made))


def ffmpeg(pictures: list[Picture], colors: int, dither: str) -> list[Frame]:
    """A palette for every frame."""
    height, width = pictures[0].shape[:2]
    graph = (
        f"split[a][b];[a]palettegen=stats_mode=single:max_colors={colors}[p];"
        f"[b][p]paletteuse=new=1:dither={dither}"
    )
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "made.gif")
        command = ["ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s"]
        command += [f"{width}x{height}", "-i", "-", "-lavfi", graph, str(made)]
        subprocess.run(command, input=b"".join(p.tobytes() for p in pictures), check=True)
        return list(open_animation(made))


def pillow(pictures: list[Picture], colors: int) -> list[Frame]:
    """A palette for every frame, Floyd and Steinberg's diffusion."""
    frames = []
    for picture in pictures:
        image = Image.fromarray(picture)
        palette = image.quantize(colors, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        mixed = image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
        frames.append(Frame.from_array(np.asarray(mixed.convert("RGB"))))
    return frames


DITHERS: dict[str, Callable[[list[Picture], int], list[Frame]]] = {
    "gifsicle": gifsicle,
    "ffmpeg bayer": lambda pictures, colors: ffmpeg(pictures, colors, "bayer"),
    "ffmpeg sierra": lambda pictures, colors: ffmpeg(pictures, colors, "sierra2_4a"),
    "Pillow": pillow,
}


def dithers() -> dict[str, Callable[[list[Picture], int], list[Frame]]]:
    """Return those whose tools are installed."""
    return {
        name: dither
        for name, dither in DITHERS.items()
        if name == "Pillow" or shutil.which(name.split()[0])
    }


def plain(pictures: list[Picture]) -> list[Frame]:
    return [Frame.from_array(picture) for picture in pictures]


# Cases


def alone() -> Iterator[Case]:
    """Every clip of the corpus in its own size: one shot each."""
    for path in paths():

        def frames(path: Path = path) -> list[Frame]:
            opened = open_animation(path)
            return [frame for frame, _ in zip(opened, range(MOST), strict=False)]

        yield Case("single shots", f"{path.parent.name}/{path.stem}", frames)


def joined(seeds: int = 4) -> Iterator[tuple[str, list[Picture], set[int]]]:
    """Yield all shots, one behind the other, in several orders and from several places."""
    found = list(shots())
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        pictures: list[Picture] = []
        cuts: set[int] = set()
        for number in rng.permutation(len(found)):
            _, shot = found[number]
            start = int(rng.integers(max(1, len(shot) - SHOT + 1)))
            cuts.add(len(pictures))
            pictures += shot[start : start + SHOT]
        yield f"order {seed}", pictures, cuts - {0}


def joins() -> Iterator[Case]:
    for name, pictures, cuts in joined():
        yield Case("joins", name, lambda p=pictures: plain(p), cuts)
    for name, pictures, cuts in joined(2):
        for dither, make in dithers().items():
            for colors in (16, 64):
                yield Case(
                    f"joins, dithered by {dither}",
                    f"{name}, {colors} colors",
                    lambda p=pictures, m=make, c=colors: m(p, c),
                    cuts,
                )


UNSEEN_SIZES = (480, 270), (128, 128), (90, 160)


def unseen() -> Iterator[Case]:
    """Joins on which no constant was chosen: other sizes, orders and lengths, and flat clips too."""
    clips = []
    for path in paths():
        frames = zip(open_animation(path), range(40), strict=False)
        clips.append([Image.fromarray(frame.rgba()).convert("RGB") for frame, _ in frames])
    for size in UNSEEN_SIZES:
        for seed in range(100, 112):
            rng = np.random.default_rng(seed)
            length = int(rng.integers(2, 7))
            pictures: list[Picture] = []
            cuts: set[int] = set()
            for number in rng.permutation(len(clips)):
                clip = clips[number]
                start = int(rng.integers(max(1, len(clip) - length + 1)))
                cuts.add(len(pictures))
                pictures += [np.asarray(i.resize(size)) for i in clip[start : start + length]]
            yield Case(
                "joins, held out",
                f"{size}, order {seed}",
                lambda p=pictures: plain(p),
                cuts - {0},
            )


def redithered() -> Iterator[Case]:
    for name, pictures in shots(24):
        for dither, make in dithers().items():
            for colors in (16, 64):
                yield Case(
                    f"single shots, dithered by {dither}",
                    f"{name}, {colors} colors",
                    lambda p=pictures, m=make, c=colors: m(p, c),
                )


def drawn() -> Iterator[Case]:
    """Fades, flashes, pans, zooms, strobes and slides made of corpus pictures."""
    clips = dict(shots(24))
    black = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    names = [name for name, shot in clips.items() if len(shot) >= 12]
    for a, b in pairwise([*names, names[0]]):
        for steps in (5, 8, 16):
            yield case("fades", f"{a} to black, {steps}", faded(clips[a], None, steps))
            yield case("fades", f"{a} to {b}, {steps}", faded(clips[a], clips[b], steps))
        for length in (1, 2, 3):
            yield case("flashes", f"{a}, {length} white", flashed(clips[a], length, None))
            yield case("flashes", f"{a}, {length} of {b}", flashed(clips[a], length, clips[b]))
        lit = [np.clip(p * 0.45, 0, 255).astype(np.uint8) for p in clips[a][:6]] + clips[a][6:12]
        yield case("lights", f"{a}: a light switched on", lit)
        yield case("strobes", f"{a} and {b}", strobing(clips[a], clips[b], 2))
        yield case("strobes", f"{a} and black", strobing(clips[a], [black] * 24, 1))
    for number, picture in enumerate(stills()):
        for speed in (2, 8, 16, 32):
            yield case("pans", f"still {number}, {speed} pixels", panned(picture, speed))
        for rate in (1.01, 1.04, 1.1):
            yield case("zooms", f"still {number}, {rate}", zoomed(picture, rate))
    yield slides("slides", [crop(picture, 0, 0) for picture in stills()])
    yield slides("similar slides", [crop(p, x, y) for p in stills() for x, y in CORNERS])


CORNERS = ((0, 0), (320, 0), (0, 300), (320, 300), (160, 150))


def case(kind: str, name: str, pictures: list[Picture]) -> Case:
    return Case(kind, name, lambda: plain(pictures))


def strobing(a: list[Picture], b: list[Picture], length: int) -> list[Picture]:
    return [pair[i // length % 2] for i, pair in enumerate(zip(a, b, strict=False))]


def slides(kind: str, pictures: list[Picture]) -> Case:
    """Every picture stands for five frames, dithered anew in each by Pillow."""
    frames = [picture for picture in pictures for _ in range(5)]
    return Case(kind, "5 frames each", lambda: plain(frames), set(range(5, len(frames), 5)))


def faded(a: list[Picture], b: list[Picture] | None, steps: int) -> list[Picture]:
    target = b or [np.zeros_like(a[0])] * len(a)
    pictures = list(a[:4])
    for step in range(steps + 1):
        mixed = a[4].astype(float) * (1 - step / steps) + target[4].astype(float) * (step / steps)
        pictures.append(mixed.astype(np.uint8))
    pictures += target[5:8]
    return pictures + (pictures[::-1] if b is None else [])


def flashed(shot: list[Picture], length: int, by: list[Picture] | None) -> list[Picture]:
    flash = by or [np.full_like(shot[0], 250)] * length
    return shot[:6] + flash[:length] + shot[6 + length : 14]


def crop(picture: Picture, x: int, y: int) -> Picture:
    return np.ascontiguousarray(picture[y : y + SIZE[1], x : x + SIZE[0]])


def panned(picture: Picture, speed: int) -> list[Picture]:
    return [crop(picture, x, 100) for x in range(0, 641 - SIZE[0], speed)]


def zoomed(picture: Picture, rate: float) -> list[Picture]:
    image = Image.fromarray(picture)
    frames = []
    for step in range(16):
        w, h = 560 / rate**step, 315 / rate**step
        box = (320 - w / 2, 240 - h / 2, 320 + w / 2, 240 + h / 2)
        frames.append(np.asarray(image.resize(SIZE, Image.Resampling.BILINEAR, box=box)))
    return frames


def cases() -> Iterator[Case]:
    yield from joins()
    yield from unseen()
    yield from alone()
    yield from redithered()
    yield from drawn()

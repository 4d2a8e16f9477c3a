"""Promises that are shown by doing: identical frames, a late color, the same result every time."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

import steadyhue as sh
from clips import Clip, clips, write
from scorecard import Bar
from steadyhue.frame import Animation, Frame

RED_SHARE = 0.005
"""Share of the picture from which the red car must be red."""


def proofs() -> list[Bar]:
    cars = clips("natural/intel_cars")[0]
    return [
        *identical_frames(cars.frames[0]),
        *[red_car(cars, k) for k in (4, 10)],
        *same_every_time(cars),
    ]


def identical_frames(frame: Frame) -> list[Bar]:
    clip = Animation.from_arrays([frame.rgba()] * 20, 100)
    shown = list(sh.quantize(clip, colors=10, mode="steady"))
    same = all(
        np.array_equal(shown[0].indices, other.indices)
        and np.array_equal(shown[0].palette, other.palette)
        for other in shown
    )
    one, all_of_them = size_of(shown[:1], clip), size_of(shown, clip)
    return [
        Bar("a repeated frame gives a bit-identical palette and indices", "yes" if same else "no", same),
        Bar("20 identical frames cost one frame's bytes plus patches",
            f"{one} bytes + {(all_of_them - one) / 19:.1f} a frame", all_of_them - one <= 19 * 64),
    ]  # fmt: skip


def size_of(frames: list, clip: Animation) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.gif"
        write(path, frames, clip.size, clip.loop)
        return path.stat().st_size


def red(rgba: np.ndarray, levels: int = 40) -> np.ndarray:
    """Tell which pixels are red: so many levels more of it than of any other channel."""
    r, g, b = (rgba[..., i].astype(int) for i in range(3))
    return r - np.maximum(g, b) >= levels


def red_car(clip: Clip, k: int) -> Bar:
    """Look at the first frame where the car covers `RED_SHARE`: is most of it red?

    At k = 4 its color is averaged with that of its highlights, so half as red will do.
    """
    shown = sh.quantize(clip.animation, colors=k, mode="steady")
    for number, (source, output) in enumerate(zip(clip.animation, shown, strict=True)):
        car = red(source.rgba())
        if car.mean() >= RED_SHARE:
            kept = float(red(output.rgba(), 20)[car].mean())
            found = f"{kept:.0%} of its pixels, frame {number}"
            return Bar(
                f"the red car is red as soon as it covers 0.5 %, k = {k}", found, kept >= 0.5
            )
    return Bar(
        f"the red car is red as soon as it covers 0.5 %, k = {k}", "not in these frames", True
    )


def same_every_time(clip: Clip) -> list[Bar]:
    def gif(threads: int) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "out.gif"
            sh.set_threads(threads)
            try:
                sh.quantize(clip.animation, colors=10, mode="steady").save(path)
            finally:
                sh.set_threads(None)
            return path.read_bytes()

    first = gif(1)
    again = gif(1) == first
    threads = all(gif(n) == first for n in (2, 4))
    return [
        Bar("the same file from run to run", "yes" if again else "no", again),
        Bar("the same file for 1, 2 and 4 threads", "yes" if threads else "no", threads),
    ]

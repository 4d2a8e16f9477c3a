"""Time lines: each pixel's colors over time, held in pieces.

A camera's noise repaints a wall in every frame. Here the colors of each pixel are fitted by
constants in pieces, for a price a piece (``native/timeline.hpp``), before anything else is done:
what is left to paint is what has changed. A piece that reaches past the frames that are looked at goes on for as long as it serves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.cuts import marked
from steadyhue.frame import Frame
from steadyhue.threads import threads

LOOK = 24
"""Frames that are fitted together."""

COMMIT = 16
"""Frames of a window that are kept, if another one follows."""

BUDGET = 1 << 26
"""Most pixels of a window if it has more than one frame: with their copy half a gigabyte."""

NEAR, AFAR = 0.5, 4.0
"""What a piece's error counts at the pixel, and in the picture blurred; see ``timeline.hpp``. So error in
time is up to 40 % less than by the pixel alone, at the same bytes on a blurred picture."""

Pixels = NDArray[np.uint8]


def held(frames: Iterable[Frame], price: float) -> Iterator[tuple[Frame, Frame, bool]]:
    """Hold the pixels of a clip, shot by shot.

    Parameters
    ----------
    frames : iterable of Frame
        Of one size; read a window ahead.
    price : float
        What a new piece costs, in squared sRGB levels.

    Yields
    ------
    Frame, Frame, bool
        The frame as it came and with its pixels held, and whether a shot begins with it.
    """
    waiting: list[tuple[Frame, bool]] = []
    last: Pixels | None = None
    for frame, cut in marked(frames):
        look = max(1, min(LOOK, BUDGET // frame.ids.size))
        if cut:
            yield from _fitted(waiting, len(waiting), last, price)
            waiting, last = [], None
        elif len(waiting) >= look:
            count = max(1, look * COMMIT // LOOK)
            done = list(_fitted(waiting, count, last, price))
            yield from done
            last = done[-1][1].rgba()
            del waiting[:count]
        waiting.append((frame, cut))
    yield from _fitted(waiting, len(waiting), last, price)


def _fitted(
    waiting: list[tuple[Frame, bool]], count: int, last: Pixels | None, price: float
) -> Iterator[tuple[Frame, Frame, bool]]:
    if not waiting:
        return
    window = np.empty((len(waiting), *waiting[0][0].ids.shape, 4), np.uint8)
    for place, (frame, _) in zip(window, waiting, strict=True):
        place[...] = frame.rgba()
    shown = _native.hold_pixels(window, last, price, NEAR, AFAR, threads())
    for (frame, cut), pixels in zip(waiting[:count], shown, strict=False):
        yield frame, Frame.from_array(pixels, frame.duration), cut

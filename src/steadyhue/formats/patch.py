"""The part of a picture that differs from the one before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steadyhue.formats.raster import Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A rectangle to put on the canvas.

    Attributes
    ----------
    x, y : int
        Upper left corner in pixels.
    pixels : (h, w, 4) uint8 array
        RGBA; never empty.
    over : bool
        Whether transparent pixels leave the canvas as it is; else they clear it.
    """

    x: int
    y: int
    pixels: Pixels
    over: bool


def difference(previous: Pixels, current: Pixels, grid: int = 1) -> Patch:
    """Return the patch that turns one (H, W, 4) canvas into the next.

    Pixels must be opaque or all zero. The corner is a multiple of `grid`. Equal
    pictures give one transparent pixel, so that every frame stays a frame.
    """
    changed = previous.view(np.uint32)[..., 0] != current.view(np.uint32)[..., 0]
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not len(rows):
        return Patch(0, 0, np.zeros((1, 1, 4), np.uint8), over=True)
    y, x = rows[0] // grid * grid, columns[0] // grid * grid
    area = np.s_[y : rows[-1] + 1, x : columns[-1] + 1]
    pixels, moved = current[area], changed[area]
    clears = bool((moved & (pixels[..., 3] == 0)).any())
    if not clears:
        pixels = np.where(moved[..., None], pixels, np.uint8(0))
    return Patch(int(x), int(y), np.ascontiguousarray(pixels), over=not clears)

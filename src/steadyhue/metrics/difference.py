"""Differences between frames, summed over their pixels: what all other figures are made of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.color import to_space
from steadyhue.frame import Frame
from steadyhue.stillness import STILL

JUMP = 0.03
"""OKLab distance above which a change of a pixel is seen as a jump: half as much again as the 0.02
that is just noticeable (CSS Color Module Level 4, section 13.2)."""


class Colored(NamedTuple):
    """A frame as the kernels want it.

    Attributes
    ----------
    ids : (H, W) int32 array
        For each pixel its row in the tables, or -1.
    srgb : (n, 3) uint8 array
    oklab : (n, 3) float64 array
        The same colors.
    """

    ids: NDArray[np.int32]
    srgb: NDArray[np.uint8]
    oklab: NDArray[np.float64]

    @classmethod
    def of(cls, frame: Frame) -> Colored:
        """Look the frame's colors up in OKLab."""
        return cls(
            np.ascontiguousarray(frame.ids, np.int32),
            np.ascontiguousarray(frame.colors, np.uint8),
            np.ascontiguousarray(to_space(frame.colors, "oklab")),
        )


class Difference(NamedTuple):
    """How far two frames are apart.

    Attributes
    ----------
    pixels : int
        Pixels that were compared.
    opaque : int
        Of them, those opaque in both frames; only these have a color difference.
    changed : int
        Of the pixels, those of another color or transparent in one frame only.
    squared : int
        Squared sRGB level differences, summed over pixels and channels.
    oklab : float
        OKLab distances, summed over pixels; not times 100.
    """

    pixels: int
    opaque: int
    changed: int
    squared: int
    oklab: float


class Movement(NamedTuple):
    """How an output changes from one frame to the next over some of its pixels.

    Attributes
    ----------
    pixels, opaque, changed, squared, oklab
        As of a `Difference` between the two frames.
    jumps : int
        Pixels that move by more than `JUMP`.
    excess : float
        OKLab distance beyond that of the source where it is farther, summed over pixels.
    """

    pixels: int
    opaque: int
    changed: int
    squared: int
    oklab: float
    jumps: int
    excess: float


class Change(NamedTuple):
    """How an output changes from one frame to the next, by what its source does there.

    Attributes
    ----------
    static, still : Movement
        Of the output, over the pixels whose source is static, and still (`steadyhue.stillness`).
    opaque : int
        Pixels opaque in both source frames.
    """

    static: Movement
    still: Movement
    opaque: int


def difference(source: Colored, output: Colored) -> Difference:
    """Compare a frame with its source.

    Raises
    ------
    ValueError
        If they differ in size.
    """
    return Difference(*_native.difference(source, output))


def change(
    source_before: Colored, source: Colored, output_before: Colored, output: Colored
) -> Change:
    """Compare a frame of the output with the one before, and see what their sources do.

    Raises
    ------
    ValueError
        If the four differ in size.
    """
    static, still, opaque = _native.change(
        source_before, source, output_before, output, STILL, JUMP
    )
    return Change(Movement(*static), Movement(*still), opaque)

"""Lightness inversions: the share of a picture's edges that look like those of a negative."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from steadyhue.color import to_space
from steadyhue.frame import Frame, IndexedFrame

OFFSETS = (1, 4)
"""Distances in pixels, across and down, of the pairs that are compared."""

EDGE = 0.02
"""OKLab lightness difference from which on a pair of source pixels is an edge."""

TURNED = 0.01
"""OKLab lightness difference the other way round from which on an edge is inverted."""


def inversions(source: Iterable[Frame], output: Iterable[IndexedFrame]) -> float:
    """Return the share of lightness edges that are inverted, weighted by their height.

    Near 0 where shading survives, about 0.5 where colors were dealt at random.
    """
    inverted = total = 0.0
    for frame, shown in zip(source, output, strict=True):
        before = _lightness(frame.colors, frame.ids)
        after = _lightness(shown.palette, shown.indices)
        for offset in OFFSETS:
            for axis in (0, 1):
                height = _steps(before, offset, axis)
                edge = np.where(np.abs(height) > EDGE, np.abs(height), 0.0)
                turned = np.sign(height) * _steps(after, offset, axis) < -TURNED
                inverted += float(edge[turned].sum())
                total += float(edge.sum())
    return inverted / total if total else 0.0


def _lightness(colors: NDArray[np.uint8], rows: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the OKLab lightness of every pixel; NaN, which is never an edge, where transparent."""
    table = np.full(max(len(colors), 256) + 1, np.nan)
    table[: len(colors)] = to_space(colors, "oklab")[:, 0]
    lightness: NDArray[np.float64] = table[rows]
    return lightness


def _steps(lightness: NDArray[np.float64], offset: int, axis: int) -> NDArray[np.float64]:
    """Return the lightness differences of all pairs of pixels `offset` apart."""
    if axis:
        return lightness[:, offset:] - lightness[:, :-offset]
    return lightness[offset:] - lightness[:-offset]

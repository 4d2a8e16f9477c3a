"""Lightness inversions: the share of a picture's edges that look like those of a negative.

Distance from the source says nothing of a transfer of colors, which is meant to be far from it.
What it must keep is the shading: what was lighter than its neighbor should not become darker.
Over pairs (p, q) of pixels 1 and 4 apart, across and down, with OKLab lightness L of the source
and M of the output, an *edge* is a pair with |L(p) - L(q)| > `EDGE`, and it is *inverted* if M
goes the other way by more than `TURNED`. The measure is the height of the inverted edges over
that of all of them:

    sum of |L(p) - L(q)| over inverted edges / sum of |L(p) - L(q)| over edges

So an edge that vanishes is not inverted, and a pair with a transparent pixel is not an edge.
"""

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

    Parameters
    ----------
    source : iterable of Frame
    output : iterable of IndexedFrame
        What was made of it, frame by frame.

    Returns
    -------
    float in [0, 1]
        Over all frames together: near 0 where shading survives, about 0.5 where colors were
        given out at random, 1 for a negative; 0 if there are no edges.

    Raises
    ------
    ValueError
        If there are not as many frames of the one as of the other.
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

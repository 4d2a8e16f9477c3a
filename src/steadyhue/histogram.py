"""Histograms: the distinct colors of frames and how often each occurs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.frame import Frame

_BATCH = 1 << 21  # entries to gather before equal colors are summed: about 25 MB


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Distinct colors with weights.

    Attributes
    ----------
    colors : (m, 3) uint8 array
        Distinct sRGB colors that occur.
    weights : (m,) int64 array
        How often each occurs, above 0.
    rows : (m,) int32 array
        Row of each color in the frame's color table (in a merged histogram its
        own row).
    """

    colors: NDArray[np.uint8]
    weights: NDArray[np.int64]
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, frame: Frame) -> Histogram:
        """Return the histogram of a frame's opaque pixels."""
        rows = np.flatnonzero(frame.weights).astype(np.int32)
        if len(rows) == len(frame.weights):
            return cls(frame.colors, frame.weights, rows)
        return cls(frame.colors[rows], frame.weights[rows], rows)

    @classmethod
    def merge(
        cls, histograms: Iterable[Histogram], factors: Iterable[int] | None = None
    ) -> Histogram:
        """Pool histograms into one.

        Parameters
        ----------
        histograms : iterable of Histogram
            Read one at a time.
        factors : iterable of int, optional
            How much each counts, such as its frame's duration in hundredths of a
            second; 1 if not given.
        """
        colors: list[NDArray[np.uint8]] = []
        weights: list[NDArray[np.int64]] = []
        gathered = 0
        factor = repeat(1) if factors is None else iter(factors)
        for histogram in histograms:
            colors.append(histogram.colors)
            weights.append(histogram.weights * next(factor))
            gathered += len(histogram.colors)
            if gathered > _BATCH:
                color, weight = _pooled(colors, weights)
                colors, weights, gathered = [color], [weight], 0
        color, weight = _pooled(colors, weights)
        return cls(color, weight, np.arange(len(color), dtype=np.int32))

    def intersection(self, other: Histogram) -> float:
        """Return the share of weight the two have in common, in [0, 1].

        Compared in 512 bins of 32 x 32 x 32 levels (Swain and Ballard 1991,
        "Color indexing", equation 1); 1 if both are empty.
        """
        a, b = _binned(self), _binned(other)
        return float(np.minimum(a, b).sum()) if a.any() or b.any() else 1.0


def _pooled(
    colors: list[NDArray[np.uint8]], weights: list[NDArray[np.int64]]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    if not colors:
        return np.empty((0, 3), np.uint8), np.empty(0, np.int64)
    return _native.pooled_colors(np.concatenate(colors), np.concatenate(weights))


def _binned(histogram: Histogram) -> NDArray[np.float64]:
    high = histogram.colors >> 5
    bins = high[:, 0].astype(np.intp) << 6 | high[:, 1] << 3 | high[:, 2]
    counts = np.bincount(bins, histogram.weights, 512).astype(np.float64)
    return np.divide(counts, max(float(counts.sum()), 1.0))

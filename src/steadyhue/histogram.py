"""Histograms: the distinct colors of frames and how often each occurs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steadyhue.frame import Frame

_POOL = 1 << 21  # entries to gather before duplicates are merged: about 50 MB


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Distinct colors with weights.

    Attributes
    ----------
    colors : (m, 3) uint8 array
        Distinct sRGB colors that occur.
    weights : (m,) int64 array
        How often each occurs, above 0. Their sum must stay below 2**32.
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
        """Pool histograms into one, in ascending order of the colors (r, g, b).

        Parameters
        ----------
        histograms : iterable of Histogram
            Read one at a time.
        factors : iterable of int, optional
            How much each counts, such as its frame's duration in hundredths of a
            second; 1 if not given.
        """
        keys: list[NDArray[np.int32]] = []
        weights: list[NDArray[np.int64]] = []
        pooled = 0
        factor = iter(factors) if factors is not None else None
        for histogram in histograms:
            keys.append(_packed(histogram.colors))
            weights.append(histogram.weights * (1 if factor is None else int(next(factor))))
            pooled += len(keys[-1])
            if pooled > _POOL:
                key, weight = _summed(keys, weights)
                keys, weights, pooled = [key], [weight], 0
        key, weight = _summed(keys, weights)
        colors = np.stack([key >> 16, key >> 8 & 255, key & 255], axis=1).astype(np.uint8)
        return cls(colors, weight, np.arange(len(key), dtype=np.int32))

    def intersection(self, other: Histogram) -> float:
        """Return the share of weight the two have in common, in [0, 1].

        Compared in 512 bins of 32 x 32 x 32 levels (Swain and Ballard 1991,
        "Color indexing", equation 1); 1 if both are empty.
        """
        a, b = _binned(self), _binned(other)
        return float(np.minimum(a, b).sum()) if a.any() or b.any() else 1.0


def _packed(colors: NDArray[np.uint8]) -> NDArray[np.int32]:
    wide = colors.astype(np.int32)
    return wide[:, 0] << 16 | wide[:, 1] << 8 | wide[:, 2]


def _summed(
    keys: list[NDArray[np.int32]], weights: list[NDArray[np.int64]]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Distinct keys in ascending order, and the sums of their weights."""
    if not keys:
        return np.empty(0, np.int32), np.empty(0, np.int64)
    key, weight = np.concatenate(keys), np.concatenate(weights)
    order = np.argsort(key, kind="stable")
    key, weight = key[order], weight[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    return key[starts], np.add.reduceat(weight, starts) if len(starts) else weight


def _binned(histogram: Histogram) -> NDArray[np.float64]:
    high = histogram.colors >> 5
    bins = high[:, 0].astype(np.intp) << 6 | high[:, 1] << 3 | high[:, 2]
    counts = np.bincount(bins, histogram.weights, 512).astype(np.float64)
    return np.divide(counts, max(float(counts.sum()), 1.0))

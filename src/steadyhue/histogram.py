"""Histograms: the distinct colors of frames and how often each occurs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.box import NOTHING
from steadyhue.frame import Frame

_BATCH = 1 << 21  # entries to gather before equal colors are summed: about 25 MB


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Some pixels of a frame, the same places in all frames of one size.

    Attributes
    ----------
    ids : (1, s) int32 array
        For each pixel its row in `colors`, or -1 where it is transparent.
    colors : (n, 3) uint8 array
        Distinct sRGB colors.
    weights : (n,) int64 array
        How many of the pixels have each color.
    linked : (1, s) uint8 array
        1 where the pixel held still since the frame before.
    looked_at : (1, s) int32 array
        For each pixel its row in the frame's colors.
    """

    ids: NDArray[np.int32]
    colors: NDArray[np.uint8]
    weights: NDArray[np.int64]
    linked: NDArray[np.uint8]
    looked_at: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        frame: Frame,
        linked: NDArray[np.uint8] | None,
        last: tuple[Frame, Sample] | None = None,
    ) -> Sample:
        """Look at the pixels; of a frame that is like the `last` only where it differs.

        Parameters
        ----------
        frame : Frame
        linked : (H, W) uint8 array or None
            None where nothing came before.
        last : (Frame, Sample), optional
            The frame before, and of it the same.
        """
        known = box = None
        if last is not None:
            known, box = last[1].looked_at, frame.changed_since(last[0])
        places = _places(frame.ids.size)
        looked_at, flags = _native.pixels_at(frame.ids, linked, places, known, box)
        if last is not None and box == NOTHING:
            return replace(last[1], linked=flags)
        ids, rows, weights = _native.sampled_colors(looked_at, len(frame.colors))
        return cls(ids, frame.colors[rows], weights, flags, looked_at)


SAMPLED = 1 << 12
"""Pixels of a frame by which plans are judged; of 1024 the mean error is 0.0015 higher."""


@cache
def _places(n: int) -> NDArray[np.int64]:
    if n <= SAMPLED:
        return np.arange(n, dtype=np.int64)
    places = np.sort((np.arange(SAMPLED) * 0.6180339887498949 % 1 * n).astype(np.int64))
    # What np.unique does, which without more to return imports all of numpy.ma.
    distinct: NDArray[np.int64] = places[np.append(True, places[1:] != places[:-1])]
    return distinct


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
    still : (m,) int64 array or None
        Of the weights, the pixels that held still since the frame before, where
        that was counted.
    sample : Sample or None
        Some pixels of the frame, for modes that look at pixels.
    cut : bool
        Whether the frame begins a new shot (`steadyhue.cuts`), where that was asked.
    area : int
        Pixels of the frame, transparent ones among them: what it takes to let it wait.
    """

    colors: NDArray[np.uint8]
    weights: NDArray[np.int64]
    rows: NDArray[np.int32]
    still: NDArray[np.int64] | None = None
    sample: Sample | None = None
    cut: bool = False
    area: int = 0

    @classmethod
    def of(
        cls,
        frame: Frame,
        still: NDArray[np.int64] | None = None,
        sample: Sample | None = None,
        cut: bool = False,
    ) -> Histogram:
        """Return the histogram of a frame's opaque pixels.

        Parameters
        ----------
        frame : Frame
        still : (n,) int64 array, optional
            Still pixels of each row of ``frame.colors`` (`stillness.flagged_weights`).
        """
        rows = np.flatnonzero(frame.weights).astype(np.int32)
        if len(rows) == len(frame.weights):
            return cls(frame.colors, frame.weights, rows, still, sample, cut, frame.ids.size)
        return cls(
            frame.colors[rows],
            frame.weights[rows],
            rows,
            None if still is None else still[rows],
            sample,
            cut,
            frame.ids.size,
        )

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

    def coarse(self, most: int) -> Histogram:
        """Return a histogram of about as many colors as asked for, or this one if it has fewer.

        Colors are pooled in cells of 4 x 4 x 4 levels, or 8 x 8 x 8 where that is not
        enough, and stand at the mean color of their cell.
        """
        if len(self.colors) <= most:
            return self
        colors, weights, still = _native.coarse_colors(self.colors, self.weights, self.still, most)
        rank = np.arange(len(colors), dtype=np.int32)
        return Histogram(colors, weights, rank, still, self.sample, self.cut, self.area)


def _pooled(
    colors: list[NDArray[np.uint8]], weights: list[NDArray[np.int64]]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    if not colors:
        return np.empty((0, 3), np.uint8), np.empty(0, np.int64)
    return _native.pooled_colors(np.concatenate(colors), np.concatenate(weights))

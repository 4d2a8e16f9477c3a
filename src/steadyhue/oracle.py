"""The lowest error known for a frame: what any palette of its size is measured against."""

from __future__ import annotations

import numpy as np

from steadyhue import kmeans
from steadyhue.color import grid_points
from steadyhue.frame import Frame
from steadyhue.histogram import Histogram
from steadyhue.modes.repair import best_start
from steadyhue.remap import nearest_slots

RUNS = 20
"""Starts of each kind: twice as many find 0.3 % better at 64 colors, and nothing up to 10."""

FEW = 64
"""Colors of a frame below which more starts are tried: they cost little there, and of seven greys in
two colors one start in twenty ends in the best split."""


def best_error(frame: Frame, k: int, runs: int = RUNS) -> float:
    """Return the squared error per pixel of the best palette of k colors found for a frame.

    The best of twice as many runs of k-means in sRGB, from greedy k-means++ centers and from
    random ones, which find what greed misses; each with its useless centers moved for as long as
    that pays, rounded to the whole levels that a palette holds. It is not a lower bound (k-means is
    NP-hard), but no palette in our benchmarks is better by more than half a per cent.

    Parameters
    ----------
    frame : Frame
        Its opaque pixels count.
    k : int
        At least 1.
    runs : int
        How many starts of each kind to try; more of them where colors are few.
    """
    histogram = Histogram.of(frame)
    if len(histogram.colors) <= k:
        return 0.0
    points, weights = grid_points(histogram.colors, "srgb"), histogram.weights
    starts = [
        draw(points, weights, k, seed)
        for seed in range(runs * (1 + FEW // len(points)))
        for draw in (kmeans.plus_plus_centers, kmeans.random_centers)
    ]
    best = best_start(points, weights, starts, tol=0)
    settled = kmeans.lloyd(points, weights, best.centers, tol=0)
    palette = np.rint(settled.centers).astype(np.uint8)
    shown = palette[nearest_slots(histogram.colors, palette)]
    squared = (points.astype(np.int64) - shown) ** 2
    return float(squared.sum(axis=1) @ weights / weights.sum())

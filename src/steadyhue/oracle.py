"""The lowest error known for a frame: what any palette of its size is measured against."""

from __future__ import annotations

import numpy as np

from steadyhue import kmeans
from steadyhue.color import grid_points
from steadyhue.frame import Frame
from steadyhue.histogram import Histogram
from steadyhue.remap import nearest_slots

RUNS = 20


def best_error(frame: Frame, k: int, runs: int = RUNS) -> float:
    """Return the squared error per pixel of the best palette of k colors found for a frame.

    The best of some runs of k-means to convergence in sRGB, each from its own greedy k-means++
    centers, rounded to the whole levels that a palette holds. It is not a lower bound (k-means is
    NP-hard): up to 10 colors another 20 runs rarely find better, at 64 by a per cent or two.

    Parameters
    ----------
    frame : Frame
        Its opaque pixels count.
    k : int
        At least 1.
    runs : int
        How many starts to try.
    """
    histogram = Histogram.of(frame)
    if len(histogram.colors) <= k:
        return 0.0
    points = grid_points(histogram.colors, "srgb")
    clusterings = (
        kmeans.lloyd(
            points,
            histogram.weights,
            kmeans.plus_plus_centers(points, histogram.weights, k, seed),
            tol=0,
        )
        for seed in range(runs)
    )
    best = min(clusterings, key=lambda clustering: clustering.inertia)
    palette = np.rint(best.centers).astype(np.uint8)
    shown = palette[nearest_slots(histogram.colors, palette)]
    squared = (points.astype(np.int64) - shown) ** 2
    return float(squared.sum(axis=1) @ histogram.weights / histogram.weights.sum())

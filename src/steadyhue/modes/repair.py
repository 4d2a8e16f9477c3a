"""Repair a clustering: several starts, useless centers moved, slots put back in order.

References
----------
Splitting and merging clusters: R. Nock and F. Nielsen, "Further heuristics for k-means",
2014, arXiv:1406.6314.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native, kmeans
from steadyhue.kmeans import Clustering, Floats, Points, Weights
from steadyhue.words import Distance

TOLERANCE = 1e-3
"""Gain of an iteration, as a share of the inertia, that is not worth another. Warm starts that go
on to label stability gain under 1 % and let centers wander, which flickers."""

WARM_MOVES = 8
"""Most iterations of a seeded clustering: more gain under 1 %, and wander."""

_COLD_MOVES = 40  # of a fresh start: few want more, and gain under 0.1 %
_TAU = 1.05  # gain over cost of a relocation: just enough that rounding doesn't decide
_GAIN = 1e-3  # of the inertia, that a relocation must bring to be kept


EFFORT = (TOLERANCE, _TAU, _GAIN, WARM_MOVES, _COLD_MOVES)
"""The same numbers for the kernels that follow chains of frames."""


def best_start(
    points: Points,
    weights: Weights,
    starts: Sequence[Floats],
    *,
    distance: Distance = "euclidean",
    tol: float = TOLERANCE,
    max_iter: int | None = None,
) -> Clustering:
    """Cluster from each of some starts, repair, and return the best clustering.

    Parameters
    ----------
    points : (n, d) array
    weights : (n,) array
    starts : sequence of (k, d) float64 arrays
        At least one; the first wins ties.
    distance : {"euclidean", "manhattan"}
    tol : float
        As for `kmeans.lloyd`.
    max_iter : int, optional
        Most iterations from one start to its clustering; as many as it takes if None.

    Raises
    ------
    ValueError
        If there is no start.
    """
    best: Clustering | None = None
    for start in starts:
        found = kmeans.lloyd(
            points,
            weights,
            start,
            distance=distance,
            tol=tol,
            max_iter=at_most(_COLD_MOVES, max_iter),
        )
        k = len(start)
        found = repaired(
            points,
            weights,
            found,
            distance=distance,
            rounds=k,
            batch=k // 4,  # a start may be wrong in many places, and each round costs a pass
            tol=tol,
            max_iter=max_iter,
        )
        if best is None or found.inertia < best.inertia:
            best = found
    if best is None:
        raise ValueError("best_start needs at least one start")
    return best


def repaired(
    points: Points,
    weights: Weights,
    clustering: Clustering,
    *,
    distance: Distance = "euclidean",
    rounds: int = 3,
    batch: int = 1,
    tol: float = TOLERANCE,
    max_iter: int | None = None,
) -> Clustering:
    """Move useless centers to where error is, for as long as the inertia falls.

    Parameters
    ----------
    points : (n, d) array
    weights : (n,) array
    clustering : Clustering
        Of these points.
    distance : {"euclidean", "manhattan"}
    rounds : int
        Most relocations, each followed by Lloyd's algorithm.
    batch : int
        Most centers a relocation moves.
    tol : float
        As for `kmeans.lloyd`.
    max_iter : int, optional
        Most iterations, those that led to `clustering` among them.

    Returns
    -------
    Clustering
        Its inertia is at most that of `clustering`, in whose slots it is.
    """
    for _ in range(rounds):
        left = None if max_iter is None else max_iter - clustering.n_iter
        if clustering.inertia <= 0 or left == 0:
            break
        centers, moved = kmeans.relocate(
            points, weights, clustering, distance=distance, tau=_TAU, max_moves=max(1, batch)
        )
        if not moved:
            break
        found = kmeans.lloyd(
            points,
            weights,
            centers,
            distance=distance,
            tol=tol,
            max_iter=at_most(WARM_MOVES, left),
        )
        if found.inertia >= clustering.inertia * (1 - _GAIN):
            break
        clustering = replace(found, n_iter=clustering.n_iter + found.n_iter)
    return clustering


def in_slots_of(clustering: Clustering, centers: Floats) -> Clustering:
    """Order a clustering's slots like the given centers: the nearest pairs first.

    Parameters
    ----------
    clustering : Clustering
    centers : (k, d) float64 array
    """
    order = nearest_pairs(((centers[:, None] - clustering.centers) ** 2).sum(axis=2))
    back = np.empty(len(order), np.int32)
    back[order] = np.arange(len(order), dtype=np.int32)
    return replace(
        clustering,
        centers=clustering.centers[order],
        labels=back[clustering.labels],
        weights=clustering.weights[order],
    )


def nearest_pairs(apart: NDArray[np.generic]) -> NDArray[np.int32]:
    """Pair each row with a column of its own: the nearest pairs first.

    Parameters
    ----------
    apart : (k, k) array
        Distance of every row to every column; of equal ones the first goes first.

    Returns
    -------
    (k,) int32 array
        For each row its column.
    """
    return _native.nearest_pairs(np.asarray(apart, np.float64))


def at_most(moves: int, limit: int | None) -> int:
    """Return a number of moves, or the limit if there is one and it is lower."""
    return moves if limit is None else min(moves, limit)

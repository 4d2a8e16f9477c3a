"""k-means and k-medians on weighted points: starts, the loop, and relocation.

Points are colors on the integer grid ((n, 3) int16 with int64 weights, see
`color.grid_points`), the fast path, or any (n, d) float64 with float64 weights.
Results are the same for any number of threads and any instruction set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.threads import threads
from steadyhue.words import DISTANCES, Distance

Points = NDArray[np.int16] | NDArray[np.float64]
Weights = NDArray[np.int64] | NDArray[np.float64]
Floats = NDArray[np.float64]
Labels = NDArray[np.int32]

_SAMPLE = 8192  # points that k-means++ looks at; more change the start, not the result
_THREAD_WORK = 1 << 22  # distances below which starting a thread costs more than it saves


@dataclass(frozen=True, slots=True, eq=False)
class Clustering:
    """Centers and what belongs to them.

    Attributes
    ----------
    centers : (k, d) float64 array
        In the units of the points.
    labels : (n,) int32 array
        Slot of the nearest center of every point.
    weights : (k,) array
        Weight of every cluster, 0 where it is empty.
    inertia : float
        Weighted sum of squared (euclidean) or absolute (manhattan) differences
        to the centers.
    n_iter : int
        How often the centers were moved.
    """

    centers: Floats
    labels: Labels
    weights: Weights
    inertia: float
    n_iter: int


def random_centers(points: Points, weights: Weights, k: int, seed: int = 0) -> Floats:
    """Draw k distinct points with probability by weight, as random pixels would be.

    Parameters
    ----------
    points : (n, d) array
    weights : (n,) array
        Not negative.
    k : int
        With k > n the points come round again.
    seed : int
        Any integer; the same one draws the same points.

    Returns
    -------
    (k, d) float64 array
    """
    _check_start(points, k)
    rows = _native.random_rows(weights, min(k, len(points)), seed & _SEEDS)
    return points[np.resize(rows, k)].astype(np.float64)


def plus_plus_centers(
    points: Points, weights: Weights, k: int, seed: int = 0, *, distance: Distance = "euclidean"
) -> Floats:
    """Choose initial centers with greedy k-means++.

    Each center is the best of 2 + floor(ln k) points drawn with probability by
    weight times distance to the nearest center so far (squared if Euclidean).
    Above 8192 points a sample of them stands for all, drawn at even steps of
    the cumulated weight.

    Parameters
    ----------
    points : (n, d) array
    weights : (n,) array
        Not negative.
    k : int
        With k > n the points come round again.
    seed : int
        Any integer; the same one draws the same points.
    distance : {"euclidean", "manhattan"}

    Returns
    -------
    (k, d) float64 array

    References
    ----------
    D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful
    seeding", SODA 2007.
    """
    _check_start(points, k)
    if len(points) > max(_SAMPLE, 2 * k):
        points, weights = _sample(points, weights, max(_SAMPLE, 2 * k))
    manhattan = _is_manhattan(distance)
    rows = _native.plus_plus_rows(points, weights, min(k, len(points)), manhattan, seed & _SEEDS)
    return points[np.resize(rows, k)].astype(np.float64)


def lloyd(
    points: Points,
    weights: Weights,
    centers: Floats,
    *,
    distance: Distance = "euclidean",
    tol: float = 1e-3,
    max_iter: int = 300,
    labels: Labels | None = None,
) -> Clustering:
    """Move centers to the means (or medians) of what is nearest to them, until that settles.

    Parameters
    ----------
    points : (n, d) array
    weights : (n,) array
        Not negative.
    centers : (k, d) float64 array
        Where to start; k at least 1.
    distance : {"euclidean", "manhattan"}
        Squared Euclidean distance with means, or Manhattan distance with the
        weighted median of every channel. Where half of the weight lies on either
        side, the median next to the old center is taken.
    tol : float
        Stop when moving the centers lowers the inertia by less than this share
        of it; 0 goes on until no label changes.
    max_iter : int
        Most moves of the centers; 0 only labels the points.
    labels : (n,) int32 array, optional
        Labels that win ties; without them the lowest slot does.

    Returns
    -------
    Clustering
        Its labels belong to its centers. A cluster without points keeps
        its center. With no more points than centers every point is a center.
    """
    manhattan = _is_manhattan(distance)
    labels = np.full(len(points), -1, np.int32) if labels is None else labels.copy()
    if len(points) <= len(centers) and max_iter > 0:
        return _every_point_a_center(points, weights, centers, manhattan, labels)
    n_threads = _threads(len(points) * len(centers))
    order = _native.sort_channels(points) if manhattan else None
    n_iter = 0
    while True:
        if order is not None:
            step = _native.medians_step(points, weights, order, centers, labels, n_threads)
        else:
            step = _native.lloyd_step(points, weights, centers, labels, n_threads)
        moved, totals, inertia, reachable, changed = step
        settled = inertia - reachable <= tol * inertia and (tol > 0 or changed == 0)
        if settled or n_iter >= max_iter:
            return Clustering(centers, labels, totals, inertia, n_iter)
        centers = moved
        n_iter += 1


def step(
    points: Points,
    weights: Weights,
    centers: Floats,
    *,
    distance: Distance = "euclidean",
    labels: Labels | None = None,
) -> tuple[Clustering, Floats]:
    """Label the points, and say where the centers would move.

    Parameters
    ----------
    points, weights, centers, distance, labels
        As for `lloyd`.

    Returns
    -------
    Clustering
        Of the given centers.
    (k, d) float64 array
        The means (or medians) of its clusters; an empty one keeps its center.
    """
    labels = np.full(len(points), -1, np.int32) if labels is None else labels.copy()
    n_threads = _threads(len(points) * len(centers))
    if _is_manhattan(distance):
        order = _native.sort_channels(points)
        found = _native.medians_step(points, weights, order, centers, labels, n_threads)
    else:
        found = _native.lloyd_step(points, weights, centers, labels, n_threads)
    moved, totals, inertia, _, _ = found
    return Clustering(centers, labels, totals, inertia, 0), moved


def nearest_centers(points: Points, centers: Floats, *, distance: Distance = "euclidean") -> Labels:
    """Return the (n,) int32 slot of the nearest center of every point; the lowest wins ties."""
    labels = np.full(len(points), -1, np.int32)
    n_threads = _threads(len(points) * len(centers))
    _native.assign(points, centers, labels, _is_manhattan(distance), n_threads)
    return labels


def relocate(
    points: Points,
    weights: Weights,
    clustering: Clustering,
    *,
    distance: Distance = "euclidean",
    tau: float = 1.2,
    max_moves: int = 1,
) -> tuple[Floats, list[int]]:
    """Move centers that are hardly missed to where the error is largest.

    The cheapest pair of clusters is merged and the slot that becomes free takes
    one half of the cluster whose split gains most, if the gain is more than
    `tau` times the cost. The gain is exact. So is the cost for the squared
    Euclidean distance, ``Wi Wj / (Wi + Wj) |ci - cj|^2``; for the Manhattan
    distance it is the bound ``min(Wi, Wj) |ci - cj|``. Either way the inertia
    falls by at least gain minus cost for every move, before any further step.

    Parameters
    ----------
    points : (n, d) array
    weights : (n,) array
    clustering : Clustering
        Of these points.
    distance : {"euclidean", "manhattan"}
        That of the clustering.
    tau : float
        At least 1; higher keeps more slots where they are.
    max_moves : int
        Most slots to move; each cluster takes part in one move at most.

    Returns
    -------
    centers : (k, d) float64 array
        Slots that take no part are bit-identical to the clustering's.
    moved : list of int
        The slots that now stand elsewhere.
    """
    manhattan = _is_manhattan(distance)
    order = _native.sort_channels(points)
    halves, half_weights, gain = _native.best_splits(
        points, weights, order, clustering.labels, clustering.centers, manhattan
    )
    gain[half_weights.min(axis=1) <= 0] = 0.0
    total = half_weights.sum(axis=1)
    if manhattan:
        middle = clustering.centers
    else:
        share = half_weights / np.where(total > 0, total, 1.0)[:, None]
        middle = np.where(
            total[:, None] > 0, (halves * share[:, :, None]).sum(axis=1), clustering.centers
        )
    cost = _merge_costs(middle, total, manhattan)
    centers = clustering.centers.copy()
    moved: list[int] = []
    while len(moved) < max_moves:
        keep, free = divmod(int(cost.argmin()), len(cost))
        if (total[keep], -keep) < (total[free], -free):
            keep, free = free, keep
        gain_elsewhere = gain.copy()
        gain_elsewhere[[keep, free]] = 0.0
        split = int(gain_elsewhere.argmax())
        if not gain_elsewhere[split] > tau * cost[keep, free]:
            break
        if not manhattan and total[free] > 0:
            both = total[keep] + total[free]
            centers[keep] = (middle[keep] * total[keep] + middle[free] * total[free]) / both
        stay = int(half_weights[split, 1] > half_weights[split, 0])
        centers[split] = halves[split, stay]
        centers[free] = halves[split, 1 - stay]
        moved.append(free)
        touched = [keep, free, split]
        cost[touched] = np.inf
        cost[:, touched] = np.inf
        gain[touched] = 0.0
    return centers, moved


_SEEDS = (1 << 64) - 1  # seeds are taken modulo 2**64


def _is_manhattan(distance: Distance) -> bool:
    if distance not in DISTANCES:
        raise ValueError(f"distance must be one of {', '.join(DISTANCES)}, got {distance!r}")
    return distance == "manhattan"


def _check_start(points: Points, k: int) -> None:
    if k < 1 or len(points) < 1:
        raise ValueError(f"cannot choose {k} centers from {len(points)} points")


def _threads(work: int) -> int:
    return 1 if work < _THREAD_WORK else threads()


def _sample(points: Points, weights: Weights, size: int) -> tuple[Points, Weights]:
    """At most `size` points at even steps of the cumulated weight, weighted by their hits."""
    sums = np.cumsum(weights, dtype=np.float64)
    if not sums[-1] > 0:
        return points[:size], weights[:size]
    steps = (np.arange(size) + 0.5) * (sums[-1] / size)
    rows, hits = np.unique(np.searchsorted(sums, steps, side="right"), return_counts=True)
    return points[rows], _like(hits, weights)


def _like(values: NDArray[np.number[Any]], weights: Weights) -> Weights:
    if weights.dtype == np.int64:
        return values.astype(np.int64)
    return values.astype(np.float64)


def _merge_costs(centers: Floats, weights: Floats, manhattan: bool) -> Floats:
    """Most that merging each pair of clusters adds to the inertia; infinite on the diagonal."""
    difference = centers[:, None, :] - centers
    if manhattan:
        cost = np.abs(difference).sum(axis=2) * np.minimum(weights[:, None], weights)
    else:
        both = weights[:, None] + weights
        harmonic = weights[:, None] * weights / np.where(both > 0, both, 1.0)
        cost = (difference**2).sum(axis=2) * harmonic
    np.fill_diagonal(cost, np.inf)
    return np.asarray(cost)


def _every_point_a_center(
    points: Points, weights: Weights, centers: Floats, manhattan: bool, labels: Labels
) -> Clustering:
    """Give each of n <= k points a slot: the nearest first, the others the nearest free one."""
    centers = centers.copy()
    places = points.astype(np.float64)
    _native.assign(points, centers, labels, manhattan, 1)
    taken = np.zeros(len(centers), bool)
    for row in np.argsort(np.abs(places - centers[labels]).sum(axis=1), kind="stable"):
        if taken[labels[row]]:
            away = np.abs(centers - places[row]).sum(axis=1)
            labels[row] = np.where(taken, np.inf, away).argmin()
        taken[labels[row]] = True
    centers[labels] = places
    totals = _like(np.bincount(labels, weights, len(centers)), weights)
    return Clustering(centers, labels, totals, 0.0, int(len(points) > 0))

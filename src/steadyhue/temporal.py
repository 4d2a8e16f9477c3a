"""Decisions in time: when to start afresh, when a center may move, when a pixel may.

Seeding each frame with the last one's centers freezes bad optima, misses colors
that appear late, and lets every center drift a little in every frame, which
repaints pixels whose source holds still. So three questions are asked here.

*Is the seeded clustering good enough?* `repaired` moves useless centers to where
error is, and `is_restart_due` tells when to try from scratch as well.

*When does a palette entry move?* `hold_centers` minimises, over a run of frames t
with pixels x and centers c, the relative error plus a price for repainting::

    sum_t  sum_x |x - c_t(x)|^2 / best_t  +  price * (share of still pixels repainted)

by Lloyd's algorithm with one change: where Lloyd takes the mean of a cluster, the
path of its mean over time is replaced by the best constant in pieces, found
exactly by dynamic programming. Both steps can only lower the sum. At price 0 this
is k-means on every frame, at an infinite price one palette for all of them.

*When does a still pixel change its slot?* When keeping it costs more than
`Steadiness.slack` allows.

References
----------
The fit by constants in pieces is the Potts problem: F. Friedrich et al.,
"Complexity penalized M-estimation: fast computation", J. Comput. Graph. Stat.
17 (2008), doi:10.1198/106186008X285591. Splitting and merging clusters: R. Nock
and F. Nielsen, "Further heuristics for k-means", 2014, arXiv:1406.6314.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native, kmeans
from steadyhue.kmeans import Clustering, Floats, Points, Weights
from steadyhue.words import Distance

JUMP = 1.15
"""Rise of the error from one frame to the next that calls for a fresh start."""

PATIENCE = 8
"""Frames after which a fresh start is tried anyway: an optimum freezes without any jump."""

ADOPTION = 0.02
"""Share by which a fresh start must be better, as it costs every slot its place."""

_WARM_MOVES = 8  # iterations of a seeded clustering; more gain under 1 % and wander
_COLD_MOVES = 40
_HOLD_ROUNDS = 6
_LOOK_MOVES = 3
_LOOK_GAIN = 0.005


@dataclass(frozen=True, slots=True)
class Steadiness:
    """What stillness may cost. All zero is none.

    Attributes
    ----------
    price : float
        What repainting all of a still picture is worth, in multiples of a
        frame's best error.
    slack : float
        Most that keeping its slot may cost a still pixel, in multiples of the
        frame's mean error.
    allowance : float
        Most that a frame's error may rise above its best one for still pixels
        that keep their slots, as a share.
    """

    price: float = 0.0
    slack: float = 0.0
    allowance: float = 0.0

    @classmethod
    def of(cls, knob: float) -> Steadiness:
        """Return what one knob in [0, 1] means: 0.5 is the default, 1 as still as it gets.

        Raises
        ------
        ValueError
            If the knob is outside [0, 1].
        """
        if not 0 <= knob <= 1:
            raise ValueError(f"steadiness must be in [0, 1], got {knob}")
        odds = knob / max(1 - knob, 0.01)
        return cls(1.5 * odds, 2.0 * odds, 0.08 * odds)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One frame as `hold_centers` sees it.

    Attributes
    ----------
    points : (n, d) array
    weights : (n,) array
    still : (n,) array
        Of the weights, what held still since the moment before.
    clustering : Clustering
        Of these points alone.
    best : float
        Lowest inertia known for them.
    floor : float
        Inertia that counts as no error, above 0.
    fixed : bool
        Whether no center may move at this moment.
    """

    points: Points
    weights: Weights
    still: Weights
    clustering: Clustering
    best: float
    floor: float
    fixed: bool = False


def is_restart_due(error: float, last_error: float, age: int) -> bool:
    """Tell whether to try from scratch: the error jumped, or the last try is long ago.

    Parameters
    ----------
    error, last_error : float
        Error per weight of the seeded clustering, and of the frame before.
    age : int
        Frames since the last fresh start.
    """
    return error > JUMP * last_error or age >= PATIENCE


def best_start(
    points: Points,
    weights: Weights,
    starts: Sequence[Floats],
    *,
    distance: Distance = "euclidean",
) -> Clustering:
    """Cluster from each of some starts, repair, and return the best clustering.

    Parameters
    ----------
    points : (n, d) array
    weights : (n,) array
    starts : sequence of (k, d) float64 arrays
        At least one; the first wins ties.
    distance : {"euclidean", "manhattan"}
    """
    best: Clustering | None = None
    for start in starts:
        found = kmeans.lloyd(points, weights, start, distance=distance, max_iter=_COLD_MOVES)
        found = repaired(
            points, weights, found, distance=distance, rounds=len(start), batch=len(start) // 4
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

    Returns
    -------
    Clustering
        Its inertia is at most that of `clustering`, in whose slots it is.
    """
    for _ in range(rounds):
        if clustering.inertia <= 0:
            break
        centers, moved = kmeans.relocate(
            points, weights, clustering, distance=distance, tau=1.05, max_moves=max(1, batch)
        )
        if not moved:
            break
        found = kmeans.lloyd(points, weights, centers, distance=distance, max_iter=_WARM_MOVES)
        if found.inertia >= clustering.inertia * (1 - 1e-3):
            break
        clustering = replace(found, n_iter=clustering.n_iter + found.n_iter)
    return clustering


def followed(
    points: Points,
    weights: Weights,
    centers: Floats,
    fresh: Callable[[], Floats] | None,
    last_error: float,
    age: int,
    *,
    distance: Distance = "euclidean",
    tol: float = 1e-3,
) -> tuple[Clustering, float, bool]:
    """Cluster the next frame: seeded, repaired, and from scratch where that is due.

    Parameters
    ----------
    points : (n, d) array
    weights : (n,) array
    centers : (k, d) float64 array
        Those of the frame before.
    fresh : callable or None
        Makes (k, d) centers to start afresh from; without it nothing is repaired.
    last_error : float
        Error per weight of the frame before.
    age : int
        Frames since the last fresh start.
    distance : {"euclidean", "manhattan"}
    tol : float
        As for `kmeans.lloyd`.

    Returns
    -------
    clustering : Clustering
        Slot i goes on from slot i of `centers`.
    best : float
        Lowest inertia found on the way.
    restarted : bool
        Whether a fresh start was tried.
    """
    seeded = kmeans.lloyd(
        points, weights, centers, distance=distance, tol=tol, max_iter=_WARM_MOVES
    )
    if fresh is None or seeded.inertia <= 0:
        return seeded, seeded.inertia, False
    seeded = repaired(points, weights, seeded, distance=distance)
    if not is_restart_due(seeded.inertia / max(float(weights.sum()), 1e-300), last_error, age):
        return seeded, seeded.inertia, False
    anew = best_start(points, weights, [fresh()], distance=distance)
    best = min(anew.inertia, seeded.inertia)
    if anew.inertia >= (1 - ADOPTION) * seeded.inertia:
        return seeded, best, True
    return in_slots_of(anew, seeded.centers), best, True


def in_slots_of(clustering: Clustering, centers: Floats) -> Clustering:
    """Order a clustering's slots like the given centers: the nearest pairs first.

    Parameters
    ----------
    clustering : Clustering
    centers : (k, d) float64 array
    """
    k = len(centers)
    apart = ((centers[:, None] - clustering.centers) ** 2).sum(axis=2)
    order = np.full(k, -1)
    taken = np.zeros(k, bool)
    for pair in np.argsort(apart, axis=None, kind="stable"):
        slot, other = divmod(int(pair), k)
        if order[slot] < 0 and not taken[other]:
            order[slot] = other
            taken[other] = True
    back = np.empty(k, np.int32)
    back[order] = np.arange(k, dtype=np.int32)
    return replace(
        clustering,
        centers=clustering.centers[order],
        labels=back[clustering.labels],
        weights=clustering.weights[order],
    )


def hold_centers(
    moments: Sequence[Moment],
    shown: Floats | None,
    price: float,
    *,
    distance: Distance = "euclidean",
) -> tuple[Floats, NDArray[np.float64]]:
    """Hold centers for as long as that pays over a run of frames.

    Parameters
    ----------
    moments : sequence of Moment
        T frames in order, at least one.
    shown : (k, d) float64 array or None
        The centers before the first of them; None where nothing was shown.
    price : float
        What repainting all of a still picture is worth, in multiples of a
        frame's best error.
    distance : {"euclidean", "manhattan"}
        For ``manhattan`` a piece of a path is still fitted by the mean of its
        medians, weighed by squared differences.

    Returns
    -------
    centers : (T, k, d) float64 array
        Bit-identical from frame to frame where they are held.
    inertias : (T,) float64 array
        What every frame costs with them.
    """
    best = np.array([max(moment.best, moment.floor) for moment in moments])
    scale = np.array([_squared_error(moment, distance) for moment in moments])
    centers = np.array([moment.clustering.centers for moment in moments])
    labels = [moment.clustering.labels for moment in moments]
    lowest, held, inertias = np.inf, centers, best
    for _ in range(_HOLD_ROUNDS + 1):
        steps = [
            kmeans.step(m.points, m.weights, c, distance=distance, labels=label)
            for m, c, label in zip(moments, centers, labels, strict=True)
        ]
        found = np.array([clustering.inertia for clustering, _ in steps])
        labels = [clustering.labels for clustering, _ in steps]
        prices = _prices(moments, labels, centers.shape[1], price)
        moved = _moved(centers, shown)
        cost = float((found / best).sum()) + float(prices[moved].sum())
        if cost > lowest * (1 - 1e-4):
            break
        lowest, held, inertias = cost, centers, found
        centers = _native.fit_paths(
            np.array([means for _, means in steps]),
            np.array([clustering.weights for clustering, _ in steps]) / scale[:, None],
            prices,
            shown,
        )
    return held, inertias


def looked_back(moments: Sequence[Moment], *, distance: Distance = "euclidean") -> list[Moment]:
    """Seed every moment with the centers of the next one too, and keep what is better.

    What enters a picture may be too small to be found in its first frame; the
    next frame knows it.

    Parameters
    ----------
    moments : sequence of Moment
        In order.
    distance : {"euclidean", "manhattan"}
    """
    better = list(moments)
    for t in range(len(moments) - 2, -1, -1):
        moment, own = better[t], better[t].clustering
        found = kmeans.lloyd(
            moment.points,
            moment.weights,
            better[t + 1].clustering.centers,
            distance=distance,
            max_iter=_LOOK_MOVES,
        )
        if not moment.fixed and found.inertia < (1 - _LOOK_GAIN) * own.inertia:
            better[t] = replace(moment, clustering=found, best=min(moment.best, found.inertia))
    return better


def _squared_error(moment: Moment, distance: Distance) -> float:
    """Squared error to weigh moves against: the best one known for the Euclidean distance."""
    if distance == "euclidean":
        return max(moment.best, moment.floor)
    apart = moment.points - moment.clustering.centers[moment.clustering.labels]
    return max(float(moment.weights @ (apart**2).sum(axis=1)), moment.floor)


def _prices(
    moments: Sequence[Moment], labels: Sequence[kmeans.Labels], k: int, price: float
) -> Floats:
    """For every frame and slot, what moving its center costs: the price of its still pixels."""
    prices = np.full((len(moments), k), np.inf)
    for row, moment, label in zip(prices, moments, labels, strict=True):
        if not moment.fixed:
            row[:] = np.bincount(label, moment.still, k)
            row *= price / max(float(moment.weights.sum()), 1e-300)
    return prices


def _moved(centers: Floats, shown: Floats | None) -> NDArray[np.bool_]:
    """For every frame and slot, whether the center differs from the one before."""
    before = np.concatenate([centers[:1] if shown is None else shown[None], centers[:-1]])
    moved: NDArray[np.bool_] = (centers != before).any(axis=2)
    return moved

"""Hold: palette entries that stand still for as long as that pays.

Seeding lets every center drift a little in every frame, which repaints pixels whose source
holds still. `hold_centers` minimizes, over a run of frames t with pixels x and centers c, the
relative error plus a price for repainting::

    sum_t  sum_x |x - c_t(x)|^2 / best_t  +  price * (share of still pixels repainted)

by Lloyd's algorithm with one change: where Lloyd takes the mean of a cluster, the
path of its mean over time is replaced by the best constant in pieces, found
exactly by dynamic programming. Both steps can only lower the sum. At price 0 this
is k-means on every frame, at an infinite price one palette for all of them.

References
----------
The fit by constants in pieces is the Potts problem: F. Friedrich et al.,
"Complexity penalized M-estimation: fast computation", J. Comput. Graph. Stat.
17 (2008), doi:10.1198/106186008X285591.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native, kmeans
from steadyhue.kmeans import Clustering, Floats, Points, Weights
from steadyhue.words import Distance

_HOLD_ROUNDS = 6  # of fitting and labeling; most runs settle after two or three
_LOOK_MOVES = 3  # from the centers of the next frame, which are nearly right
_LOOK_GAIN = 0.005  # share of the error that a look back must save to be taken
_SETTLED = 1e-4  # share of the sum below which another round is rounding


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


def hold_centers(
    moments: Sequence[Moment],
    shown: Floats | None,
    price: float,
    *,
    distance: Distance = "euclidean",
    rounds: int = _HOLD_ROUNDS,
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
    for _ in range(rounds + 1):
        steps = [
            kmeans.step(m.points, m.weights, c, distance=distance, labels=label)
            for m, c, label in zip(moments, centers, labels, strict=True)
        ]
        found = np.array([clustering.inertia for clustering, _ in steps])
        labels = [clustering.labels for clustering, _ in steps]
        prices = _prices(moments, labels, centers.shape[1], price)
        moved = _moved(centers, shown)
        cost = float((found / best).sum()) + float(prices[moved].sum())
        if cost > lowest * (1 - _SETTLED):
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

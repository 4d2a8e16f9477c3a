"""Hold: palette entries that stand still for as long as that pays.

Seeding lets every center drift a little in every frame, which repaints pixels whose source
holds still. `hold_centers` minimizes, over a run of frames t with pixels x and centers c, the
relative error plus a price for repainting::

    sum_t  sum_x |x - c_t(x)|^2 / best_t
           + sum over still pixels repainted (repaint + change * distance moved) / pixels

by Lloyd's algorithm with one change: where Lloyd takes the mean of a cluster, the
path of its mean over time is replaced by a constant in pieces, found by dynamic
programming (`native/paths.hpp`). At price 0 this is k-means on every frame, at an
infinite price one palette for all of them. The round whose sum is lowest is kept.

References
----------
The fit by constants in pieces is the Potts problem: F. Friedrich et al.,
"Complexity penalized M-estimation: fast computation", J. Comput. Graph. Stat.
17 (2008), doi:10.1198/106186008X285591.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.kmeans import Floats
from steadyhue.words import Distance

_ROUNDS = 3  # of fitting and labeling; a fourth gains under 0.0003 of the sum
_SETTLED = 1e-4  # share of the sum below which another round is rounding
_RAISES = 5  # times that a frame over its cap is made to weigh twice as much
_SLACK = 1.02  # over a frame's own clustering, below which no weight helps


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One frame as `hold_centers` sees it.

    Attributes
    ----------
    points : (n, 3) int16 array
    weights : (n,) int64 array
    still : (n,) int64 array
        Of the weights, what held still since the moment before.
    centers : (k, 3) float64 array
        Of a clustering of these points.
    inertia : float
        What they cost.
    best : float
        Lowest inertia known, or what counts as no error if that is more: above 0.
    pinned : bool
        Whether no center may move at this moment.
    """

    points: NDArray[np.int16]
    weights: NDArray[np.int64]
    still: NDArray[np.int64]
    centers: Floats
    inertia: float
    best: float
    pinned: bool = False


def hold_centers(
    moments: Sequence[Moment],
    centers: Floats,
    shown: Floats | None,
    repaint: float,
    change: float = 0.0,
    *,
    cap: float = np.inf,
    distance: Distance = "euclidean",
) -> tuple[Floats, NDArray[np.float64]]:
    """Hold centers for as long as that pays over a run of frames.

    Parameters
    ----------
    moments : sequence of Moment
        T frames in order, at least one.
    centers : (T, k, 3) float64 array
        Where to start.
    shown : (k, 3) float64 array or None
        The centers before the first of them; None where nothing was shown.
    repaint : float
        What repainting all of a still picture is worth, in multiples of a
        frame's best error.
    change : float
        What it is worth beside that for each unit of distance that colors move.
    cap : float
        Error over the best from which a frame weighs twice as much, and again.
    distance : {"euclidean", "manhattan"}
        For ``manhattan`` a piece of a path is still fitted by the mean of its
        medians, weighed by squared differences.

    Returns
    -------
    centers : (T, k, 3) float64 array
        Bit-identical from frame to frame where they are held.
    inertias : (T,) float64 array
        What every frame costs with them.
    """
    best = np.array([moment.best for moment in moments])
    own = np.array([moment.inertia for moment in moments])
    limit = np.maximum(cap * best, _SLACK * own)
    weighed = best.copy()
    for turn in range(_RAISES + 1):
        held, inertias = _native.hold_chain(
            [(moment.points, moment.weights) for moment in moments],
            [moment.still for moment in moments],
            centers,
            weighed,
            np.array([moment.pinned for moment in moments], np.uint8),
            shown,
            distance == "manhattan",
            repaint,
            change,
            _ROUNDS,
            _SETTLED,
        )
        over = inertias > limit
        if turn == _RAISES or not over.any():
            break
        weighed[over] /= 2
    return held, inertias

"""Follow a sequence: each clustering starts from the centers of the one before.

Seeding alone freezes bad optima and misses colors that appear late. So a follower that
repairs asks two questions on the way. *Is a center hardly missed?* Then it moves to where
error is. *Has the error jumped, or was the last fresh start long ago?* Then one is tried
beside, and taken if it is clearly better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from steadyhue import kmeans
from steadyhue.kmeans import Clustering, Floats, Points, Weights
from steadyhue.modes.repair import (
    TOLERANCE,
    WARM_MOVES,
    at_most,
    best_start,
    in_slots_of,
    repaired,
)
from steadyhue.words import Distance

JUMP = 1.15
"""Rise of the error from one frame to the next that calls for a fresh start."""

PATIENCE = 8
"""Frames after which a fresh start is tried anyway: an optimum freezes without any jump."""

ADOPTION = 0.02
"""Share by which a fresh start must be better, as it costs every slot its place."""

_STARTS = 8  # of the first step: with fewer, one clip in ten begins over 1 % above its best
_MOST_MOVES = 300  # of a clustering that is not repaired, as in scikit-learn
_STEP_SEEDS = 1_000_003  # primes so far apart that neighboring seeds share no step's draws
_DRAW_SEEDS = 7_368_787

Start = Literal["k-means++", "random"]
STARTS: tuple[Start, ...] = ("k-means++", "random")


@dataclass(slots=True, eq=False)
class Follower:
    """Clusters one data set after the other; slot i is the same cluster throughout.

    Attributes
    ----------
    k : int
        Number of clusters.
    distance : {"euclidean", "manhattan"}
    start : {"k-means++", "random"} or (k, d) float64 array
        Where a sequence begins: greedy k-means++, points drawn by weight, or given centers.
    repairs : bool
        Whether to repair what seeding alone freezes, and to begin with the best of 8 starts.
    seed : int
        Of the random choices of the whole sequence.
    tol : float
        As for `kmeans.lloyd`.
    max_iter : int or None
        Most Lloyd iterations on the way to a clustering; None is 300 without repairs, and as
        many as they take with them.
    centers : (k, d) float64 array or None
        Those of the latest clustering; the next one begins afresh where it is None.
    steps : int
        Data sets clustered so far.
    """

    k: int
    distance: Distance = "euclidean"
    start: Start | Floats = "k-means++"
    repairs: bool = True
    seed: int = 0
    tol: float = TOLERANCE
    max_iter: int | None = None
    centers: Floats | None = None
    steps: int = 0
    _error: float = 0.0  # per weight, of the step before
    _age: int = 0  # steps since the last fresh start

    def next(self, points: Points, weights: Weights) -> tuple[Clustering, float]:
        """Cluster the next data set.

        Parameters
        ----------
        points : (n, d) array
        weights : (n,) array

        Returns
        -------
        Clustering
            Slot i goes on from slot i of the one before.
        float
            Lowest inertia found on the way: below the clustering's own where a fresh start
            was a little better but would have torn the sequence.
        """
        if self.centers is None:
            found, best = self._first(points, weights)
        elif self.repairs:
            found, best = self._followed(points, weights, self.centers)
        else:
            found = self._plain(points, weights, self.centers)
            best = found.inertia
        self.centers = found.centers
        self._error = found.inertia / _total(weights)
        self.steps += 1
        return found, best

    def _first(self, points: Points, weights: Weights) -> tuple[Clustering, float]:
        draws = range(_STARTS if self.repairs and isinstance(self.start, str) else 1)
        starts = [self._starting(points, weights, draw) for draw in draws]
        if self.repairs:
            found = self._best_of(points, weights, starts)
        else:
            found = self._plain(points, weights, starts[0])
        self._age = 0
        return found, found.inertia

    def _followed(
        self, points: Points, weights: Weights, centers: Floats
    ) -> tuple[Clustering, float]:
        """Cluster seeded, repaired, and from scratch where that is due."""
        seeded = kmeans.lloyd(
            points,
            weights,
            centers,
            distance=self.distance,
            tol=self.tol,
            max_iter=at_most(WARM_MOVES, self.max_iter),
        )
        seeded = repaired(
            points,
            weights,
            seeded,
            distance=self.distance,
            tol=self.tol,
            max_iter=self.max_iter,
        )
        error = seeded.inertia / _total(weights)
        due = error > 0 and is_restart_due(error, self._error, self._age)
        self._age = 0 if due else self._age + 1
        if not due:
            return seeded, seeded.inertia
        fresh = kmeans.plus_plus_centers(
            points, weights, len(centers), self._seed_of(0), distance=self.distance
        )
        anew = self._best_of(points, weights, [fresh])
        best = min(anew.inertia, seeded.inertia)
        if anew.inertia >= (1 - ADOPTION) * seeded.inertia:
            return seeded, best
        return in_slots_of(anew, seeded.centers), best

    def _best_of(self, points: Points, weights: Weights, starts: list[Floats]) -> Clustering:
        return best_start(
            points,
            weights,
            starts,
            distance=self.distance,
            tol=self.tol,
            max_iter=self.max_iter,
        )

    def _plain(self, points: Points, weights: Weights, centers: Floats) -> Clustering:
        most = _MOST_MOVES if self.max_iter is None else self.max_iter
        return kmeans.lloyd(
            points, weights, centers, distance=self.distance, tol=self.tol, max_iter=most
        )

    def _starting(self, points: Points, weights: Weights, draw: int) -> Floats:
        if not isinstance(self.start, str):
            return self.start
        seed = self._seed_of(draw)
        if self.start == "random":
            return kmeans.random_centers(points, weights, self.k, seed)
        return kmeans.plus_plus_centers(points, weights, self.k, seed, distance=self.distance)

    def _seed_of(self, draw: int) -> int:
        return self.seed + self.steps * _STEP_SEEDS + draw * _DRAW_SEEDS


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


def _total(weights: Weights) -> float:
    return max(float(weights.sum()), 1e-300)

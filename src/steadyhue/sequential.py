"""SequentialKMeans: k-means on a sequence, each step seeded with the last one's centers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from steadyhue import display, kmeans, temporal
from steadyhue.validation import (
    check_features,
    check_points,
    check_weights,
    clusterer_tags,
    not_fitted,
)
from steadyhue.words import DISTANCES, MODES, Distance, Mode

INITS = ("k-means++", "random")

_PARAMETERS = ("n_clusters", "mode", "init", "distance", "tol", "max_iter", "random_state")


class SequentialKMeans:
    """k-means for a sequence of data sets that change little from one to the next.

    Each call of `partial_fit` clusters one data set, such as the colors of one
    frame, starting from the centers of the one before. This is *frame-to-frame
    seeding*. It is not MacQueen's "sequential k-means", which moves a center
    after every single sample.

    The class follows scikit-learn's estimator contract without importing it.

    Parameters
    ----------
    n_clusters : int, default 10
        Number of clusters k.
    mode : str, default "steady"
        ``seeded``: `partial_fit` starts from the last centers. ``steady``: it does
        so too, and repairs what seeding alone freezes: useless centers move to
        where error is, and where the error jumps, and every few steps, a fresh
        start is tried and taken if it is better. ``independent``:
        it starts afresh each time. ``global``: it pools everything seen so far.
        ``fixed``: the centers are `init` and never move.
    init : {"k-means++", "random"} or (k, d) array, default "k-means++"
        Centers to begin with: greedy k-means++ [2]_, distinct samples drawn by
        weight, or given ones.
    distance : {"euclidean", "manhattan"}, default "euclidean"
        Squared Euclidean distance with means (k-means), or Manhattan distance
        with per-feature medians (k-medians).
    tol : float, default 1e-3
        Stop when an iteration lowers the inertia by a smaller share than this;
        0 iterates until no label changes. Warm starts that iterate on to label
        stability gain under 1 % and let centers wander, which flickers.
    max_iter : int, default 300
        Most Lloyd iterations of one call.
    random_state : int, default 0
        Seed of the random choices; one seed, one result. ``None`` is 0; a
        generator is asked for one integer.

    Attributes
    ----------
    cluster_centers_ : (k, d) float64 array
        Slot i is the same cluster in every step of the sequence.
    labels_ : (n,) int32 array
        Slot of each sample of the latest data set.
    inertia_ : float
        Weighted sum of distances to the nearest centers, of the latest data set.
    n_iter_ : int
        Lloyd iterations of the latest call.
    n_steps_ : int
        Data sets seen since `fit`.
    n_features_in_ : int
        d.
    best_inertia_ : float
        Mode ``steady`` only: the lowest inertia found for the latest data set,
        below `inertia_` where a fresh start was a little better but would have
        torn the sequence.

    References
    ----------
    .. [1] S. P. Lloyd, "Least squares quantization in PCM", 1982,
       doi:10.1109/TIT.1982.1056489.
    .. [2] D. Arthur, S. Vassilvitskii, "k-means++: the advantages of careful
       seeding", SODA 2007.

    Examples
    --------
    >>> import numpy as np
    >>> from steadyhue import SequentialKMeans
    >>> model = SequentialKMeans(n_clusters=2)
    >>> model.fit([[0, 0, 0], [0, 0, 2], [250, 0, 0]]).cluster_centers_[model.labels_[0]].tolist()
    [0.0, 0.0, 1.0]
    >>> model.partial_fit([[2, 0, 0], [240, 0, 0]]).cluster_centers_[model.labels_[1]].tolist()
    [240.0, 0.0, 0.0]
    """

    cluster_centers_: NDArray[np.float64]
    labels_: NDArray[np.int32]
    inertia_: float
    n_iter_: int
    n_steps_: int
    n_features_in_: int
    best_inertia_: float

    def __init__(
        self,
        n_clusters: int = 10,
        *,
        mode: Mode = "steady",
        init: str | ArrayLike = "k-means++",
        distance: Distance = "euclidean",
        tol: float = 1e-3,
        max_iter: int = 300,
        random_state: Any = 0,
    ) -> None:
        self.n_clusters = n_clusters
        self.mode = mode
        self.init = init
        self.distance = distance
        self.tol = tol
        self.max_iter = max_iter
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: None = None, sample_weight: ArrayLike | None = None) -> Self:
        """Begin a sequence with its first data set.

        Parameters
        ----------
        X : (n, d) array of numbers
            Samples. uint8 colors are clustered in exact integer arithmetic.
        y : None
            Ignored; there for scikit-learn.
        sample_weight : (n,) array, optional
            Weight of each sample, such as the pixels of a color; 1 if not given.

        Returns
        -------
        SequentialKMeans
            This object.

        Raises
        ------
        ValueError
            If a parameter is out of its range or X isn't finite numbers.
        """
        points, weights = self._validated(X, sample_weight, reset=True)
        self._restart()
        return self._step(points, weights)

    def partial_fit(
        self, X: ArrayLike, y: None = None, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Go on with the next data set of the sequence, or begin with it.

        Parameters, return value and errors are those of `fit`; the number of
        features must stay the same.
        """
        first = not hasattr(self, "cluster_centers_")
        points, weights = self._validated(X, sample_weight, reset=first)
        if first:
            self._restart()
        return self._step(points, weights)

    def fit_predict(
        self, X: ArrayLike, y: None = None, sample_weight: ArrayLike | None = None
    ) -> NDArray[np.int32]:
        """Call `fit` and return ``labels_``."""
        return self.fit(X, y, sample_weight).labels_

    def predict(self, X: ArrayLike) -> NDArray[np.int32]:
        """Return the (n,) int32 slots of the nearest centers; ties go to the lowest slot.

        Raises
        ------
        ValueError
            If X has another number of features than the data of `fit`.
        """
        if not hasattr(self, "cluster_centers_"):
            raise not_fitted(self)
        points, _ = self._validated(X, None, reset=False)
        return kmeans.nearest_centers(points, self.cluster_centers_, distance=self.distance)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's parameters by name."""
        return {name: getattr(self, name) for name in _PARAMETERS}

    def set_params(self, **parameters: Any) -> Self:
        """Set constructor parameters by name.

        Raises
        ------
        ValueError
            If there is no parameter of that name.
        """
        for name, value in parameters.items():
            if name not in _PARAMETERS:
                raise ValueError(
                    f"Invalid parameter {name!r} for estimator {type(self).__name__}(). "
                    f"Valid parameters are: {list(_PARAMETERS)!r}."
                )
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        return f"SequentialKMeans(n_clusters={self.n_clusters}, mode={self.mode!r})"

    def _repr_html_(self) -> str:
        return display.html(self)

    def __sklearn_tags__(self) -> Any:
        return clusterer_tags()

    def _validated(
        self, X: ArrayLike, sample_weight: ArrayLike | None, *, reset: bool
    ) -> tuple[kmeans.Points, kmeans.Weights]:
        self._check_parameters()
        points = check_points(X, type(self).__name__)
        check_features(self, points, reset=reset)
        weights = check_weights(sample_weight, len(points))
        if points.dtype == np.float64 or weights.dtype == np.float64:
            return points.astype(np.float64, copy=False), weights.astype(np.float64, copy=False)
        return points, weights

    def _check_parameters(self) -> None:
        if not isinstance(self.n_clusters, (int, np.integer)) or self.n_clusters < 1:
            raise ValueError(f"n_clusters must be a whole number from 1, got {self.n_clusters!r}")
        for name, allowed in (("mode", MODES), ("distance", DISTANCES)):
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"{name} must be one of {', '.join(allowed)}, got {getattr(self, name)!r}"
                )
        if isinstance(self.init, str) and self.init not in INITS:
            raise ValueError(f"init must be {' or '.join(INITS)} or an array, got {self.init!r}")
        if self.mode == "fixed" and isinstance(self.init, str):
            raise ValueError("mode 'fixed' needs its centers as init")
        if not self.tol >= 0:
            raise ValueError(f"tol must not be negative, got {self.tol!r}")
        if self.max_iter < 1:
            raise ValueError(f"max_iter must be at least 1, got {self.max_iter!r}")

    def _restart(self) -> None:
        self.n_steps_ = 0
        self._error = 0.0  # per weight, of the step before
        self._age = 0  # steps since the last fresh start
        self._pool: tuple[kmeans.Points, kmeans.Weights] | None = None

    def _step(self, points: kmeans.Points, weights: kmeans.Weights) -> Self:
        """Cluster the next data set, already validated."""
        if self.mode == "fixed":
            clustering = self._lloyd(points, weights, self._given_centers(points), max_iter=0)
        elif self.mode == "global":
            clustering = self._pooled_step(points, weights)
        elif self.mode == "steady":
            clustering = self._steady_step(points, weights)
        elif self.mode == "independent" or self.n_steps_ == 0:
            clustering = self._lloyd(points, weights, self._initial_centers(points, weights))
        else:
            clustering = self._lloyd(points, weights, self.cluster_centers_)
        self.cluster_centers_ = clustering.centers
        self.labels_ = clustering.labels
        self.inertia_ = clustering.inertia
        self.n_iter_ = max(1, clustering.n_iter)
        self.n_steps_ += 1
        return self

    def _lloyd(
        self,
        points: kmeans.Points,
        weights: kmeans.Weights,
        centers: NDArray[np.float64],
        max_iter: int | None = None,
    ) -> kmeans.Clustering:
        return kmeans.lloyd(
            points,
            weights,
            centers,
            distance=self.distance,
            tol=self.tol,
            max_iter=self.max_iter if max_iter is None else max_iter,
        )

    def _steady_step(self, points: kmeans.Points, weights: kmeans.Weights) -> kmeans.Clustering:
        """Follow the sequence, repairing on the way; the first step is the best of some starts."""
        if self.n_steps_ == 0:
            draws = range(_STARTS if isinstance(self.init, str) else 1)
            starts = [self._initial_centers(points, weights, draw) for draw in draws]
            clustering = temporal.best_start(points, weights, starts, distance=self.distance)
            self.best_inertia_ = clustering.inertia
        else:
            clustering, self.best_inertia_, restarted = temporal.followed(
                points,
                weights,
                self.cluster_centers_,
                lambda: kmeans.plus_plus_centers(
                    points,
                    weights,
                    len(self.cluster_centers_),
                    _seed(self.random_state) + self.n_steps_ * _STEP_SEEDS,
                    distance=self.distance,
                ),
                self._error,
                self._age,
                distance=self.distance,
                tol=self.tol,
            )
            self._age = 0 if restarted else self._age + 1
        self._error = clustering.inertia / max(float(weights.sum()), 1e-300)
        return clustering

    def _pooled_step(self, points: kmeans.Points, weights: kmeans.Weights) -> kmeans.Clustering:
        """Cluster all data seen so far; labels and inertia are those of the latest data set."""
        if self._pool is None:
            start = self._initial_centers(points, weights)
            self._pool = points, weights
        else:
            start = self.cluster_centers_
            self._pool = (
                np.concatenate([self._pool[0], points]),
                np.concatenate([self._pool[1], weights]),
            )
        pooled = self._lloyd(*self._pool, start)
        latest = self._lloyd(points, weights, pooled.centers, max_iter=0)
        return replace(latest, n_iter=pooled.n_iter)

    def _initial_centers(
        self, points: kmeans.Points, weights: kmeans.Weights, draw: int = 0
    ) -> NDArray[np.float64]:
        if not isinstance(self.init, str):
            return self._given_centers(points)
        seed = _seed(self.random_state) + self.n_steps_ * _STEP_SEEDS + draw * _DRAW_SEEDS
        if self.init == "random":
            return kmeans.random_centers(points, weights, self.n_clusters, seed)
        return kmeans.plus_plus_centers(
            points, weights, self.n_clusters, seed, distance=self.distance
        )

    def _given_centers(self, points: kmeans.Points) -> NDArray[np.float64]:
        centers = np.array(self.init, np.float64, order="C")
        if centers.ndim != 2 or centers.shape[1] != points.shape[1]:
            raise ValueError(
                f"init must be (k, {points.shape[1]}) centers for this data, "
                f"got shape {centers.shape}"
            )
        return centers


_STARTS = 8  # of the first step of a steady sequence
_DRAW_SEEDS = 7_368_787
_STEP_SEEDS = 1_000_003  # apart enough that neighbouring seeds share no step's draws


def _seed(random_state: Any) -> int:
    """Return an integer seed: None is 0, and a generator is asked for one."""
    if random_state is None:
        return 0
    if isinstance(random_state, (int, np.integer)):
        return int(random_state)
    draw = getattr(random_state, "integers", None) or random_state.randint
    return int(draw(2**31 - 1))

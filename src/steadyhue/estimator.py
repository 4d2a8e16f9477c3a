"""SequentialKMeans: k-means on a sequence, each step seeded with the last one's centers.

An estimator of scikit-learn's kind, for people who call it on arrays. It stands beside the
data path: validation, and `modes.follow.Follower`.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from steadyhue import display, kmeans
from steadyhue.modes.follow import STARTS, Follower, Start
from steadyhue.validation import (
    alike,
    check_features,
    check_not_negative,
    check_points,
    check_random_state,
    check_weights,
    check_whole,
    clusterer_tags,
    given_centers,
    in_container,
    not_fitted,
    pooled_samples,
    seed_of,
)
from steadyhue.words import DISTANCES, MODES, Distance, Mode, one_of

_PARAMETERS = ("n_clusters", "mode", "init", "distance", "tol", "max_iter", "random_state")


class SequentialKMeans:
    """k-means for a sequence of data sets that change little from one to the next.

    Each call of `partial_fit` clusters one data set, such as the colors of one
    frame, starting from the centers of the one before. This is *frame-to-frame
    seeding*. It is not MacQueen's "sequential k-means", which moves a center
    after every single sample.

    The class follows scikit-learn's estimator contract without importing it. Equal samples
    are pooled before they are clustered, so neither their order nor whether a sample stands
    twice or has the weight 2 changes anything.

    Parameters
    ----------
    n_clusters : int, default 10
        Number of clusters k.
    mode : str, default "steady"
        ``seeded``: `partial_fit` starts from the last centers. ``steady``: it does
        so too, and repairs what seeding alone freezes: useless centers move to
        where error is, and where the error jumps, and every few steps, a fresh
        start is tried and taken if it is better. (Centers are not held, as `quantize` holds
        palettes: that needs to look ahead.) ``independent``:
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
        Most Lloyd iterations on the way to the centers of one call.
    random_state : int, default 0
        Seed of the random choices; one seed, one result. ``None`` is 0; a
        generator is asked for one integer when a sequence begins.

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
        Data sets seen since the sequence began.
    n_features_in_ : int
        d.
    feature_names_in_ : (d,) array of str
        The columns of the first data set, if it was a data frame with named ones.
    best_inertia_ : float
        The lowest inertia found for the latest data set: below `inertia_` where, in mode
        ``steady``, a fresh start was a little better but would have torn the sequence.

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
        init: Start | ArrayLike = "k-means++",
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
        self._begin(points)
        return self._step(points, weights)

    def partial_fit(
        self, X: ArrayLike, y: None = None, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Go on with the next data set of the sequence, or begin with it.

        The number of features must stay the same. Parameters changed by `set_params` hold
        from here on; another `n_clusters` begins a new sequence, as slots would have no past.

        Parameters
        ----------
        X, y, sample_weight
            As for `fit`, and so are the return value and errors.
        """
        first = not hasattr(self, "cluster_centers_")
        points, weights = self._validated(X, sample_weight, reset=first)
        if first or self._follower.k != self.n_clusters:
            self._begin(points)
        return self._step(points, weights)

    def fit_predict(
        self, X: ArrayLike, y: None = None, sample_weight: ArrayLike | None = None
    ) -> NDArray[np.int32]:
        """Return ``labels_`` of a `fit` to X, y and sample_weight."""
        return self.fit(X, y, sample_weight).labels_

    def fit_transform(
        self, X: ArrayLike, y: None = None, sample_weight: ArrayLike | None = None
    ) -> Any:
        """Return the `transform` of X by a `fit` to X, y and sample_weight."""
        return self.fit(X, y, sample_weight).transform(X)

    def predict(self, X: ArrayLike) -> NDArray[np.int32]:
        """Return the slot of the nearest center of every sample.

        Parameters
        ----------
        X : (n, d) array of numbers
            Samples.

        Returns
        -------
        (n,) int32 array
            Ties go to the lowest slot.

        Raises
        ------
        ValueError
            If X has another number of features than the data of `fit`.
        """
        points = self._seen(X)
        return kmeans.nearest_centers(points, self.cluster_centers_, distance=self.distance)

    def transform(self, X: ArrayLike) -> Any:
        """Return the distance of every sample to every center.

        Parameters
        ----------
        X : (n, d) array of numbers
            Samples.

        Returns
        -------
        (n, k) float64 array
            Euclidean or Manhattan distances, or the container that `set_output` asks for.

        Raises
        ------
        ValueError
            If X has another number of features than the data of `fit`.
        """
        points = self._seen(X).astype(np.float64)
        apart = np.empty((len(points), len(self.cluster_centers_)))
        for slot, center in enumerate(self.cluster_centers_):
            away = np.abs(points - center)
            squared = self.distance == "euclidean"
            apart[:, slot] = np.sqrt((away**2).sum(axis=1)) if squared else away.sum(axis=1)
        names = self.get_feature_names_out()
        return in_container(apart, names, X, getattr(self, "_output", None))

    def score(self, X: ArrayLike, y: None = None, sample_weight: ArrayLike | None = None) -> float:
        """Return minus the weighted sum of distances (squared if Euclidean) to the centers.

        Parameters
        ----------
        X, y, sample_weight
            As for `fit`.
        """
        points = self._seen(X)
        weights = check_weights(sample_weight, len(points))
        found = kmeans.lloyd(
            *alike(points, weights), self.cluster_centers_, distance=self.distance, max_iter=0
        )
        return -float(found.inertia)

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """Return the names of what `transform` returns, (k,); `input_features` changes nothing."""
        self._check_fitted()
        name = type(self).__name__.lower()
        return np.array([f"{name}{slot}" for slot in range(len(self.cluster_centers_))], object)

    def set_output(self, *, transform: str | None = None) -> Self:
        """Choose the container of what `transform` returns.

        Parameters
        ----------
        transform : {"default", "pandas", "polars"}, optional
            None leaves it as it is.

        Raises
        ------
        ValueError
            If it is something else.
        """
        if transform is not None:
            one_of(transform, ("default", "pandas", "polars"), "transform")
            self._output = transform
        return self

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's parameters by name; `deep` changes nothing."""
        return {name: getattr(self, name) for name in _PARAMETERS}

    def set_params(self, **parameters: Any) -> Self:
        """Set constructor parameters by name; they hold from the next call on.

        Parameters
        ----------
        **parameters
            As for the constructor.

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
        weights = check_weights(sample_weight, len(points))
        if not isinstance(self.init, str):
            given_centers(self.init, points.shape[1])
        check_features(self, X, points, reset=reset)  # last: it changes the estimator
        return alike(points, weights)

    def _check_fitted(self) -> None:
        if not hasattr(self, "cluster_centers_"):
            raise not_fitted(self)

    def _seen(self, X: ArrayLike) -> kmeans.Points:
        """Check data to be judged by the centers there are."""
        self._check_fitted()
        points = check_points(X, type(self).__name__)
        check_features(self, X, points, reset=False)
        return points

    def _check_parameters(self) -> None:
        check_whole(self.n_clusters, "n_clusters", least=1)
        check_whole(self.max_iter, "max_iter", least=1)
        check_not_negative(self.tol, "tol")
        check_random_state(self.random_state)
        one_of(self.mode, MODES, "mode")
        one_of(self.distance, DISTANCES, "distance")
        if isinstance(self.init, str) and self.init not in STARTS:
            raise ValueError(f"init must be {' or '.join(STARTS)} or an array, got {self.init!r}")
        if self.mode == "fixed" and isinstance(self.init, str):
            raise ValueError("mode 'fixed' needs its centers as init")

    def _begin(self, points: kmeans.Points) -> None:
        """Begin a sequence: nothing was seen, and the random generator is asked once."""
        self._follower = Follower(int(self.n_clusters), seed=seed_of(self.random_state))
        self.n_steps_ = 0
        self._pool: tuple[kmeans.Points, kmeans.Weights] | None = None

    def _step(self, points: kmeans.Points, weights: kmeans.Weights) -> Self:
        """Cluster the next data set, already validated."""
        start = (
            self.init if isinstance(self.init, str) else given_centers(self.init, points.shape[1])
        )
        follower = self._follower
        follower.start = start  # type: ignore[assignment]
        follower.repairs = self.mode == "steady"
        follower.distance, follower.tol, follower.max_iter = self.distance, self.tol, self.max_iter
        if self.mode == "fixed":
            follower.centers = given_centers(self.init, points.shape[1])
            centers, n_iter, best = follower.centers, 0, np.inf
        else:
            if self.mode == "independent":
                follower.centers = None
            found, best = follower.next(*self._sequence(*pooled_samples(points, weights)))
            centers, n_iter = found.centers, found.n_iter
        latest = kmeans.lloyd(points, weights, centers, distance=self.distance, max_iter=0)
        self.cluster_centers_ = centers
        self.labels_ = latest.labels
        self.inertia_ = latest.inertia
        self.best_inertia_ = latest.inertia if self.mode != "steady" else min(best, latest.inertia)
        self.n_iter_ = max(1, n_iter)
        self.n_steps_ += 1
        return self

    def _sequence(
        self, points: kmeans.Points, weights: kmeans.Weights
    ) -> tuple[kmeans.Points, kmeans.Weights]:
        """Return what is to be clustered now: in mode ``global`` all that was seen so far."""
        if self.mode != "global":
            return points, weights
        if self._pool is not None:
            points = np.concatenate([self._pool[0], points])
            weights = np.concatenate([self._pool[1], weights])
        self._pool = points, weights
        return points, weights

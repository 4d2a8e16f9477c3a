"""scikit-learn's estimator contract, without importing scikit-learn.

Checks of input (finite numbers, shapes and weights that fit), the error of an
unfitted estimator, and its tags. The wording follows scikit-learn's, as its
users and its contract tests know it.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.int16] | NDArray[np.float64]


def check_points(X: ArrayLike, name: str) -> Points:
    """Return X as a C-contiguous (n, d) array: int16 for colors (uint8 or int16), else float64.

    Raises
    ------
    ValueError
        If X is empty, not two-dimensional, complex, or not finite.
    TypeError
        If X is a sparse matrix.
    """
    if hasattr(X, "toarray"):
        raise TypeError(f"Sparse data was passed, but {name} needs a dense array; use X.toarray()")
    array = np.asarray(X)
    if np.iscomplexobj(array):
        raise ValueError(f"Complex data not supported: {name} needs real numbers")
    if array.ndim != 2:
        raise ValueError(
            f"Expected 2D array, got {array.ndim}D array instead. "
            "Reshape your data with X.reshape(-1, 1) if it has a single feature, "
            "or X.reshape(1, -1) if it is a single sample."
        )
    for axis, what in ((0, "sample"), (1, "feature")):
        if array.shape[axis] == 0:
            raise ValueError(
                f"Found array with 0 {what}(s) (shape={array.shape}) "
                f"while a minimum of 1 is required by {name}."
            )
    if array.dtype in (np.uint8, np.int16) and array.shape[1] == 3:
        return np.ascontiguousarray(array, np.int16)
    try:
        points = np.ascontiguousarray(array, np.float64)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name} needs numbers: {error}") from error
    if not np.isfinite(points).all():
        kind = "NaN" if np.isnan(points).any() else "infinity"
        raise ValueError(f"Input X contains {kind}; {name} needs finite numbers.")
    return points


def check_weights(sample_weight: ArrayLike | None, n: int) -> NDArray[Any]:
    """Return (n,) weights: int64 ones if none are given, integers as int64, else float64.

    Raises
    ------
    ValueError
        If they are not one a sample, negative, not finite, or all zero.
    """
    if sample_weight is None:
        return np.ones(n, np.int64)
    given = np.asarray(sample_weight)
    weights = np.ascontiguousarray(given, np.int64 if given.dtype.kind in "iub" else np.float64)
    if weights.ndim == 0:
        weights = np.full(n, weights)
    if weights.shape != (n,):
        raise ValueError(
            f"sample_weight.shape == {weights.shape}, expected ({n},): one weight a sample"
        )
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("sample_weight must be finite and not negative")
    if not weights.any():
        raise ValueError("sample_weight must not be all zero")
    return weights


def alike(points: Points, weights: NDArray[Any]) -> tuple[Points, NDArray[Any]]:
    """Return both as the kernels take them: exact integers, or else float64."""
    if points.dtype == np.float64 or weights.dtype == np.float64:
        return points.astype(np.float64, copy=False), weights.astype(np.float64, copy=False)
    return points, weights


def seed_of(random_state: Any) -> int:
    """Return an integer seed: None is 0, and a generator is asked for one."""
    if random_state is None:
        return 0
    if isinstance(random_state, (int, np.integer)):
        return int(random_state)
    draw = getattr(random_state, "integers", None) or random_state.randint
    return int(draw(2**31 - 1))


def check_features(estimator: Any, points: Points, *, reset: bool) -> None:
    """Record the number of features at a fit, compare it later.

    Raises
    ------
    ValueError
        If X has another number of features than at the fit.
    """
    if reset:
        estimator.n_features_in_ = points.shape[1]
    elif points.shape[1] != estimator.n_features_in_:
        raise ValueError(
            f"X has {points.shape[1]} features, but {type(estimator).__name__} "
            f"is expecting {estimator.n_features_in_} features as input."
        )


def pooled_samples(points: Points, weights: NDArray[Any]) -> tuple[Points, NDArray[Any]]:
    """Return the distinct samples that have weight, in ascending order, and what each weighs.

    So the order of samples decides nothing, and a sample of weight 2 is one that stands twice.
    """
    points, weights = points[weights > 0], weights[weights > 0]
    order = np.lexsort(points.T[::-1])
    points, weights = points[order], weights[order]
    first = np.ones(len(points), bool)
    first[1:] = (points[1:] != points[:-1]).any(axis=1)
    rows = np.flatnonzero(first)
    distinct: Any = np.ascontiguousarray(points[rows])
    return distinct, np.add.reduceat(weights, rows)


def in_container(
    values: NDArray[np.float64], names: NDArray[np.object_], X: object, wanted: str | None
) -> Any:
    """Return values in the container that `set_output` or scikit-learn's configuration wants.

    Parameters
    ----------
    values : (n, k) float64 array
    names : (k,) array of str
    X : object
        The input; a data frame's index is kept.
    wanted : {"default", "pandas", "polars"} or None
        None goes by scikit-learn's configuration where that is loaded.
    """
    sklearn = sys.modules.get("sklearn")
    if wanted is None and sklearn is not None:
        wanted = sklearn.get_config()["transform_output"]
    if wanted == "pandas":
        import pandas

        return pandas.DataFrame(values, columns=names, index=getattr(X, "index", None))
    if wanted == "polars":
        import polars

        return polars.DataFrame(values, schema=names.tolist(), orient="row")
    return values


class NotFittedError(ValueError, AttributeError):
    """An estimator is asked for results before `fit`."""


def not_fitted(estimator: object) -> Exception:
    """Return the error to raise: scikit-learn's own where that is loaded, else its equal here."""
    message = f"This {type(estimator).__name__} is not fitted yet; call fit or partial_fit first."
    loaded = sys.modules.get("sklearn.exceptions")
    return loaded.NotFittedError(message) if loaded else NotFittedError(message)


def clusterer_tags() -> Any:
    """Return scikit-learn's tags of a clusterer; only scikit-learn asks for them."""
    from sklearn.utils import InputTags, Tags, TargetTags, TransformerTags

    return Tags(
        estimator_type="clusterer",
        target_tags=TargetTags(required=False),
        transformer_tags=TransformerTags(),
        input_tags=InputTags(),
    )

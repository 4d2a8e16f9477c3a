"""scikit-learn's estimator contract, without importing scikit-learn.

Checks of input (finite numbers, shapes and weights that fit), the error of an
unfitted estimator, and its tags. The wording follows scikit-learn's, as its
users and its contract tests know it.
"""

from __future__ import annotations

import sys
import warnings
from math import isnan
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.int16] | NDArray[np.float64]

_INT16_REACH = 26_754
"""Three squares of a larger difference leave int32, in which the kernels measure int16 points."""


def check_points(X: ArrayLike, name: str) -> Points:
    """Return X as a C-contiguous (n, d) array: int16 for colors (uint8 or int16), else float64.

    Far-apart int16 numbers, as no color space has, come as float64 too.

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
    exact = array.dtype in (np.uint8, np.int16) and array.shape[1] == 3
    if exact and int(array.max()) - int(array.min()) <= _INT16_REACH:
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


def check_whole(value: object, name: str, *, least: int) -> None:
    """Raise ValueError unless a parameter is a whole number of at least so much."""
    if type(value) is bool or not isinstance(value, Integral) or value < least:
        raise ValueError(f"{name} must be a whole number from {least}, got {value!r}")


def check_not_negative(value: object, name: str) -> None:
    """Raise ValueError unless a parameter is a number, and not negative."""
    if type(value) is bool or not isinstance(value, Real) or isnan(value) or value < 0:
        raise ValueError(f"{name} must be a number and not negative, got {value!r}")


def check_random_state(value: object) -> None:
    """Raise ValueError unless a parameter is a whole number, a generator, or None."""
    drawn = hasattr(value, "integers") or hasattr(value, "randint")
    if type(value) is bool or not (value is None or drawn or isinstance(value, Integral)):
        raise ValueError(f"random_state must be a whole number, a generator or None, got {value!r}")


def given_centers(init: ArrayLike, features: int) -> NDArray[np.float64]:
    """Return centers to begin with as a (k, features) float64 array.

    Raises
    ------
    ValueError
        If they are not finite numbers of that shape.
    """
    try:
        centers = np.array(init, np.float64, order="C")
    except (TypeError, ValueError):
        raise ValueError(f"init must be centers of numbers, got {init!r}") from None
    if not np.isfinite(centers).all():
        raise ValueError("init must be finite centers")
    if centers.ndim != 2 or centers.shape[1] != features or len(centers) == 0:
        raise ValueError(
            f"init must be (k, {features}) centers for this data, got shape {centers.shape}"
        )
    return centers


def alike(points: Points, weights: NDArray[Any]) -> tuple[Points, NDArray[Any]]:
    """Return both as the kernels take them: exact integers, or else float64."""
    if points.dtype == np.float64 or weights.dtype == np.float64:
        return points.astype(np.float64, copy=False), weights.astype(np.float64, copy=False)
    return points, weights


def seed_of(random_state: Any) -> int:
    """Return an integer seed: None is 0, and a generator is asked for one."""
    if random_state is None:
        return 0
    if isinstance(random_state, Integral):
        return int(random_state)
    draw = getattr(random_state, "integers", None) or random_state.randint
    return int(draw(2**31 - 1))


def check_features(estimator: Any, X: object, points: Points, *, reset: bool) -> None:
    """Record the number and names of features at a fit, compare them later.

    Raises
    ------
    ValueError
        If X has another number of features than at the fit, or other names.

    Warns
    -----
    UserWarning
        If names were there at the fit and are not now, or the other way round.
    """
    names = _column_names(X)
    if reset:
        estimator.n_features_in_ = points.shape[1]
        vars(estimator).pop("feature_names_in_", None)
        if names is not None:
            estimator.feature_names_in_ = names
        return
    kind = type(estimator).__name__
    if points.shape[1] != estimator.n_features_in_:
        raise ValueError(
            f"X has {points.shape[1]} features, but {kind} "
            f"is expecting {estimator.n_features_in_} features as input."
        )
    fitted = getattr(estimator, "feature_names_in_", None)
    if fitted is None and names is not None:
        warnings.warn(f"X has feature names, but {kind} was fitted without them", stacklevel=4)
    elif fitted is not None and names is None:
        warnings.warn(
            f"X does not have valid feature names, but {kind} was fitted with feature names",
            stacklevel=4,
        )
    elif fitted is not None and list(fitted) != list(names):  # type: ignore[arg-type]
        raise ValueError("The feature names should match those that were passed during fit.")


def _column_names(X: object) -> NDArray[np.object_] | None:
    """Return the names of a data frame's columns, (d,); None if they are not all texts."""
    columns = getattr(X, "columns", None)
    names = [] if columns is None else list(columns)
    if not names or not all(isinstance(name, str) for name in names):
        return None
    return np.array(names, object)


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

"""Error ratios: each frame's error over the best one that is known for so many colors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ROUNDING = 0.25
"""Squared error of rounding a color to whole levels (3 channels x 1/12): error ratios treat
smaller errors as this one, so that the last bit of a near-perfect copy does not count."""


def error_ratios(errors: Sequence[float], best_errors: Sequence[float]) -> NDArray[np.float64]:
    """Return each frame's error over the best one known, errors under `ROUNDING` being equal.

    Parameters
    ----------
    errors, best_errors : sequence of float
        Squared error per pixel of each frame, and the lowest one known for it.

    Returns
    -------
    (frames,) float64 array

    Raises
    ------
    ValueError
        If there is not one best error for each frame.
    """
    if len(errors) != len(best_errors):
        raise ValueError(f"got {len(best_errors)} best errors for {len(errors)} frames")
    ratios: NDArray[np.float64] = np.maximum(errors, ROUNDING) / np.maximum(best_errors, ROUNDING)
    return ratios

"""The simple matches: by rank, and one to one at least total cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native

Floats = NDArray[np.float64]
Match = NDArray[np.intp]


def squared_distances(x: Floats, y: Floats) -> Floats:
    """Return the squared distance (n, m) of every source color to every target color."""
    squared: Floats = ((x[:, None] - y) ** 2).sum(-1)
    return squared


def by_rank(source_key: Floats, target_key: Floats) -> Match:
    """Match rank to rank; with unequal numbers, the ranks of the longer side are spread evenly."""
    n, m = len(source_key), len(target_key)
    ranks = np.arange(n) * (m - 1) / max(n - 1, 1)
    chosen = np.empty(n, np.intp)
    chosen[np.argsort(source_key, kind="stable")] = np.argsort(target_key, kind="stable")[
        np.floor(ranks + 0.5).astype(np.intp)
    ]
    return chosen


def one_to_one(cost: Floats) -> Match:
    """Assign at least total cost; source colors left over get their cheapest target."""
    chosen: Match = cost.argmin(1)
    if cost.shape[0] <= cost.shape[1]:
        chosen[:] = _native.one_to_one(cost)
    else:
        chosen[_native.one_to_one(np.ascontiguousarray(cost.T))] = np.arange(cost.shape[1])
    return chosen

"""Plain NumPy versions of the kernels, slow and obvious, for the tests to compare with."""

from __future__ import annotations

import numpy as np


def distances(points: np.ndarray, centers: np.ndarray, distance: str) -> np.ndarray:
    """Distances (n, k) in the precision of the kernel: float32 on the grid, else float64."""
    real = np.float32 if points.dtype == np.int16 else np.float64
    difference = points.astype(real)[:, None, :] - centers.astype(real)
    terms = np.abs(difference) if distance == "manhattan" else difference * difference
    total = terms[:, :, 0].copy()
    for c in range(1, terms.shape[2]):
        total += terms[:, :, c]
    return total


def nearest(
    points: np.ndarray, centers: np.ndarray, distance: str, labels: np.ndarray | None = None
) -> np.ndarray:
    """Slot of the nearest center; a tie goes to the label given, else to the lowest slot."""
    table = distances(points, centers, distance)
    found = table.argmin(axis=1)
    if labels is not None:
        rows = np.flatnonzero((labels >= 0) & (labels < len(centers)))
        ties = table[rows, labels[rows]] == table[rows, found[rows]]
        found[rows[ties]] = labels[rows[ties]]
    return found.astype(np.int32)


def inertia(
    points: np.ndarray, weights: np.ndarray, centers: np.ndarray, labels: np.ndarray, distance: str
) -> float:
    """Weighted error in float64."""
    difference = points.astype(np.float64) - centers[labels]
    terms = np.abs(difference) if distance == "manhattan" else difference**2
    return float((terms.sum(axis=1) * weights).sum())


def weighted_median(values: np.ndarray, weights: np.ndarray, near: float) -> float:
    """Weighted median; of a median interval the point nearest to `near`."""
    values, weights = values[weights > 0], weights[weights > 0]
    distinct = np.unique(values)
    cost = [float((np.abs(values - v) * weights).sum()) for v in distinct]
    best = distinct[np.isclose(cost, min(cost), rtol=1e-12, atol=0)]
    return float(np.clip(near, best.min(), best.max()))


def updated(
    points: np.ndarray, weights: np.ndarray, centers: np.ndarray, labels: np.ndarray, distance: str
) -> np.ndarray:
    """Mean or median of every cluster; empty ones keep their center."""
    new = centers.astype(np.float64).copy()
    for j in range(len(centers)):
        mine = labels == j
        if weights[mine].sum() > 0:
            for c in range(points.shape[1]):
                values = points[mine, c].astype(np.float64)
                if distance == "manhattan":
                    new[j, c] = weighted_median(values, weights[mine], new[j, c])
                else:
                    new[j, c] = (values * weights[mine]).sum() / weights[mine].sum()
    return new


def gather(ids: np.ndarray, slots: np.ndarray, transparent: int) -> np.ndarray:
    """Slot of every pixel."""
    return np.where(ids < 0, transparent, slots[np.maximum(ids, 0)]).astype(np.uint8)


def distinct(pixels: np.ndarray, alpha_threshold: int) -> dict[tuple[int, ...], int]:
    """Count of every opaque color."""
    counts: dict[tuple[int, ...], int] = {}
    for pixel in pixels.reshape(-1, pixels.shape[-1]):
        if len(pixel) == 3 or pixel[3] >= alpha_threshold:
            color = tuple(int(v) for v in pixel[:3])
            counts[color] = counts.get(color, 0) + 1
    return counts

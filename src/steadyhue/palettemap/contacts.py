"""Which colors touch: counted over pixels, before the palette is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.frame import Frame

_BINS = 512  # of 32 x 32 x 32 sRGB levels
_EVERY = 4  # rows of which one is counted: of a photo, 3 % of the contacts are others then


def neighbors(indices: NDArray[np.uint8], n: int) -> NDArray[np.int64]:
    """Count the neighboring pixels, beside and below each other, of each pair of slots.

    Parameters
    ----------
    indices : (H, W) uint8 array
        Slots; values of n and more count nothing (transparent pixels).
    n : int
        Number of slots.

    Returns
    -------
    (n, n) int64 array
        Symmetric.
    """
    counts = np.zeros((n, n), np.int64)
    slots = np.arange(256, dtype=np.int32)
    slots[n:] = -1
    _native.count_contacts(indices.astype(np.int32), slots, 1, counts)
    return counts + counts.T


class Contacts:
    """Counts how often the colors of frames touch, in coarse bins of color.

    The counts are integer sums: the order of the frames changes nothing, and
    memory does not grow with their number.
    """

    def __init__(self) -> None:
        self._counts = np.zeros((_BINS, _BINS), np.int64)

    def add(self, frame: Frame) -> None:
        """Count the neighboring opaque pixels of a frame."""
        _native.count_contacts(frame.ids, _bins(frame.colors), _EVERY, self._counts)

    def between(
        self,
        colors: NDArray[np.uint8],
        weights: NDArray[np.int64],
        slots: NDArray[np.integer],
        k: int,
    ) -> NDArray[np.float64]:
        """Return how often k slots touch, (k, k), given which slot each color has.

        A bin whose colors have several slots is shared out by their weights.
        """
        of_slot = _bins(colors) * k + slots.astype(np.intp)
        counted = np.bincount(of_slot, weights, _BINS * k).astype(np.float64)
        shares = counted.reshape(_BINS, k)
        shares /= np.maximum(shares.sum(1, keepdims=True), 1)
        used = np.flatnonzero(shares.any(1))
        shares = shares[used]
        between: NDArray[np.float64] = shares.T @ self._counts[np.ix_(used, used)] @ shares
        return between + between.T


def _bins(colors: NDArray[np.uint8]) -> NDArray[np.int32]:
    high = (colors >> 5).astype(np.int32)
    return high[:, 0] << 6 | high[:, 1] << 3 | high[:, 2]

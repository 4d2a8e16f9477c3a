"""Make ``src/steadyhue/blue_noise.npy``, the texture of blue-noise dithering.

The method is R. Ulichney's "The void-and-cluster method for dither array
generation", SPIE 1913, 1993: rank the pixels of a torus so that every prefix of
the ranking is spread as evenly as it can be.

Run it from the root of the repository: ``python scripts/blue_noise.py``.
"""

from __future__ import annotations

import numpy as np

SIZE = 64
SIGMA = 1.9  # pixels; Ulichney takes 1.5, a little more is smoother to the eye
SEED = 1


class Pattern:
    """Points on a torus, and at every pixel how crowded it is."""

    def __init__(self, points: np.ndarray) -> None:
        offset = np.minimum(np.arange(SIZE), SIZE - np.arange(SIZE))
        distance = offset[:, None] ** 2 + offset**2
        self.bump = np.exp(-distance / (2 * SIGMA**2))
        self.points = np.zeros((SIZE, SIZE), bool)
        self.crowding = np.zeros((SIZE, SIZE))
        for at in np.argwhere(points):
            self.flip(tuple(at))

    def flip(self, at: tuple[int, int]) -> None:
        """Add the point, or take it away."""
        sign = -1.0 if self.points[at] else 1.0
        self.points[at] = not self.points[at]
        self.crowding += sign * np.roll(self.bump, at, axis=(0, 1))

    def tightest_cluster(self) -> tuple[int, int]:
        """Find the most crowded point."""
        return self._at(np.where(self.points, self.crowding, -np.inf).argmax())

    def largest_void(self) -> tuple[int, int]:
        """Find the least crowded pixel without a point."""
        return self._at(np.where(self.points, np.inf, self.crowding).argmin())

    def _at(self, flat: np.intp) -> tuple[int, int]:
        row, column = divmod(int(flat), SIZE)
        return row, column


def evened_out(points: np.ndarray) -> np.ndarray:
    """Move points from clusters to voids until that changes nothing."""
    pattern = Pattern(points)
    while True:
        cluster = pattern.tightest_cluster()
        pattern.flip(cluster)
        void = pattern.largest_void()
        pattern.flip(void)
        if void == cluster:
            return pattern.points


def texture() -> np.ndarray:
    """Rank all pixels, (SIZE, SIZE) uint16."""
    start = np.random.default_rng(SEED).random((SIZE, SIZE)) < 0.1
    prototype = evened_out(start)
    ranks = np.zeros((SIZE, SIZE), np.uint16)
    count = int(prototype.sum())
    pattern = Pattern(prototype)
    for rank in reversed(range(count)):
        cluster = pattern.tightest_cluster()
        pattern.flip(cluster)
        ranks[cluster] = rank
    pattern = Pattern(prototype)
    for rank in range(count, SIZE * SIZE):
        # Past half the pixels, the largest void among points is the tightest
        # cluster of the pixels without one: the same place.
        void = pattern.largest_void()
        pattern.flip(void)
        ranks[void] = rank
    return ranks


if __name__ == "__main__":
    np.save("src/steadyhue/blue_noise.npy", texture())

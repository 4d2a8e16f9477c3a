"""Starts for a window: several ways to cluster its frames, of which one is held.

One chain of clusterings, each from the one before, gets stuck where its first frame was. So
the window's pooled colors are clustered too, and followed forward; the palette that is shown
is followed; small frames are clustered afresh, each by itself; and the best of these are
followed back from the end, for what enters late.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native, kmeans
from steadyhue.color import grid_points
from steadyhue.histogram import Histogram
from steadyhue.kmeans import Floats
from steadyhue.modes.repair import EFFORT, WARM_MOVES
from steadyhue.settings import Settings

POOLS = 2
"""Clusterings of the pooled colors; a third gains under 0.0005 of the error."""

POOLED_COLORS = 1 << 12
"""Colors of the pool above which it is made coarser: it is a start and no result."""

SMALL = 1 << 15
"""Colors times slots up to which every frame is clustered afresh as well. There each frame's own
clustering is where the error is, and 4 starts cost under a millisecond."""

_FIRST = 8  # starts of a shot: with fewer, one clip in ten begins over 1 % above its best
_FRESH = 4
_POOL_MOVES, _POOL_ROUNDS = 12, 3  # of Lloyd's algorithm, and relocations; chains go on from there
_CHAIN_MOVES = 2  # in each frame; centers are nearly right
_JUMP, _PATIENCE = 0.01, 2  # rise of the error, and frames, after which a relocation is tried
_SEEDS = 97_003  # a prime, apart from those of the sequence

Frames = list[tuple[NDArray[np.int16], NDArray[np.int64]]]
"""The points of each frame and their weights."""

Chain = tuple[Floats, NDArray[np.float64], NDArray[np.int32]]
"""Centers (T, k, 3), what each frame costs with them, and moves of Lloyd's algorithm (T,)."""


class Starts:
    """Ways to cluster the frames of one shot.

    Parameters
    ----------
    settings : Settings
    """

    def __init__(self, settings: Settings) -> None:
        self._k = settings.n_clusters
        self._space = settings.space
        self._manhattan = settings.distance == "manhattan"
        self._distance = settings.distance
        self._seed = settings.seed

    def own(self, frames: Frames, before: Floats | None) -> Chain:
        """Return the chain that goes on from the clustering of the frame before.

        Parameters
        ----------
        frames : list of (points, weights)
            In order, at least one.
        before : (k, 3) float64 array or None
            None begins a shot, with the best of several starts.
        """
        if before is not None:
            return self._followed(frames, before, WARM_MOVES)
        points, weights = frames[0]
        drawn = kmeans.plus_plus_centers(
            points, weights, self._k, self._seed, distance=self._distance
        )
        first = self._fresh(frames[:1], drawn, _FIRST - 1)
        if len(frames) == 1:
            return first
        rest = self._followed(frames[1:], first[0][0], WARM_MOVES)
        return (
            np.concatenate([first[0], rest[0]]),
            np.concatenate([first[1], rest[1]]),
            np.concatenate([first[2], rest[2]]),
        )

    def others(
        self, frames: Frames, colors: Sequence[Histogram], own: Chain, shown: Floats | None
    ) -> list[Chain]:
        """Return other chains of the same frames.

        Parameters
        ----------
        frames : list of (points, weights)
        colors : sequence of Histogram
            What the points are made of.
        own : Chain
            Of these frames.
        shown : (k, 3) float64 array or None
            The centers before the first of them.
        """
        slots = own[0][0] if shown is None else shown
        pools = [self._followed(frames, pool) for pool in self._pools(colors, slots)]
        found = [*pools] if shown is None else [*pools, self._followed(frames, shown)]
        if max(len(points) for points, _ in frames) * self._k <= SMALL:
            found.append(self._fresh(frames, slots, _FRESH))
        best = min(pools, key=lambda chain: float(chain[1].sum()))
        found += [self._followed(frames, chain[0][-1], backward=True) for chain in (best, own)]
        return found

    def _followed(
        self, frames: Frames, centers: Floats, moves: int = _CHAIN_MOVES, *, backward: bool = False
    ) -> Chain:
        return _native.follow_chain(
            frames, centers, self._manhattan, moves, _JUMP, _PATIENCE, backward, EFFORT
        )

    def _fresh(self, frames: Frames, slots: Floats, starts: int) -> Chain:
        return _native.fresh_chain(
            frames, slots, self._manhattan, starts, self._seed + _SEEDS, EFFORT
        )

    def _pools(self, colors: Sequence[Histogram], slots: Floats) -> list[Floats]:
        """Cluster the colors of all frames together, in the slots of those shown."""
        pooled = Histogram.merge(colors).coarse(POOLED_COLORS)
        points = grid_points(pooled.colors, self._space)
        return [
            _native.rough_centers(
                points,
                pooled.weights,
                slots,
                self._manhattan,
                self._seed + _SEEDS * (number + 1),
                _POOL_MOVES,
                _POOL_ROUNDS,
                EFFORT,
            )
            for number in range(POOLS)
        ]

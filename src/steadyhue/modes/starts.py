"""Starts for a window: several ways to cluster its frames, of which one is held.

One chain of clusterings, each from the one before, gets stuck where its first frame was. So
the window's pooled colors are clustered too, and followed forward; the palette that is shown
is followed; and the best of these are followed back from the end.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steadyhue import kmeans
from steadyhue.kmeans import Clustering, Floats, Weights
from steadyhue.modes.hold import Moment
from steadyhue.modes.repair import best_start, in_slots_of, repaired
from steadyhue.words import Distance

import os
POOLS = int(os.environ.get("POOLS","2"))
_POOLED_COLORS = 4096
_POOL_MOVES = 12
_CHAIN_MOVES = 2
_POOL_SEEDS = 97_003


Chain = list[Clustering]


def chains(
    moments: Sequence[Moment],
    shown: Floats | None,
    k: int,
    *,
    distance: Distance,
    seed: int,
) -> list[Chain]:
    """Return chains of clusterings of a run of frames, the moments' own first."""
    own = [moment.clustering for moment in moments]
    found = [own]
    slots = own[0].centers if shown is None else shown
    for pool in _pools(moments, k, distance, seed):
        found.append(followed(moments, in_slots_of(pool, slots).centers, distance))
    if shown is not None:
        found.append(followed(moments, shown, distance))
    if max(len(m.points) for m in moments) * k <= _SMALL:
        found.append(_fresh(moments, slots, k, distance, seed))
    best = min(found[1 : 1 + POOLS], key=_cost, default=own)
    backward = moments[::-1]
    for chain in (best, own):
        found.append(followed(backward, chain[-1].centers, distance)[::-1])
    return found


def _cost(chain: Chain) -> float:
    return sum(clustering.inertia for clustering in chain)


def followed(moments: Sequence[Moment], centers: Floats, distance: Distance) -> Chain:
    """Cluster each moment from the centers of the one before."""
    chain: Chain = []
    for moment in moments:
        found = kmeans.lloyd(
            moment.points, moment.weights, centers, distance=distance, max_iter=_CHAIN_MOVES
        )
        found = repaired(
            moment.points, moment.weights, found, distance=distance, rounds=1
        )
        chain.append(found)
        centers = found.centers
    return chain


_SMALL = 1 << int(os.environ.get("SMALL","15"))
_FRESH = 4


def _fresh(moments, centers, k, distance, seed):
    chain = []
    for number, moment in enumerate(moments):
        if moment.fixed and chain:
            chain.append(chain[-1])
            continue
        starts = [
            kmeans.plus_plus_centers(moment.points, moment.weights, k, seed + 7919 * number + 104729 * draw, distance=distance)
            for draw in range(_FRESH)
        ]
        found = best_start(moment.points, moment.weights, [centers, *starts], distance=distance)
        chain.append(in_slots_of(found, centers))
        centers = chain[-1].centers
    return chain


def _pools(moments: Sequence[Moment], k: int, distance: Distance, seed: int) -> list[Clustering]:
    points, weights = _pooled(moments)
    pools = []
    for number in range(POOLS):
        start = kmeans.plus_plus_centers(
            points, weights, k, seed + number * _POOL_SEEDS, distance=distance
        )
        found = kmeans.lloyd(points, weights, start, distance=distance, max_iter=_POOL_MOVES)
        pools.append(
            repaired(points, weights, found, distance=distance, rounds=3, batch=max(1, k // 8))
        )
    return pools


def _pooled(moments: Sequence[Moment]) -> tuple[kmeans.Points, Weights]:
    points = np.concatenate([moment.points for moment in moments]).astype(np.int64)
    weights = np.concatenate([moment.weights for moment in moments])
    packed = (points[:, 0] + 32768 << 32) | (points[:, 1] + 32768 << 16) | points[:, 2] + 32768
    _, rows, at = np.unique(packed, return_index=True, return_inverse=True)
    summed = np.bincount(at, weights, len(rows)).astype(np.int64)
    pooled = points[rows].astype(np.int16)
    if len(pooled) > _POOLED_COLORS:
        step = len(pooled) / _POOLED_COLORS
        order = np.argsort(-summed, kind="stable")[:_POOLED_COLORS]
        del step
        return np.ascontiguousarray(pooled[order]), summed[order]
    return pooled, summed

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
from steadyhue.modes.hold import Moment
from steadyhue.modes.repair import EFFORT, in_slots_of, repaired
from steadyhue.settings import Settings

POOLS = 2
"""Clusterings of the pooled colors; a third gains under 0.0005 of the error."""

POOLED_COLORS = 1 << 12
"""Colors of the pool above which it is made coarser: it is a start and no result."""

SMALL = 1 << 15
"""Colors times slots up to which every frame is clustered afresh as well. There each frame's own
clustering is where the error is, and 4 starts cost under a millisecond."""

_FRESH = 4
_POOL_MOVES = 12  # of Lloyd's algorithm; the chain goes on from there
_CHAIN_MOVES = 2  # in each frame; centers are nearly right
_JUMP, _PATIENCE = 0.03, 4  # rise of the error, and frames, after which a relocation is tried
_SEEDS = 97_003  # a prime, apart from those of the sequence

Chain = tuple[Floats, NDArray[np.float64]]
"""Centers (T, k, 3), and what each frame costs with them (T,)."""


def chains(
    moments: Sequence[Moment],
    colors: Sequence[Histogram],
    shown: Floats | None,
    settings: Settings,
) -> list[Chain]:
    """Return chains of clusterings of a run of frames, the moments' own first.

    Parameters
    ----------
    moments : sequence of Moment
        T frames in order, at least one.
    colors : sequence of Histogram
        What the moments' points are made of.
    shown : (k, 3) float64 array or None
        The centers before the first of them.
    settings : Settings
    """
    own = np.array([moment.centers for moment in moments])
    slots = own[0] if shown is None else shown
    frames = [(moment.points, moment.weights) for moment in moments]
    manhattan = settings.distance == "manhattan"

    def followed(centers: Floats, *, backward: bool = False) -> Chain:
        return _native.follow_chain(
            frames, centers, manhattan, _CHAIN_MOVES, _JUMP, _PATIENCE, backward, EFFORT
        )

    found: list[Chain] = [(own, np.array([moment.inertia for moment in moments]))]
    forward = [followed(pool) for pool in _pools(colors, slots, settings)]
    if shown is not None:
        forward.append(followed(shown))
    found += forward
    k = len(slots)
    if max(len(moment.points) for moment in moments) * k <= SMALL:
        found.append(
            _native.fresh_chain(frames, slots, manhattan, _FRESH, settings.seed + _SEEDS, EFFORT)
        )
    best = min(forward[:POOLS], key=lambda chain: float(chain[1].sum()))
    found += [followed(chain[0][-1], backward=True) for chain in (best, found[0])]
    return found


def _pools(colors: Sequence[Histogram], slots: Floats, settings: Settings) -> list[Floats]:
    """Cluster the colors of all frames together, in the slots of those shown."""
    pooled = Histogram.merge(colors).coarse(POOLED_COLORS)
    points = grid_points(pooled.colors, settings.space)
    pools = []
    for number in range(POOLS):
        seed = settings.seed + _SEEDS * (number + 1)
        start = kmeans.plus_plus_centers(
            points, pooled.weights, len(slots), seed, distance=settings.distance
        )
        found = kmeans.lloyd(
            points, pooled.weights, start, distance=settings.distance, max_iter=_POOL_MOVES
        )
        found = repaired(
            points, pooled.weights, found, distance=settings.distance, batch=len(slots) // 8
        )
        pools.append(in_slots_of(found, slots).centers)
    return pools

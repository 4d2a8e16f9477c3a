"""Names of slots across cuts: a color that goes on keeps its slot.

A shot knows nothing of the one before, so its slots come in an order of their own. Here they are
renamed, once a shot and when all is decided, so that what is shown stays the same to the bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from steadyhue.modes.repair import nearest_pairs
from steadyhue.stages import Planned, Shown

Order = NDArray[np.intp]


def renamed(stream: Iterable[Shown], kept: int = 0) -> Iterator[Shown]:
    """Give the slots of each shot the names that the last frame before it had.

    Parameters
    ----------
    stream : iterable of Shown
    kept : int
        Last slots of every palette, which have their names.
    """
    last: NDArray[np.uint8] | None = None
    order: Order | None = None
    for shown in stream:
        if shown.step.cut and last is not None:
            order = _order(shown.step.palette, last, kept)
        named = shown if order is None else _in_order(shown, order)
        yield named
        last = named.step.palette


def named(stream: Iterable[Planned], kept: int = 0) -> Iterator[Planned]:
    """Do the same to palettes that nothing is shown by yet.

    Parameters
    ----------
    stream : iterable of Planned
    kept : int
        As for `renamed`.
    """
    last: NDArray[np.uint8] | None = None
    order: Order | None = None
    for planned in stream:
        step = planned.step
        if step.cut and last is not None:
            order = _order(step.palette, last, kept)
        if order is not None:
            step = replace(step, palette=step.palette[order])
        yield replace(planned, step=step)
        last = step.palette


def _order(palette: NDArray[np.uint8], last: NDArray[np.uint8], kept: int) -> Order | None:
    """Return the slot that takes each name: the nearest pairs first. None if nothing changes."""
    k = len(palette)
    if k != len(last):
        return None
    free = k - kept
    apart = ((last[:free, None].astype(np.int64) - palette[:free]) ** 2).sum(axis=2)
    order = np.arange(k)
    order[:free] = nearest_pairs(apart)
    return None if (order == np.arange(k)).all() else order


def _in_order(shown: Shown, order: Order) -> Shown:
    """Rename the slots of a frame; what it shows stays the same."""
    name_of = np.arange(256, dtype=np.uint8)
    name_of[order] = np.arange(len(order), dtype=np.uint8)
    step, transparent = shown.step, shown.transparent
    return replace(
        shown,
        step=replace(
            step,
            palette=step.palette[order],
            relocated=tuple(sorted(int(name_of[slot]) for slot in step.relocated)),
        ),
        indices=name_of[shown.indices],
        transparent=None if transparent is None else int(name_of[transparent]),
    )

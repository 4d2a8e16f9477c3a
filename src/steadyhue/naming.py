"""Names of slots across cuts: a color that goes on keeps its slot.

A shot knows nothing of the one before, so its slots come in an order of their own. Here they are
renamed, once a shot and when all is decided, so that what is shown stays the same to the bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steadyhue.frame import IndexedFrame
from steadyhue.modes.repair import nearest_pairs
from steadyhue.report import FrameReport, Quantized
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
    names = _Names(kept)
    for shown in stream:
        order = names.order(shown.step.palette, shown.step.cut)
        yield shown if order is None else _in_order(shown, order)


def named(stream: Iterable[Planned], kept: int = 0) -> Iterator[Planned]:
    """Do the same to palettes that nothing is shown by yet.

    Parameters
    ----------
    stream : iterable of Planned
    kept : int
        As for `renamed`.
    """
    names = _Names(kept)
    for planned in stream:
        step = planned.step
        order = names.order(step.palette, step.cut)
        if order is not None:
            step = replace(step, palette=step.palette[order])
        yield replace(planned, step=step)


def joined(stream: Iterable[Quantized], kept: int = 0) -> Iterator[Quantized]:
    """Do the same to frames that are finished but for that: shots that were made apart.

    Parameters
    ----------
    stream : iterable of Quantized
    kept : int
        As for `renamed`.
    """
    names = _Names(kept)
    for frame, report in stream:
        order = names.order(frame.palette, report.cut)
        yield (frame, report) if order is None else _finished_in_order(frame, report, order)


class _Names:
    """The names that slots have, shot after shot."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._last: NDArray[np.uint8] | None = None
        self._order: Order | None = None

    def order(self, palette: NDArray[np.uint8], cut: bool) -> Order | None:
        """Return the slot that takes each name in the next frame; None if nothing changes."""
        if cut and self._last is not None:
            self._order = _order(palette, self._last, self._kept)
        self._last = palette if self._order is None else palette[self._order]
        return self._order


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
    name_of, step = _name_of(order), shown.step
    return replace(
        shown,
        step=replace(
            step,
            palette=step.palette[order],
            relocated=_renamed(step.relocated, name_of),
        ),
        **_pixels(shown, name_of),
    )


def _finished_in_order(frame: IndexedFrame, report: FrameReport, order: Order) -> Quantized:
    name_of, palette = _name_of(order), frame.palette[order]
    return (
        replace(frame, palette=palette, **_pixels(frame, name_of)),
        replace(
            report,
            palette=palette,
            relocated=_renamed(report.relocated, name_of),
            weights=report.weights[order],
        ),
    )


def _pixels(frame: Shown | IndexedFrame, name_of: NDArray[np.uint8]) -> dict[str, Any]:
    transparent = None if frame.transparent is None else int(name_of[frame.transparent])
    return {"indices": name_of[frame.indices], "transparent": transparent}


def _name_of(order: Order) -> NDArray[np.uint8]:
    names = np.arange(256, dtype=np.uint8)
    names[order] = np.arange(len(order), dtype=np.uint8)
    return names


def _renamed(slots: tuple[int, ...], name_of: NDArray[np.uint8]) -> tuple[int, ...]:
    return tuple(sorted(int(name_of[slot]) for slot in slots))

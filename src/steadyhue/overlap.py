"""Stages that run beside each other: an iterator in a thread of its own.

The kernels release the GIL, so reading, planning and writing share the cores.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Generic, TypeVar

T = TypeVar("T")

DEPTH = 4
"""Most items that wait between two stages: enough that neither waits for a slow frame of the other."""

BUDGET = 1 << 26
"""Most bytes of pixels that wait between two stages, if there is more than one item: 64 MB, so that
small frames, up to 4 megapixels, keep the whole depth."""

WINDOW = 16
"""The same beside a planner, which takes or gives half of its look-ahead at once and then thinks."""

WINDOW_BUDGET = 1 << 24
"""Most bytes there: 16 MB are all of a window up to 200,000 pixels a frame, and little beside the
frames that wait in the planner anyway."""


class _Failure:
    """An exception on its way from a stage's thread to its consumer."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def overlap(items: Iterable[T], depth: int = DEPTH, budget: int = BUDGET) -> Iterator[T]:
    """Run an iterator in a thread of its own, at most `depth` items and `budget` bytes ahead.

    Errors of the iterator are raised here; closing this generator stops the
    thread before the next item.
    """
    belt: _Belt[T] = _Belt(depth, budget)

    def work() -> None:
        if not belt.is_wanted():
            return
        try:
            for item in items:
                if not belt.put(item):
                    return
            belt.put(None)
        except BaseException as error:  # handed over, not swallowed
            _let_go(error)
            belt.put(_Failure(error))

    thread = threading.Thread(target=work, daemon=True)
    try:
        try:
            thread.start()
        except RuntimeError:  # there are no more threads to be had; one by one gives the same
            yield from items
            return
        while (item := belt.take()) is not None:
            if isinstance(item, _Failure):
                raise item.error
            yield item
    finally:
        belt.stop()
        # A signal may interrupt the start itself; such a thread then finds that nothing is wanted.
        # In a kernel while the interpreter ends, it would abort the program.
        if thread.is_alive():
            thread.join()


def _let_go(error: BaseException) -> None:
    """Clear the frames of an error: the stages that they read from end now, not with the program."""
    trace = error.__traceback__
    while trace is not None:
        with suppress(RuntimeError):  # a frame that is running
            trace.tb_frame.clear()
        trace = trace.tb_next


class _Belt(Generic[T]):
    """What waits between two stages; at least one item may, however large."""

    def __init__(self, depth: int, budget: int) -> None:
        self._depth = depth
        self._budget = budget
        self._items: deque[tuple[T | _Failure | None, int]] = deque()
        self._bytes = 0
        self._moved = threading.Condition()
        self._stopped = False

    def put(self, item: T | _Failure | None) -> bool:
        """Wait for room, and add an item; False if nobody wants it any more."""
        size = pixel_bytes(item)
        with self._moved:
            self._moved.wait_for(lambda: self._stopped or self._has_room(size))
            if not self._stopped:
                self._items.append((item, size))
                self._bytes += size
                self._moved.notify_all()
            return not self._stopped

    def is_wanted(self) -> bool:
        """Whether items are still taken."""
        with self._moved:
            return not self._stopped

    def _has_room(self, size: int) -> bool:
        waiting = len(self._items)
        return waiting == 0 or (waiting < self._depth and self._bytes + size <= self._budget)

    def take(self) -> T | _Failure | None:
        """Wait for an item, and remove it."""
        with self._moved:
            self._moved.wait_for(lambda: bool(self._items))
            item, size = self._items.popleft()
            self._bytes -= size
            self._moved.notify_all()
            return item

    def stop(self) -> None:
        """Let go of what waits."""
        with self._moved:
            self._stopped = True
            self._items.clear()
            self._moved.notify_all()


def pixel_bytes(item: Any) -> int:
    """Return how many bytes the pixels of a frame take, or of one with its plan, or of a tuple's."""
    if isinstance(item, tuple):
        return sum(pixel_bytes(part) for part in item)
    item = getattr(item, "frame", item)  # what passes through the pipeline with its frame
    pixels = getattr(item, "ids", None)
    pixels = getattr(item, "indices", None) if pixels is None else pixels
    return int(getattr(pixels, "nbytes", 0))

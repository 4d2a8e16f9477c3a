"""Stages that run beside each other: an iterator in a thread of its own.

The kernels release the GIL, so reading, planning and writing share the cores.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


class _Failure:
    """An exception on its way from a stage's thread to its consumer."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def overlap(items: Iterable[T], depth: int = 4) -> Iterator[T]:
    """Run an iterator in a thread of its own, at most `depth` items ahead.

    Errors of the iterator are raised here; closing this generator stops the
    thread before the next item.
    """
    ready: queue.Queue[T | _Failure | None] = queue.Queue(depth)
    stopped = threading.Event()

    def put(item: T | _Failure | None) -> None:
        while not stopped.is_set():
            try:
                ready.put(item, timeout=0.1)
                return
            except queue.Full:
                continue

    def work() -> None:
        try:
            for item in items:
                put(item)
                if stopped.is_set():
                    return
            put(None)
        except BaseException as error:  # handed over, not swallowed
            put(_Failure(error))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, _Failure):
                raise item.error
            yield item
    finally:
        stopped.set()
        thread.join()

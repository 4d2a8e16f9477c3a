"""Processes that work for a run end when they are told to, and with the one that began them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from steadyhue.signals import held, signals
from steadyhue.unfinished import discard_unfinished


@contextmanager
def starting() -> Iterator[None]:
    """Start processes that `end_with_parent`.

    None is left without what it is to do. Ctrl-C, which a terminal sends to all of them, waits
    in each until it can end without a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        with held():
            yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # else it begins within, and lets signals through
    with held():
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """Let this process end at once when it is told to, and when the one that started it dies."""
    from multiprocessing import (
        parent_process,  # slow to import, and only processes of a batch need it
    )

    for number in signals():
        signal.signal(number, _end_at_once)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # see `starting`

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _end_at_once(number: int, _frame: FrameType | None = None) -> None:
    """Remove what is half-written, and end."""
    discard_unfinished()
    os._exit(128 + number)

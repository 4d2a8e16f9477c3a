"""Signals: those that end a program, and who handles them for a while."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


def signals() -> list[int]:
    """Return the signals that end the program, but those it was started to ignore (nohup)."""
    named = (getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP"))
    return [n for n in named if n is not None and signal.getsignal(n) != signal.SIG_IGN]


@contextmanager
def handled(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Handle the signals that end the program, and let who did so before do it again.

    In a thread that is not the main one, where no signal comes, nothing is done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in signals()}
    try:
        yield
    finally:
        for number, usual in before.items():
            signal.signal(number, usual)


@contextmanager
def held() -> Iterator[None]:
    """Let a signal that ends the program wait for the end of what is within, which takes no time.

    Only so is nothing lost between making a thing and knowing of it. In a thread that is not
    the main one, where no signal comes, nothing is done.
    """
    told: list[int] = []
    try:
        with handled(lambda number, _: told.append(number)):
            yield
    finally:
        for number in told[:1]:
            signal.raise_signal(number)

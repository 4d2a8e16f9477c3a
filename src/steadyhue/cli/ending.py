"""How the program ends when it is told to: at once, with nothing half-written."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from steadyhue.signals import handled, signals
from steadyhue.unfinished import discard_unfinished

LAST_MOMENT = 0.5
"""Seconds for threads and processes to end by themselves; the files are removed before."""


@contextmanager
def ends_when_told() -> Iterator[None]:
    """End at Ctrl-C, SIGTERM and SIGHUP with exit code 128 + n, removing what is half-written.

    Threads at work are not waited for. In a thread that is not the main one, where no signal
    comes, nothing is done.
    """
    with handled(_end):
        yield


def _end(number: int, _frame: FrameType | None) -> None:
    code = 128 + number
    for other in signals():
        signal.signal(other, _hush)  # if ignored, Python would tell of one that is on its way
    sys.unraisablehook = (
        _hush  # where nothing can be raised, as in a destructor, it ends all the same
    )
    discard_unfinished()
    threading.Thread(target=_end_soon, args=(code,), daemon=True).start()
    raise SystemExit(code)


def _hush(*_: object) -> None:
    pass


def _end_soon(code: int) -> None:
    time.sleep(LAST_MOMENT)
    discard_unfinished()  # what was begun meanwhile, as the ledger
    os._exit(code)


def fill_closed_streams() -> None:
    """Keep files from taking the numbers of standard streams that are closed.

    An output that is opened as number 2 would get the messages of libraries. Nothing comes
    from an input that is closed, and messages are lost; an output that is closed stays so.
    """
    descriptor = os.open(os.devnull, os.O_RDWR)
    while descriptor <= 2:
        descriptor = os.dup(descriptor)
    os.close(descriptor)
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115

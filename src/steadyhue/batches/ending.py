"""Processes that work for a run end when they are told to, and with the one that began them."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

from steadyhue.signals import signals


def end_with_parent() -> None:
    """Let this process end at once when it is told to, and when the one that started it dies."""
    from multiprocessing import (
        parent_process,  # slow to import, and only processes of a batch need it
    )

    for number in signals():
        signal.signal(number, _end_at_once)

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _end_at_once(number: int, _frame: FrameType | None = None) -> None:
    """Remove what is half-written, and end."""
    from steadyhue.formats.replacing import discard_unfinished

    discard_unfinished()
    os._exit(128 + number)

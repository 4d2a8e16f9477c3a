"""Programs that tests start, as a terminal starts them."""

from __future__ import annotations

import signal


def attentive() -> None:
    """Undo what a shell does to programs in the background, and what nohup does."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

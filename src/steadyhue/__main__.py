"""``python -m steadyhue`` and ``steadyhue`` are the command line.

Until it is imported there is nothing to put down, and Ctrl-C ends it without a word.
"""

import os
import signal

INTERRUPTED = 128 + signal.SIGINT
"""Exit code, as shells have it."""

if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))

from steadyhue.cli import main  # noqa: E402 -- after Ctrl-C is taken care of

if __name__ == "__main__":
    main()

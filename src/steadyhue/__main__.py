"""``python -m steadyhue`` and ``steadyhue`` are the command line.

Until that is imported there is nothing to put down, and Ctrl-C ends it without a word.
"""

# What `signal` is made of, without the 10 ms that its enums take.
import _signal  # type: ignore[import-not-found]
import os

if _signal.getsignal(_signal.SIGINT) != _signal.SIG_IGN:
    _signal.signal(_signal.SIGINT, lambda number, _: os._exit(128 + number))

from steadyhue.cli import main

if __name__ == "__main__":
    main()

"""Runs ``steadyhue`` and ends it at its n-th touch of the file system, or counts them.

``killed.py kill N COUNT ...`` kills it before that touch, ``term`` tells it to end right after.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

NAMES = ("rename", "replace", "link", "unlink", "mkdir", "rmdir", "fsync", "open", "fdopen")
"""Functions of `os`: between any two of them a program may be killed."""


def main(end: str, number: int, count: Path, arguments: list[str]) -> None:
    touches = 0

    def watched(function: Callable[..., Any], writes: Callable[..., bool]) -> Callable[..., Any]:
        def touch(*args: Any, **kwargs: Any) -> Any:
            nonlocal touches
            if not writes(*args, **kwargs):
                return function(*args, **kwargs)
            touches += 1
            if touches == number + 1 and end == "kill":
                os._exit(99)
            try:
                return function(*args, **kwargs)
            finally:
                if touches == number + 1:
                    os.kill(os.getpid(), signal.SIGTERM)

        return touch

    from steadyhue.cli import main

    def writes(*args: Any, **_: Any) -> bool:
        return len(args) < 2 or not isinstance(args[1], int) or bool(args[1] & os.O_CREAT)

    for name in NAMES:
        setattr(
            os,
            name,
            watched(getattr(os, name), writes if name == "open" else lambda *_, **__: True),
        )
    try:
        main(arguments)
    finally:
        count.write_text(str(touches))


main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])

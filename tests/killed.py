"""Runs ``steadyhue`` and kills it before its n-th touch of the file system, or counts them."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

NAMES = ("rename", "replace", "link", "unlink", "mkdir", "rmdir", "fsync", "open", "fdopen")
"""Functions of `os`: between any two of them a program may be killed."""


def main(number: int, count: Path, arguments: list[str]) -> None:
    touches = 0

    def watched(function: Callable[..., Any], writes: Callable[..., bool]) -> Callable[..., Any]:
        def touch(*args: Any, **kwargs: Any) -> Any:
            nonlocal touches
            if writes(*args, **kwargs):
                if touches == number:
                    os._exit(99)
                touches += 1
            return function(*args, **kwargs)

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


main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])

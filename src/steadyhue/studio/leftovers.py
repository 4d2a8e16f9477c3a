"""Folders of studios: each is locked while its studio lives, and removed at a later start if not.

SIGKILL and a power cut leave what was uploaded. The system lets go of a lock when its process is
gone, whatever became of it, so nothing that is in use is ever touched.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PREFIX = "steadyhue-studio-"

YOUNGEST = 60.0
"""Seconds: a younger one may belong to a studio that is about to lock it."""

_NAME = re.compile(re.escape(PREFIX) + r"[a-z0-9_]{8}")  # as `tempfile.mkdtemp` makes it


def new_folder() -> tuple[Path, int | None]:
    """Make a private folder for this process, locked for as long as the descriptor is open."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    if os.name != "posix":  # Windows has no such locks, and nothing is swept there
        return folder, None
    descriptor = os.open(folder, os.O_RDONLY)
    _lock(descriptor)
    return folder, descriptor


def sweep() -> None:
    """Remove the folders of studios that are gone: of our name, owned by us, and locked by none."""
    if os.name != "posix":
        return
    for folder in _left(Path(tempfile.gettempdir())):
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
            try:
                if _lock(descriptor):
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)


def _left(parent: Path) -> Iterator[Path]:
    """Yield the folders of studios, but those that were just made."""
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            if not (_NAME.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)):
                continue
            found = entry.stat(follow_symlinks=False)
            if found.st_uid == os.geteuid() and time.time() - found.st_ctime > YOUNGEST:
                yield Path(entry.path)


def _lock(descriptor: int) -> bool:
    """Lock a folder, unless another process has; False where that cannot be."""
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False

"""Replacing a file whole: the new one is written beside it, then renamed over it.

What is written beside has a random name and is made exclusively, so that nothing else is
opened, followed or removed. Kept are the mode and, where that is allowed, the owner of the
file that is replaced.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from steadyhue.errors import OutputError
from steadyhue.formats.outputs import STANDARD_STREAM, check_target
from steadyhue.unfinished import UNFINISHED, finished

PREFIX, SUFFIX = ".steadyhue-", ".partial"
"""Of names of what is unfinished; hidden, and no longer than a target's name may be."""

_RANDOM_BYTES = 8
"""Of such a name: two runs meet with a chance of 1 in 2**64."""

_NEW_MODE = 0o666
"""Of a new file, before the umask: as any program makes it."""

_EXCLUSIVE = (
    os.O_RDWR
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

Ready = Callable[[os.stat_result], object]
"""Told what a file is when it is complete, and before it is in place."""

Identity = tuple[int, int, int, int]
"""Device, inode, size and nanoseconds of a file: what a rename keeps and a write changes."""


def identity(path: Path) -> Identity | None:
    """Return what tells a file from another and from its own past; None if there is none."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def failed(name: str, error: OSError) -> OutputError:
    """Return the sentence for an error of the system, as an error to raise."""
    return OutputError(f"{name}: {error.strerror or error}")


@contextmanager
def storing(name: str) -> Iterator[None]:
    """Turn what the system says of storing into an `OutputError` that begins with a name."""
    try:
        yield
    except OutputError:  # is an OSError, and names its file
        raise
    except OSError as error:
        raise failed(name, error) from error


def unfinished_path(folder: Path) -> Path:
    """Return a random name in a folder."""
    return folder / f"{PREFIX}{os.urandom(_RANDOM_BYTES).hex()}{SUFFIX}"


def create(path: Path, replaced: Path) -> BinaryIO:
    """Make a file that did not exist, with the mode and owner of the one it will replace."""
    try:
        old = replaced.lstat()
    except OSError:
        old = None
    if old is None or not stat.S_ISREG(old.st_mode):
        return os.fdopen(os.open(path, _EXCLUSIVE, _NEW_MODE), "wb+")
    mode = stat.S_IMODE(old.st_mode)
    file = os.fdopen(os.open(path, _EXCLUSIVE, mode & 0o600), "wb+")
    if hasattr(os, "fchown"):
        same_owner = _give(file.fileno(), old.st_uid, old.st_gid)
        # Rights of a set-user-ID file are its owner's to give.
        with suppress(OSError):
            os.fchmod(file.fileno(), mode if same_owner else mode & 0o777)
    return file


def _give(descriptor: int, user: int, group: int) -> bool:
    """Give a file its owner, or at least its group; return whether it has both."""
    for owner in (user, -1):
        with suppress(OSError):
            os.fchown(descriptor, owner, group)
            return owner == user
    return False


def to_disk(file: BinaryIO) -> None:
    """Flush a file all the way, so that a rename never precedes its contents."""
    file.flush()
    os.fsync(file.fileno())


def folder_to_disk(folder: Path) -> None:
    """Flush the names in a folder, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class Replacement:
    """One file on its way to a target.

    Parameters
    ----------
    target : path
        Where to, all links followed. What is there may be replaced; a device or pipe is
        written in place.
    name : str
        What to call it in messages.

    Attributes
    ----------
    file : binary file
        Open for writing.

    Raises
    ------
    OutputError
        If it cannot be written.
    """

    def __init__(self, target: Path, name: str) -> None:
        self._target = target
        self._name = name
        self._beside: Path | None = None
        self._before = identity(target)
        try:
            if target.exists() and not target.is_file():
                self.file: BinaryIO = target.open("wb")  # must not be renamed over
                return
            self._beside = unfinished_path(target.parent)
            UNFINISHED.append(self)  # before it is made: a signal may come right after that
            self.file = create(self._beside, target)
        except OSError as error:
            finished(self)
            raise failed(name, error) from error

    def commit(self, ready: Ready | None = None, *, name_to_disk: bool = True) -> None:
        """Put the file in place; `ready` is told what it is when it is complete, just before.

        Without `name_to_disk`, its name is on disk when that of the next file is.

        Raises
        ------
        OutputError
            If it cannot be, or another run has put one there meanwhile.
        """
        with storing(self._name):
            if self._beside is None:
                self.file.close()
                return
            to_disk(self.file)
            if ready is not None:
                ready(os.fstat(self.file.fileno()))
            self.file.close()
            self._move(self._beside)
            if name_to_disk:
                folder_to_disk(self._target.parent)
        finished(self)

    def _move(self, beside: Path) -> None:
        now = identity(self._target)
        if now is not None and now != self._before:
            raise self._overtaken()
        if now is not None:
            beside.replace(self._target)
            return
        try:
            os.link(beside, self._target)  # unlike a rename, it never replaces anything
        except FileExistsError:
            raise self._overtaken() from None
        except (OSError, NotImplementedError):  # this file system has no links
            if os.path.lexists(self._target):
                raise self._overtaken() from None
            beside.rename(self._target)
        else:
            beside.unlink()

    def _overtaken(self) -> OutputError:
        return OutputError(f"{self._name}: was written by another run meanwhile, and is left so")

    def discard(self) -> None:
        """Remove what was written."""
        # Not made yet; or a signal came amid a write, whose buffer cannot be closed then.
        with suppress(OSError, AttributeError, RuntimeError):
            self.file.close()
        if self._beside is not None:
            self._beside.unlink(missing_ok=True)
        finished(self)


def standard_output() -> BinaryIO:
    """Return standard output, for bytes.

    Raises
    ------
    OutputError
        If it is closed.
    """
    if sys.stdout is None:
        raise OutputError("standard output is closed")
    return sys.stdout.buffer


def write_whole(target: Path, data: bytes, *, force: bool = False) -> None:
    """Write a file at once: it appears complete, or not at all; ``-`` is standard output.

    Raises
    ------
    OutputError
        If it exists and may not be replaced, or cannot be written.
    """
    if str(target) == STANDARD_STREAM:
        with storing("standard output"):
            standard_output().write(data)
            standard_output().flush()
        return
    check_target(target, force=force)
    replace_with(data, Path(os.path.realpath(target)), str(target))


def replace_with(data: bytes, target: Path, name: str, *, name_to_disk: bool = True) -> None:
    """Put bytes at a target as `Replacement` does; a link of that name is not followed.

    Without `name_to_disk`, its name is on disk when that of the next file is.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    replacement = Replacement(target, name)
    try:
        with storing(name):
            replacement.file.write(data)
            replacement.commit(name_to_disk=name_to_disk)
    finally:
        replacement.discard()

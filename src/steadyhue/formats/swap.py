"""Replacing many files of a folder together: all old ones or all new ones, never a mixture.

The new ones are written into a folder of their own beside them. When all are there, a journal
says what will be moved; then the old ones are moved out and the new ones in, and the journal is
removed. Whoever finds a journal and gets the lock of the folder knows that its run was killed in
between, and undoes what it did. A file is moved back or removed only if it is still the very
one that the journal tells of.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from steadyhue.errors import OutputError
from steadyhue.formats.replacing import (
    PREFIX,
    SUFFIX,
    Identity,
    create,
    failed,
    folder_to_disk,
    identity,
    to_disk,
    unfinished_path,
)
from steadyhue.unfinished import UNFINISHED, finished

JOURNAL, DRAFT = "journal.json", "journal.json.draft"
"""What will be moved; and the same while it is written."""

PATIENCE = 10.0
"""Seconds to wait for another run to move its files: renames take far less."""

_POLL = 0.05
"""Seconds between two attempts to get the lock."""

_LONGEST_JOURNAL = 1 << 28
"""Bytes: over a million files. What is longer is none of ours."""

Told = dict[str, Identity]
"""Names, and which files they mean."""


class Swap:
    """New files on their way into a folder, in place of old ones.

    Parameters
    ----------
    folder : path
        Where to; made if it is missing.
    name : str
        What to call them in messages.
    old : callable
        Returns the names in the folder that are to go.
    """

    def __init__(self, folder: Path, name: str, old: Callable[[], list[str]]) -> None:
        self._folder = folder
        self._name = name
        self._list_old = old
        self._old = self._told(old())
        self._new: list[str] = []
        self._done = False
        self._stage = unfinished_path(folder)
        self._made = not os.path.lexists(folder)  # said before: a signal may come right after
        UNFINISHED.append(self)
        try:
            try:
                folder.mkdir()
            except FileExistsError:
                self._made = False
            self._stage.mkdir(mode=0o700)
            for part in ("new", "old"):
                (self._stage / part).mkdir()
        except BaseException:
            self.discard()
            raise

    def add(self, name: str, write: Callable[[BinaryIO], object]) -> None:
        """Write one new file."""
        self._new.append(name)
        with create(self._stage / "new" / name, self._folder / name) as file:
            write(file)
            to_disk(file)

    def commit(self) -> None:
        """Put the new files in place of the old ones.

        Raises
        ------
        OutputError
            If another run has changed the old ones meanwhile.
        """
        with locked(self._folder, self._name) as alone:
            if self._told(self._list_old()) != self._old:
                raise OutputError(
                    f"{self._name}: was written by another run meanwhile, and is left so"
                )
            self._write_journal()
            if not alone and any(_is_fresh(stage) for stage in _others(self._stage)):
                raise OutputError(f"{self._name}: another run moves files in {self._folder}")
            for name in self._old:
                (self._folder / name).rename(self._stage / "old" / name)
            for name in self._new:
                if os.path.lexists(self._folder / name):
                    raise OutputError(f"{self._folder / name}: is in the way")
                (self._stage / "new" / name).rename(self._folder / name)
            folder_to_disk(self._folder)
            self._done = True  # said before: a signal may come right after the journal is gone
            (self._stage / JOURNAL).unlink()
        self.discard()

    def _write_journal(self) -> None:
        new = {name: identity(self._stage / "new" / name) for name in self._new}
        told = {"old": self._old, "new": new}
        draft = self._stage / DRAFT
        with create(draft, draft) as file:
            file.write(json.dumps(told).encode())
            to_disk(file)
        draft.rename(self._stage / JOURNAL)
        for folder in (self._stage / "new", self._stage, self._folder):
            folder_to_disk(folder)

    def _told(self, names: list[str]) -> Told:
        found = {name: identity(self._folder / name) for name in names}
        return {name: told for name, told in found.items() if told is not None}

    def discard(self) -> None:
        """Remove what was written, and what it has replaced once all is in place."""
        if self._done:
            (self._stage / JOURNAL).unlink(missing_ok=True)
        else:
            journal = _journal(self._stage)
            if journal is not None:
                _undo(self._folder, self._stage, *journal)
        for part, names in (("new", self._new), ("old", list(self._old) if self._done else [])):
            for name in names:
                (self._stage / part / name).unlink(missing_ok=True)
        (self._stage / DRAFT).unlink(missing_ok=True)
        _remove(self._stage)
        if self._made:
            with suppress(OSError):
                self._folder.rmdir()  # if it is still empty
        finished(self)


def settle(folder: Path) -> None:
    """Undo what a run that was killed has begun to replace in a folder.

    Raises
    ------
    OutputError
        If that cannot be done, or another run is at it.
    """
    stages = [stage for stage in _stages(folder) if _journal(stage) is not None]
    if not stages:
        return
    with locked(folder, str(folder)) as alone:
        if not alone:
            _wait_for_the_living(stages)
        for stage in stages:
            journal = _journal(stage)
            if journal is None:
                continue  # the run was alive, and has ended
            try:
                _undo(folder, stage, *journal)
            except OSError as error:
                raise failed(str(stage), error) from error
            for name, told in journal[1].items():
                if identity(stage / "new" / name) == told:
                    (stage / "new" / name).unlink()
            _remove(stage)


def _others(stage: Path) -> list[Path]:
    return [other for other in _stages(stage.parent) if other != stage]


def _is_fresh(stage: Path) -> bool:
    """Whether a journal is so young that its run may well be alive."""
    with suppress(OSError):
        return abs(time.time() - (stage / JOURNAL).stat().st_mtime) < PATIENCE
    return False


def _wait_for_the_living(stages: list[Path]) -> None:
    """Give runs that may be moving files the time to end, where no lock tells that they are dead."""
    until = time.monotonic() + PATIENCE
    while any(_is_fresh(stage) for stage in stages) and time.monotonic() < until:
        time.sleep(_POLL)


def _undo(folder: Path, stage: Path, old: Told, new: Told) -> None:
    """Move new files out and old ones back; in the end, remove the journal."""
    for name, told in new.items():
        if identity(folder / name) == told:
            (folder / name).rename(stage / "new" / name)
    for name, told in old.items():
        if identity(stage / "old" / name) != told:
            continue
        if os.path.lexists(folder / name):
            raise OutputError(
                f"{folder / name}: is in the way of the picture that a run, since killed, "
                f"moved to {stage / 'old'}"
            )
        (stage / "old" / name).rename(folder / name)
    folder_to_disk(folder)
    (stage / JOURNAL).unlink()


def _remove(stage: Path) -> None:
    """Remove the folder of what was unfinished, if nothing is left in it."""
    for folder in (stage / "new", stage / "old", stage):
        with suppress(OSError):
            folder.rmdir()


def _stages(folder: Path) -> list[Path]:
    with suppress(OSError), os.scandir(folder) as entries:
        return [
            Path(entry.path)
            for entry in entries
            if entry.name.startswith(PREFIX)
            and entry.name.endswith(SUFFIX)
            and entry.is_dir(follow_symlinks=False)
        ]
    return []


def _journal(stage: Path) -> tuple[Told, Told] | None:
    """Read what a run was about to move; None if it never came to that, or it is not ours."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found = (stage / JOURNAL).lstat()
        mine = not hasattr(os, "geteuid") or found.st_uid == os.geteuid()
        if not (stat.S_ISREG(found.st_mode) and mine and found.st_size <= _LONGEST_JOURNAL):
            return None
        told = json.loads((stage / JOURNAL).read_bytes())
        return _names(told["old"]), _names(told["new"])
    return None


def _names(told: dict[str, Any]) -> Told:
    if any(name != os.path.basename(name) or name in ("", ".", "..") for name in told):
        raise ValueError("a name that leaves its folder")
    return {name: (int(a), int(b), int(c), int(d)) for name, (a, b, c, d) in told.items()}


@contextmanager
def locked(folder: Path, name: str) -> Iterator[bool]:
    """Keep other runs from moving files in a folder; the system unlocks it if this one dies.

    Yields
    ------
    bool
        Whether that is so; False where there are no locks.

    Raises
    ------
    OutputError
        If another one does not come to an end.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield False
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        until = time.monotonic() + PATIENCE
        alone = True
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise OutputError(f"{name}: another run keeps {folder} locked") from None
                time.sleep(_POLL)
            except OSError:  # this file system has no locks
                alone = False
                break
        yield alone
    finally:
        os.close(descriptor)

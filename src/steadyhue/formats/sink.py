"""Sinks: where indexed frames go.

A sink writes beside its target and moves the result into place when all is
done. An error or Ctrl-C leaves the target as it was, and nothing beside it.
"""

from __future__ import annotations

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from steadyhue.errors import OutputError
from steadyhue.frame import IndexedFrame

STANDARD_STREAM = "-"
"""The path that means standard output (or standard input)."""

Target = str | PathLike[str] | BinaryIO


class Writer(Protocol):
    """What a format provides: frames in order, then the end of the stream."""

    def write(self, frame: IndexedFrame) -> None:
        """Encode one frame."""

    def close(self) -> None:
        """Encode what is left; the file itself stays open."""


class Sink(ABC):
    """A destination of frames; a context manager that keeps all or nothing."""

    @abstractmethod
    def write(self, frame: IndexedFrame) -> None:
        """Take one frame."""

    @abstractmethod
    def close(self) -> None:
        """Finish, and put the result in place."""

    @abstractmethod
    def discard(self) -> None:
        """Give up, and remove what was written."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.discard()
            return
        try:
            self.close()
        except BaseException:
            self.discard()
            raise


class FileSink(Sink):
    """One output file, or standard output.

    Parameters
    ----------
    target : path or binary file
        Where to; ``-`` is standard output. That, and a file that is open
        already, cannot be taken back.
    open_writer : callable
        Gets the open file and returns the format's `Writer`.
    force : bool
        Whether an existing file may be replaced.

    Raises
    ------
    OutputError
        If the target exists and may not be replaced, or cannot be written, or
        the format cannot hold such frames.
    """

    def __init__(
        self, target: Target, open_writer: Callable[[BinaryIO], Writer], *, force: bool = False
    ) -> None:
        self._beside: Path | None = None
        self._target: Path | None = None
        self._written = 0
        if not isinstance(target, (str, PathLike)):
            self._name = str(getattr(target, "name", "output"))
            self._file = target
        elif str(target) == STANDARD_STREAM:
            self._name = "standard output"
            self._file = _standard_output()
        else:
            self._name = str(target)
            self._target = Path(os.path.realpath(target))
            check_target(self._target, self._name, force=force)
            self._file = self._open_beside(self._target)
        try:
            self._writer = open_writer(self._file)
        except ValueError as error:
            self.discard()
            raise OutputError(f"{self._name}: {error}") from error
        except BaseException:
            self.discard()
            raise

    def _open_beside(self, target: Path) -> BinaryIO:
        try:
            if target.exists() and not target.is_file():
                return target.open("wb")  # a device or pipe must not be renamed over
            # One fixed name: what a killed run left is overwritten by the next.
            beside = target.with_name(f".{target.name}.partial")
            file = beside.open("wb+")
        except OSError as error:
            raise OutputError(f"{self._name}: cannot be written: {error.strerror}") from error
        self._beside = beside
        return file

    def write(self, frame: IndexedFrame) -> None:
        """Encode one frame.

        Raises
        ------
        OutputError
            If the format cannot hold it.
        """
        try:
            self._writer.write(frame)
        except ValueError as error:
            raise OutputError(f"{self._name}: {error}") from error
        self._written += 1

    def close(self) -> None:
        """Finish the stream and move the file into place.

        Raises
        ------
        OutputError
            If no frame was written.
        """
        if not self._written:
            raise OutputError(f"{self._name}: there are no frames to write")
        self._writer.close()
        self._file.flush()
        if self._target is None:
            return
        self._file.close()
        if self._beside is not None:
            self._beside.replace(self._target)

    def discard(self) -> None:
        """Remove what was written."""
        if self._target is None:
            return
        with suppress(OSError):
            self._file.close()
        if self._beside is not None:
            self._beside.unlink(missing_ok=True)


def check_target(target: Path, name: str, *, force: bool) -> None:
    """Raise `OutputError` if a file may not be written."""
    if target.is_dir():
        raise OutputError(f"{name}: is a folder")
    if not target.parent.is_dir():
        raise OutputError(f"{name}: its folder does not exist")
    if target.is_file() and not force:
        raise OutputError(f"{name}: already exists; --force replaces it")


def _standard_output() -> BinaryIO:
    if sys.stdout.isatty():
        raise OutputError("standard output is a terminal; send it to a file or a pipe")
    return sys.stdout.buffer


def write_whole(target: Path, data: bytes, *, force: bool = False) -> None:
    """Write a file at once: it appears complete, or not at all.

    Raises
    ------
    OutputError
        If it exists and may not be replaced, or cannot be written.
    """
    check_target(target, str(target), force=force)
    beside = target.with_name(f".{target.name}.partial")
    try:
        beside.write_bytes(data)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise OutputError(f"{target}: cannot be written: {error.strerror}") from error

"""Sinks: where indexed frames go.

A sink writes beside its target and moves the result into place when all is
done. An error or Ctrl-C leaves the target as it was, and nothing beside it.
"""

from __future__ import annotations

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOBase
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

from steadyhue.errors import OptionError, OutputError, SteadyhueError
from steadyhue.formats.outputs import STANDARD_STREAM, check_target
from steadyhue.formats.replacing import Ready, Replacement, failed, standard_output
from steadyhue.formats.spool import name_of
from steadyhue.frame import IndexedFrame
from steadyhue.ranges import kind_of

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
    ready : callable, optional
        Told what the file is when it is complete, and before it is in place.

    Raises
    ------
    OptionError
        If the target is neither a path nor a file that takes bytes.
    OutputError
        If the target exists and may not be replaced, or cannot be written, or
        the format cannot hold such frames.
    """

    def __init__(
        self,
        target: Target,
        open_writer: Callable[[BinaryIO], Writer],
        *,
        force: bool = False,
        ready: Ready | None = None,
    ) -> None:
        self._ready = ready
        self._replacement: Replacement | None = None
        self._written = 0
        if not isinstance(target, (str, PathLike)):
            self._name = name_of(target, "output")
            self._file = _open_for_writing(target, self._name)
        elif str(target) == STANDARD_STREAM:
            self._name = "standard output"
            self._file = standard_output()
            if sys.stdout.isatty():
                raise OutputError("standard output is a terminal; send it to a file or a pipe")
        else:
            self._name = str(target)
            check_target(target, force=force)
            self._replacement = Replacement(Path(os.path.realpath(target)), self._name)
            self._file = self._replacement.file
        try:
            with self._named():
                self._writer = open_writer(self._file)
        except BaseException:
            self.discard()
            raise

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Name the file in what its format or the system says."""
        try:
            yield
        except SteadyhueError:
            raise
        except OSError as error:
            raise failed(self._name, error) from error
        except ValueError as error:
            raise OutputError(f"{self._name}: {error}") from error

    def write(self, frame: IndexedFrame) -> None:
        """Encode one frame.

        Raises
        ------
        OutputError
            If the format cannot hold it, or the system not store it.
        """
        with self._named():
            self._writer.write(frame)
        self._written += 1

    def close(self) -> None:
        """Finish the stream and move the file into place.

        Raises
        ------
        OutputError
            If no frame was written, or the file cannot be stored.
        """
        if not self._written:
            raise OutputError(f"{self._name}: there are no frames to write")
        with self._named():
            self._writer.close()
            self._file.flush()
        if self._replacement is not None:
            self._replacement.commit(self._ready)

    def discard(self) -> None:
        """Remove what was written."""
        if self._replacement is not None:
            self._replacement.discard()


def _open_for_writing(target: object, name: str) -> Any:
    """Return a caller's own file, if bytes can be written to it."""
    if not callable(getattr(target, "write", None)):
        raise OptionError(
            f"{kind_of(target)} is no output: give a path, or a file that is open in mode 'wb'"
        )
    if isinstance(target, TextIOBase):
        raise OptionError(f"{name}: is open as text; open it in mode 'wb'")
    if getattr(target, "closed", False) is True:
        raise OptionError(f"{name}: is closed")
    if not getattr(target, "writable", lambda: True)():
        raise OptionError(f"{name}: is not open for writing; open it in mode 'wb'")
    return target

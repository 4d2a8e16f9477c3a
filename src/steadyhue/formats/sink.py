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
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from steadyhue.errors import OutputError, SteadyhueError
from steadyhue.formats.outputs import STANDARD_STREAM, check_target
from steadyhue.formats.replacing import Ready, Replacement, failed
from steadyhue.frame import IndexedFrame

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
            self._name = str(getattr(target, "name", "output"))
            self._file = target
        elif str(target) == STANDARD_STREAM:
            self._name = "standard output"
            self._file = _standard_output()
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


def _standard_output() -> BinaryIO:
    if sys.stdout is None:
        raise OutputError("standard output is closed")
    if sys.stdout.isatty():
        raise OutputError("standard output is a terminal; send it to a file or a pipe")
    return sys.stdout.buffer

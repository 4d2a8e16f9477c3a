"""Streams, which can be read once, kept so that an animation can be read again and again."""

from __future__ import annotations

import io
import weakref
from pathlib import Path
from typing import Any, BinaryIO

from steadyhue.errors import FormatError, LimitError, OptionError
from steadyhue.signals import held
from steadyhue.unfinished import UNFINISHED, finished

_CHUNK = 1 << 20
"""Bytes to take at a time, as pipes hand out at most so many (Linux, pipe(7))."""

_SHARE = 2
"""A stream may fill one part of so many of what is free; other programs want room, too."""


class Spool:
    """What a stream held, in a temporary file that lasts until nothing can read it any more.

    So a frame can be asked for after the animation it came from is gone, as in
    ``for frame in open_animation(stream)``. Pickled, it becomes the bytes themselves: the
    file is soon gone, or on another machine.

    Parameters
    ----------
    stream : binary file
        Read from where it stands to its end; left open.
    head : bytes
        What was read of it already.
    name : str
        What to call it in messages.
    most : int
        Bytes that may come; also no more than half of the room for temporary files.

    Raises
    ------
    FormatError
        If it cannot be read to its end.
    LimitError
        If more comes.
    """

    def __init__(self, stream: Any, head: bytes, name: str, most: int) -> None:
        import tempfile  # only here: slow to import
        from shutil import disk_usage

        with held():
            file = tempfile.NamedTemporaryFile(prefix="steadyhue-", delete=False)  # noqa: SIM115
            self._path = Path(file.name)
            self.close = weakref.finalize(self, _Kept(self._path).discard)
        with file:
            room = disk_usage(self._path.parent).free // _SHARE
            try:
                chunk, size = head, 0
                while chunk:
                    size += len(chunk)
                    if size > most:
                        raise LimitError(
                            f"{name}: a stream of over {most} bytes is not read; "
                            f"save it to a file, or let it in with Limits(stream=...)"
                        )
                    if size > room:
                        raise LimitError(
                            f"{name}: {self._path.parent} has too little room to keep it; "
                            f"save it to a file"
                        )
                    file.write(chunk)
                    chunk = next_bytes(stream, _CHUNK, name)
            except BaseException:
                self.close()
                raise

    def __fspath__(self) -> str:
        return str(self._path)

    def __reduce__(self) -> tuple[type[bytes], tuple[bytes]]:
        return bytes, (self._path.read_bytes(),)

    def open(self) -> BinaryIO:
        """Open the file for reading."""
        return self._path.open("rb")


class _Kept:
    """A file that is removed when the program is told to end, if not before."""

    def __init__(self, path: Path) -> None:
        self._path = path
        UNFINISHED.append(self)

    def discard(self) -> None:
        self._path.unlink(missing_ok=True)
        finished(self)


def name_of(stream: object, otherwise: str = "file") -> str:
    """Return what to call a stream in messages."""
    given = getattr(stream, "name", None)  # of a file without a name, its number
    return given if isinstance(given, str) else otherwise


def next_bytes(stream: Any, count: int, name: str) -> bytes:
    """Read at most so many bytes of whatever has a method ``read``.

    Raises
    ------
    OptionError
        If it is closed, not open for reading, or gives something else than bytes.
    FormatError
        If it breaks off.
    """
    if isinstance(stream, io.TextIOBase):
        raise OptionError(f"{name}: is open as text; open it in mode 'rb'")
    if getattr(stream, "closed", False) is True:
        raise OptionError(f"{name}: is closed")
    try:
        data = stream.read(count)
    except io.UnsupportedOperation:
        raise OptionError(f"{name}: is not open for reading; open it in mode 'rb'") from None
    except Exception as error:  # any object may stand behind it
        told = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise FormatError(f"{name}: cannot be read: {told}") from error
    if data is None:
        raise OptionError(f"{name}: does not wait for what is to come; make it blocking")
    if not isinstance(data, (bytes, bytearray)):
        raise OptionError(f"{name}: gives {type(data).__name__} instead of bytes")
    return bytes(data)

"""Records: a file of numbered pieces of bytes, one record a frame, between processes."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from steadyhue.errors import FormatError
from steadyhue.formats.replacing import Replacement


def write_records(path: Path, magic: bytes, records: Iterable[Sequence[bytes]]) -> int:
    """Write records of as many pieces each; return how many.

    The file appears when it is complete, or not at all.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    replacement, count = Replacement(Path(os.path.realpath(path)), str(path)), 0
    try:
        replacement.file.write(magic)
        for pieces in records:
            lengths = _lengths(len(pieces)).pack(*map(len, pieces))
            replacement.file.write(lengths + b"".join(pieces))
            count += 1
        replacement.commit()
    finally:
        replacement.discard()
    return count


def read_records(path: Path, magic: bytes, pieces: int) -> Iterator[list[bytes]]:
    """Yield the records of a file, each of so many pieces.

    Raises
    ------
    FormatError
        If it begins with other magic.
    """
    told = _lengths(pieces)
    with path.open("rb") as file:
        if file.read(len(magic)) != magic:
            raise FormatError(f"{path}: is no {magic.decode().rpartition(' ')[0]}")
        while lengths := file.read(told.size):
            yield [file.read(length) for length in told.unpack(lengths)]


def _lengths(pieces: int) -> struct.Struct:
    return struct.Struct(f"<{pieces}I")  # a canvas is below 36 megapixels

"""Reels: indexed frames on disk, between the process that makes them and the one that merges."""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from steadyhue.errors import FormatError
from steadyhue.formats.replacing import Replacement
from steadyhue.frame import IndexedFrame
from steadyhue.report import FrameReport, Quantized

MAGIC = b"steadyhue reel 1\n"

_LENGTHS = struct.Struct("<IIIII")  # of the five pieces of a frame; a canvas is below 36 megapixels


def write_reel(path: Path, stream: Iterable[Quantized]) -> int:
    """Write frames and their reports; return how many.

    The file appears when it is complete, or not at all.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    replacement, count = Replacement(Path(os.path.realpath(path)), str(path)), 0
    try:
        replacement.file.write(MAGIC)
        for frame, report in stream:
            pieces = _pieces(frame, report)
            replacement.file.write(_LENGTHS.pack(*map(len, pieces)) + b"".join(pieces))
            count += 1
        replacement.commit()
    finally:
        replacement.discard()
    return count


def read_reel(path: Path) -> Iterator[Quantized]:
    """Yield the frames of a reel, and their reports, the same to the bit.

    Raises
    ------
    FormatError
        If it is none.
    """
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise FormatError(f"{path}: is no reel")
        while lengths := file.read(_LENGTHS.size):
            yield _frame([file.read(length) for length in _LENGTHS.unpack(lengths)])


def _pieces(frame: IndexedFrame, report: FrameReport) -> list[bytes]:
    told = {
        "shape": frame.indices.shape,
        "duration": frame.duration,
        "transparent": frame.transparent,
        "error": report.error,
        "cut": report.cut,
        "relocated": report.relocated,
        "n_iter": report.n_iter,
    }
    return [
        json.dumps(told).encode(),
        frame.palette.tobytes(),
        report.palette.tobytes(),
        report.weights.tobytes(),
        zlib.compress(frame.indices.tobytes(), 1),
    ]


def _frame(pieces: list[bytes]) -> Quantized:
    told = json.loads(pieces[0])
    palette = np.frombuffer(pieces[1], np.uint8).reshape(-1, 3)
    indices = np.frombuffer(zlib.decompress(pieces[4]), np.uint8).reshape(told["shape"])
    return (
        IndexedFrame(indices, palette, told["duration"], told["transparent"]),
        FrameReport(
            np.frombuffer(pieces[2], np.uint8).reshape(-1, 3),
            np.frombuffer(pieces[3], np.int64),
            told["error"],
            told["duration"],
            told["cut"],
            tuple(told["relocated"]),
            told["n_iter"],
        ),
    )

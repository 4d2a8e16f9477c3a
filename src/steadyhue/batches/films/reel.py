"""Reels: indexed frames on disk, between the process that makes them and the one that merges."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from steadyhue.batches.films.records import read_records, write_records
from steadyhue.frame import IndexedFrame
from steadyhue.report import FrameReport, Quantized

MAGIC = b"steadyhue reel 1\n"

_PIECES = 5


def write_reel(path: Path, stream: Iterable[Quantized]) -> int:
    """Write frames and their reports; return how many. As for `write_records`."""
    return write_records(path, MAGIC, (_pieces(frame, report) for frame, report in stream))


def read_reel(path: Path) -> Iterator[Quantized]:
    """Yield the frames of a reel, and their reports, the same to the bit; as for `read_records`."""
    return map(_frame, read_records(path, MAGIC, _PIECES))


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

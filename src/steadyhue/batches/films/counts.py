"""Counts: the histograms of frames on disk, between the processes that count and the one that plans."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steadyhue.errors import FormatError
from steadyhue.formats.replacing import Replacement
from steadyhue.histogram import Histogram, Sample

MAGIC = b"steadyhue counts 1\n"

_LENGTH = struct.Struct("<I")  # of a frame's piece: some bytes a color
_SAMPLE = ("ids", "colors", "weights", "linked")


def write_histograms(path: Path, histograms: Iterable[Histogram]) -> None:
    """Write the histograms of frames; the file appears when it is complete, or not at all.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    replacement = Replacement(Path(os.path.realpath(path)), str(path))
    try:
        replacement.file.write(MAGIC)
        for histogram in histograms:
            data = BytesIO()
            np.savez_compressed(data, **_arrays(histogram))
            replacement.file.write(_LENGTH.pack(len(data.getvalue())) + data.getvalue())
        replacement.commit()
    finally:
        replacement.discard()


def read_histograms(path: Path) -> Iterator[Histogram]:
    """Yield the histograms, the same to the bit.

    Raises
    ------
    FormatError
        If the file has none.
    """
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise FormatError(f"{path}: has no counts")
        while length := file.read(_LENGTH.size):
            with np.load(BytesIO(file.read(*_LENGTH.unpack(length)))) as stored:
                yield _histogram(stored)


def _arrays(histogram: Histogram) -> dict[str, Any]:
    found: dict[str, Any] = {"colors": histogram.colors, "weights": histogram.weights}
    found["area"] = np.int64(histogram.area)
    if histogram.still is not None:
        found["still"] = histogram.still
    if histogram.sample is not None:
        found |= {f"sample_{name}": getattr(histogram.sample, name) for name in _SAMPLE}
    return found


def _histogram(stored: Any) -> Histogram:
    colors: NDArray[np.uint8] = stored["colors"]
    sample = None
    if "sample_ids" in stored:
        pieces = {name: stored[f"sample_{name}"] for name in _SAMPLE}
        sample = Sample(**pieces, looked_at=pieces["ids"])  # which only the next frame's counts ask
    rows = np.arange(len(colors), dtype=np.int32)
    return Histogram(
        colors, stored["weights"], rows, stored.get("still"), sample, area=int(stored["area"])
    )

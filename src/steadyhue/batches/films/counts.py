"""Counts: the histograms of frames on disk, between the processes that count and the one that plans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steadyhue.batches.films.records import read_records, write_records
from steadyhue.histogram import Histogram, Sample

MAGIC = b"steadyhue counts 1\n"

_SAMPLE = ("ids", "colors", "weights", "linked")


def write_histograms(path: Path, histograms: Iterable[Histogram]) -> None:
    """Write the histograms of frames; as for `write_records`."""
    write_records(path, MAGIC, ([_packed(histogram)] for histogram in histograms))


def read_histograms(path: Path) -> Iterator[Histogram]:
    """Yield the histograms, the same to the bit; as for `read_records`."""
    for (data,) in read_records(path, MAGIC, 1):
        with np.load(BytesIO(data)) as stored:
            yield _histogram(stored)


def _packed(histogram: Histogram) -> bytes:
    data = BytesIO()
    np.savez_compressed(data, **_arrays(histogram))
    return data.getvalue()


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

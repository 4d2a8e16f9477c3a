"""Planning a shot that is too long for one process: counted in parts, planned by one.

Planning goes through a shot from its beginning, for k-means remembers. Counting colors before it and
labeling pixels after it are shared out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from steadyhue.batches.films.chunks import Span, parted
from steadyhue.batches.films.counts import read_histograms, write_histograms
from steadyhue.batches.places import fetched
from steadyhue.formats.parts import frames_of
from steadyhue.formats.replacing import replace_with
from steadyhue.histogram import Histogram
from steadyhue.modes import PaletteStep, Planner, planner
from steadyhue.modes.steady import PLANNED_COLORS
from steadyhue.overlap import overlap
from steadyhue.pipeline import counted


def within_shot(chosen: Planner) -> Planner:
    """Return a planner that is shown a part of a shot, where there are no cuts to find."""
    return replace(chosen, finds_cuts=False)


def count(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Count the colors of a part of a shot, unless an earlier run has left them.

    Parameters
    ----------
    payload : mapping
        ``source``, ``work``, ``settings``; ``part``: a `Part`, of which ``skip`` frames are seen
        but not counted; ``counts``: where to.

    Returns
    -------
    dict
        ``seconds``.
    """
    begin, path, settings = time.monotonic(), Path(payload["counts"]), payload["settings"]
    if path.exists():
        return {"seconds": 0.0}
    with fetched(payload["source"]) as file:
        source = payload["work"].frames(file, payload["source"])
    frames = overlap(frames_of(source, payload["part"]))
    found = islice(counted(frames, within_shot(planner(settings, ()))), payload["skip"], None)
    # As coarse as steady plans are made, and no larger than storage needs.
    most = PLANNED_COLORS if settings.mode == "steady" else 1 << 24
    write_histograms(path, (histogram.coarse(most) for _, histogram, _ in found))
    return {"seconds": time.monotonic() - begin}


def plan(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Choose the palettes of a shot, and where it is parted: where the least holds still.

    Parameters
    ----------
    payload : mapping
        ``settings``; ``shot``: its frames; ``counts``: the files of `count`, in order;
        ``windows``: the frames among which each border is put; ``folder``: for the palettes.

    Returns
    -------
    dict
        ``chunks``: list of `Chunk`; ``seconds``.
    """
    begin, shot, still = time.monotonic(), payload["shot"], []

    def watched() -> Iterator[Histogram]:
        for histogram in chain.from_iterable(map(read_histograms, map(Path, payload["counts"]))):
            still.append(0 if histogram.still is None else int(histogram.still.sum()))
            yield histogram

    steps = list(within_shot(planner(payload["settings"], ()))(watched()))
    at = [_stillest(window, shot[0], still) for window in payload["windows"]]
    chunks = parted(shot, at)
    for chunk in chunks:
        first, end = (number - shot[0] for number in chunk.rendered)
        write_steps(chunk.file(payload["folder"], "steps"), steps[first:end])
    return {"chunks": chunks, "seconds": time.monotonic() - begin}


def _stillest(window: Span, start: int, still: list[int]) -> int:
    """Return the frame at which the least holds still; of several the one in the middle."""
    middle = sum(window) / 2
    return min(range(*window), key=lambda n: (still[n - start], abs(n - middle)))


def write_steps(path: Path, steps: Iterable[PaletteStep]) -> None:
    """Store the palettes of a chunk."""
    told = [[s.palette.tolist(), s.cut, s.relocated, s.n_iter, s.unit] for s in steps]
    replace_with(json.dumps(told).encode(), path, str(path))


def read_steps(path: Path) -> Iterator[PaletteStep]:
    """Yield the palettes of a chunk, the same to the bit."""
    for palette, cut, relocated, n_iter, unit in json.loads(path.read_bytes()):
        yield PaletteStep(np.array(palette, np.uint8), cut, tuple(relocated), n_iter, unit)

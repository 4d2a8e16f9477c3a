"""Rendering a chunk, and merging all of them into the one file they are of."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from steadyhue.batches.films.chunks import Chunk
from steadyhue.batches.films.plan import read_steps, within_shot
from steadyhue.batches.films.reel import read_reel, write_reel
from steadyhue.batches.films.seams import Seam, measured, noted
from steadyhue.batches.places import fetched
from steadyhue.batches.whole import judged, save
from steadyhue.batches.work import Work
from steadyhue.errors import FormatError
from steadyhue.formats.parts import frames_of
from steadyhue.histogram import Histogram
from steadyhue.modes import PaletteStep, Planner, planner
from steadyhue.naming import joined
from steadyhue.overlap import overlap
from steadyhue.pipeline import counted, shots_apart
from steadyhue.report import Quantized
from steadyhue.settings import Settings


def render(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Make the frames of a chunk, unless an earlier run has left them.

    Parameters
    ----------
    payload : mapping
        ``source``, ``work``; ``settings``; ``chunk``: a `Chunk`; ``part``: a `Part`, its lead,
        frames and tail; ``folder``: where to.

    Returns
    -------
    dict
        ``frames``, ``seconds``.
    """
    begin, settings = time.monotonic(), payload["settings"]
    chunk: Chunk = payload["chunk"]
    reel = chunk.file(payload["folder"], "reel")
    if reel.exists():
        return {"frames": 0, "seconds": 0.0}
    with fetched(payload["source"]) as path:
        source = payload["work"].frames(path, payload["source"])
    frames = frames_of(source, payload["part"])
    if chunk.seam:
        frames = noted(frames, chunk.lead, chunk.file(payload["folder"], "still"))
    steps = chunk.file(payload["folder"], "steps") if chunk.planned else None
    plan = _planner(settings, steps)
    stream = overlap(shots_apart(counted(overlap(frames), plan), plan, settings))
    count = write_reel(reel, islice(stream, chunk.lead, chunk.lead + chunk.stop - chunk.start))
    return {"frames": count, "seconds": time.monotonic() - begin}


def _planner(settings: Settings, steps: Path | None) -> Planner:
    """Return what chooses the palettes of a chunk: those of the plan, where there is one."""
    chosen = planner(settings, ())
    if steps is None:
        return chosen

    def choose(histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
        for _, step in zip(histograms, read_steps(steps), strict=True):
            yield step

    return replace(within_shot(chosen), choose=choose)


def merge(unit: Mapping[str, Any]) -> dict[str, Any]:
    """Put chunks together: name their slots, recolor them, and write them in order.

    Parameters
    ----------
    unit : mapping
        As for `whole.make`, and ``key``; ``chunks``: list of `Chunk`; ``folder``: where they
        are, removed at the end.

    Returns
    -------
    dict
        As of `whole.make`, and ``seams``.
    """
    begin, folder = time.monotonic(), unit["folder"]
    verdict, key = judged(unit)
    if key != unit["key"]:
        raise FormatError(f"{unit['source']}: was changed while it was read")
    work: Work = unit["work"]
    settings = work.settings
    stream = joined(overlap(_joined(unit["chunks"], folder)), settings.colors - settings.n_clusters)
    targets = None if work.recoloring is None else work.recoloring.begin(settings, ())[1]
    for swap in (targets, work.edits if work.edits.slots else None):
        if swap is not None:
            from steadyhue.recolor import recolored  # with all of matching, which few need

            stream = recolored(stream, swap)
    with fetched(unit["source"]) as path:
        clip = work.open(path, unit["source"])
    seams: list[Seam] = []
    notes = {each.start: each.file(folder, "still") for each in unit["chunks"] if each.seam}
    shown = measured((frame for frame, _ in stream), notes, seams)
    frames = save(unit, verdict, key, clip, shown, seams)
    shutil.rmtree(folder, ignore_errors=True)
    seconds = time.monotonic() - begin
    return {"kept": False, "frames": frames, "seconds": seconds, "seams": tuple(seams)}


def _joined(chunks: list[Chunk], folder: str) -> Iterator[Quantized]:
    """Yield the frames of all chunks; each but the first begins with a cut, or with a seam."""
    for chunk in chunks:
        cut = chunk.start > 0 and not chunk.seam
        for frame, report in read_reel(chunk.file(folder, "reel")):
            yield frame, replace(report, cut=report.cut or cut)
            cut = False

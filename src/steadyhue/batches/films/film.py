"""The story of a long clip: surveyed, scanned for cuts, rendered in chunks, merged.

A shot that lasts two chunks or longer is counted in parts, planned by one process, and rendered in
parts that meet in seams.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from steadyhue.batches.addresses import bare
from steadyhue.batches.films.chunks import Chunk, Span, borders, collated, endless
from steadyhue.batches.films.plan import count, plan
from steadyhue.batches.films.pool import pool
from steadyhue.batches.films.render import merge, render
from steadyhue.batches.films.survey import LEAD, read_layout, scan, survey
from steadyhue.batches.run import Failed, Story
from steadyhue.batches.tasks import Task
from steadyhue.batches.whole import make
from steadyhue.cuts import REACH
from steadyhue.formats.parts import Layout


def film(unit: Mapping[str, Any], chunk: float) -> Story:
    """Tell how a clip is made in chunks; whole if it is short, or does not hold what it promises.

    Parameters
    ----------
    unit : mapping
        As for `whole.make`, and ``seams``: whether a shot may be parted.
    chunk : float
        Milliseconds of a chunk, at least.
    """
    source = bare(unit["source"])
    (found,) = yield [Task(survey, {**unit, "chunk": chunk}, source)]
    if "folder" not in found:
        return found
    try:
        return (yield from _in_chunks(unit, found, chunk))
    except Failed as failed:
        if failed.fault.kind != "input":
            raise
    # What is wrong with the file is told best by reading it from its beginning.
    (value,) = yield [Task(make, unit, source)]
    return value


def _in_chunks(unit: Mapping[str, Any], found: Mapping[str, Any], chunk: float) -> Story:
    source, work, folder = bare(unit["source"]), unit["work"], Path(found["folder"])
    layout = read_layout(found["folder"])
    settings, cuts = work.settings, found["cuts"]
    pools = settings.mode == "global"
    if cuts is None or pools:
        scans = _scans(unit, layout, chunk, folder if pools else None)
        values = yield [Task(scan, payload, source) for payload in scans]
        cuts = [cut for value in values for cut in value["cuts"]]
        if pools:
            counts = [payload["counts"] for payload in scans]
            (value,) = yield [Task(pool, {"settings": settings, "counts": counts}, source)]
            settings = value["settings"]
    base = {"source": unit["source"], "work": work, "settings": settings}
    durations = _durations(layout)
    # Errors that are diffused leave a pattern where all is still, which no warming up finds again.
    parts_shots = unit["seams"] and settings.dither != "floyd-steinberg"
    long = endless(cuts, durations, chunk) if parts_shots else []
    parts = (yield from _parted(base, layout, long, chunk, str(folder))) if long else {}
    spans = collated(cuts, durations, chunk, long)
    chunks = [part for span in spans for part in parts.get(span, [Chunk(*span)])]
    rendered = yield [
        Task(
            render,
            {
                **base,
                "chunk": each,
                "part": layout.part(*each.rendered),
                "folder": found["folder"],
            },
            source,
        )
        for each in chunks
    ]
    merging = {**unit, "key": found["key"], "chunks": chunks, "folder": found["folder"]}
    (value,) = yield [Task(merge, merging, source)]
    return {**value, "seconds": sum(each["seconds"] for each in [*rendered, value])}


def _parted(
    base: Mapping[str, Any], layout: Layout, shots: list[Span], chunk: float, folder: str
) -> Generator[list[Task], list[Mapping[str, Any]], dict[Span, list[Chunk]]]:
    """Count the colors of long shots in parts, plan each shot, and return its chunks."""
    source, counting, planning = bare(base["source"]), [], []
    for shot in shots:
        windows = borders(shot, _durations(layout), chunk)
        counts = []
        for start, stop in pairwise([shot[0], *(sum(w) // 2 for w in windows), shot[1]]):
            skip = int(start > shot[0])  # what holds still is told by the frame before
            counts.append(str(Path(folder, f"{start}-{stop}.counts")))
            part = layout.part(start - skip, stop)
            payload = {**base, "part": part, "skip": skip, "counts": counts[-1]}
            counting.append(Task(count, payload, source))
        told = {"shot": shot, "counts": counts, "windows": windows, "folder": folder}
        planning.append(Task(plan, {"settings": base["settings"], **told}, source))
    yield counting
    planned = yield planning
    return dict(zip(shots, (value["chunks"] for value in planned), strict=True))


def _scans(
    unit: Mapping[str, Any], layout: Layout, chunk: float, folder: Path | None
) -> list[dict[str, Any]]:
    """Return what to scan: as much at a time as a chunk is at least; where to count, if asked."""
    count = len(layout.picks)
    borders = [start for start, _ in collated(range(1, count), _durations(layout), chunk)]
    return [
        {
            "source": unit["source"],
            "work": unit["work"],
            "part": layout.part(max(0, start - LEAD), min(count, stop + REACH)),
            "start": start,
            "stop": stop,
            "counts": None if folder is None else str(folder / f"{start}-{stop}.npz"),
        }
        for start, stop in pairwise([*borders, count])
    ]


def _durations(layout: Layout) -> list[float]:
    return [duration for _, duration in layout.picks]

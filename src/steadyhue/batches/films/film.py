"""The story of a long clip: surveyed, scanned for cuts, rendered in chunks, merged."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from steadyhue.batches.addresses import bare
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
        As for `whole.make`.
    chunk : float
        Milliseconds of a chunk, at least; it ends with the shot.
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
    chunks = collated(cuts, _durations(layout), chunk)
    reels = [str(folder / f"{start}-{stop}.reel") for start, stop in chunks]
    rendered = yield [
        Task(
            render,
            {
                "source": unit["source"],
                "work": work,
                "settings": settings,
                "part": layout.part(start, stop),
                "reel": reel,
            },
            source,
        )
        for (start, stop), reel in zip(chunks, reels, strict=True)
    ]
    merging = {**unit, "key": found["key"], "reels": reels, "folder": found["folder"]}
    (value,) = yield [Task(merge, merging, source)]
    return {**value, "seconds": sum(each["seconds"] for each in [*rendered, value])}


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


def collated(
    cuts: list[int] | range, durations: list[float], chunk: float
) -> list[tuple[int, int]]:
    """Pack shots into chunks, in order, each until it lasts long enough.

    Parameters
    ----------
    cuts : list of int
        Numbers of the frames that begin a shot, rising; not the first one's.
    durations : list of float
        Milliseconds of every frame.
    chunk : float
        Milliseconds of a chunk, at least.

    Returns
    -------
    list of (int, int)
        Where each begins and ends.
    """
    chunks, start, lasts, at = [], 0, 0.0, 0
    for cut in cuts:
        lasts += sum(durations[at:cut])
        at = cut
        if lasts >= chunk:
            chunks.append((start, cut))
            start, lasts = cut, 0.0
    return [*chunks, (start, len(durations))]

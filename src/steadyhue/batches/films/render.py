"""Rendering a chunk, and merging all of them into the one file they are of."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from steadyhue.batches.films.reel import read_reel, write_reel
from steadyhue.batches.places import fetched
from steadyhue.batches.whole import judged, save
from steadyhue.batches.work import Work
from steadyhue.errors import FormatError
from steadyhue.formats.parts import frames_of
from steadyhue.modes import planner
from steadyhue.naming import joined
from steadyhue.overlap import overlap
from steadyhue.pipeline import counted, shots_apart
from steadyhue.report import Quantized


def render(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Make the frames of a chunk of whole shots, unless an earlier run has left them.

    Parameters
    ----------
    payload : mapping
        ``source``, ``work``; ``settings``; ``part``: a `Part`; ``reel``: where to.

    Returns
    -------
    dict
        ``frames``, ``seconds``.
    """
    begin, reel, settings = time.monotonic(), Path(payload["reel"]), payload["settings"]
    if reel.exists():
        return {"frames": 0, "seconds": 0.0}
    with fetched(payload["source"]) as path:
        source = payload["work"].frames(path, payload["source"])
    frames = overlap(frames_of(source, payload["part"]))
    plan = planner(settings, ())
    stream = overlap(shots_apart(counted(frames, plan), plan, settings))
    count = write_reel(reel, stream)
    return {"frames": count, "seconds": time.monotonic() - begin}


def merge(unit: Mapping[str, Any]) -> dict[str, Any]:
    """Put chunks together: name their slots, recolor them, and write them in order.

    Parameters
    ----------
    unit : mapping
        As for `whole.make`, and ``key``; ``reels``: list of str; ``folder``: removed at the end.

    Returns
    -------
    dict
        As of `whole.make`.
    """
    begin = time.monotonic()
    verdict, key = judged(unit)
    if key != unit["key"]:
        raise FormatError(f"{unit['source']}: was changed while it was read")
    work: Work = unit["work"]
    settings = work.settings
    stream = joined(overlap(_joined(unit["reels"])), settings.colors - settings.n_clusters)
    targets = None if work.recoloring is None else work.recoloring.begin(settings, ())[1]
    for swap in (targets, work.edits if work.edits.slots else None):
        if swap is not None:
            from steadyhue.recolor import recolored  # with all of matching, which few need

            stream = recolored(stream, swap)
    with fetched(unit["source"]) as path:
        clip = work.open(path, unit["source"])
    frames = save(unit, verdict, key, clip, (frame for frame, _ in stream))
    shutil.rmtree(unit["folder"], ignore_errors=True)
    return {"kept": False, "frames": frames, "seconds": time.monotonic() - begin}


def _joined(reels: list[str]) -> Iterator[Quantized]:
    """Yield the frames of all reels; each but the first begins with a cut."""
    for number, reel in enumerate(reels):
        cut = number > 0
        for frame, report in read_reel(Path(reel)):
            yield frame, replace(report, cut=report.cut or cut)
            cut = False

"""The survey of a clip: how long it is, how it can be read in parts, and where its shots begin."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from steadyhue.batches.films.pool import write_counts
from steadyhue.batches.places import fetched
from steadyhue.batches.whole import judged, make
from steadyhue.cuts import REACH, marked, marked_by
from steadyhue.formats.parts import Layout, Pick, frames_of, indexed_layout, laid_out
from steadyhue.formats.replacing import replace_with
from steadyhue.formats.source import Index
from steadyhue.frame import Frame
from steadyhue.histogram import Histogram
from steadyhue.overlap import overlap

FEWEST = 500
"""Frames below which a clip is made whole: sharing it out costs more than it gives."""

LEAD = 2 * REACH
"""Frames before a part that decide about its cuts: a mark is right once as many as are compared
came before it, and so is what is compared after as many marks again."""


def survey(unit: Mapping[str, Any]) -> dict[str, Any]:
    """Look at a clip; make it at once if it is short, or there.

    Parameters
    ----------
    unit : mapping
        As for `whole.make`, and ``chunk``, the milliseconds of a part.

    Returns
    -------
    dict
        As of `whole.make`; or ``key``, ``folder``, ``cuts``: numbers of frames that begin a
        shot, or None if that is to be found out. The layout is in the folder.
    """
    verdict, key = judged(unit)
    with fetched(unit["source"]) as path:
        frames = unit["work"].frames(path, unit["source"])
    n_frames = frames.source.n_frames
    if verdict.done or key is None or (n_frames is not None and n_frames < FEWEST):
        return make(unit)
    layout, cuts = indexed_layout(frames), None
    if layout is None:
        picks: list[Pick] = []
        cuts = []
        for (pick, _), cut in marked_by(laid_out(frames), lambda item: item[1]):
            if cut:
                cuts.append(len(picks))
            picks.append(pick)
        layout = Layout(picks)
    lasts = sum(duration for _, duration in layout.picks)
    if len(layout.picks) < FEWEST or lasts < 1.5 * unit["chunk"]:
        return make(unit)
    folder = Path(unit["ledger"].folder, "films", key)
    folder.mkdir(parents=True, exist_ok=True)
    index = layout.index
    told = {"picks": layout.picks, "index": index and [index.times, index.entries]}
    replace_with(json.dumps(told).encode(), folder / "layout.json", str(folder))
    return {"key": key, "folder": str(folder), "cuts": cuts}


def read_layout(folder: str) -> Layout:
    """Return the layout that a survey left in its folder."""
    told = json.loads(Path(folder, "layout.json").read_bytes())
    index = None
    if told["index"] is not None:
        times, entries = told["index"]
        index = Index(times, [(number, mark) for number, mark in entries])
    return Layout([(number, duration) for number, duration in told["picks"]], index)


def scan(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Find the cuts in a part of a clip, and count its colors where that is asked.

    Parameters
    ----------
    payload : mapping
        ``source``, ``work``; ``part``: a `Part` that begins `LEAD` frames before ``start`` and
        ends `REACH` after ``stop``, as far as there are some; ``counts``: where to store the
        histogram of the frames between, or None.

    Returns
    -------
    dict
        ``cuts``: list of int.
    """
    part, start, stop = payload["part"], payload["start"], payload["stop"]
    cuts: list[int] = []

    def between() -> Iterator[Frame]:
        with fetched(payload["source"]) as path:
            frames = frames_of(payload["work"].frames(path, payload["source"]), part)
        for number, (frame, cut) in enumerate(marked(frames), part.start):
            if start <= number < stop:
                if cut:
                    cuts.append(number)
                yield frame

    if payload["counts"] is None:
        for _ in overlap(between()):
            pass
    else:
        write_counts(Path(payload["counts"]), map(Histogram.of, overlap(between())))
    return {"cuts": cuts}

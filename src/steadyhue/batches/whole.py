"""One clip made whole, by one process: the task that most batches consist of."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from socket import gethostname
from typing import Any

from steadyhue.batches.addresses import is_address
from steadyhue.batches.identity import identity_of, key_of
from steadyhue.batches.ledger import Ledger, Verdict, state
from steadyhue.batches.places import delivered, fetched
from steadyhue.batches.work import ALGORITHM, Work
from steadyhue.errors import OutputError
from steadyhue.formats import open_sink
from steadyhue.frame import Animation, IndexedFrame


def make(unit: Mapping[str, Any]) -> dict[str, Any]:
    """Make one output, unless the ledger says that it is there.

    Parameters
    ----------
    unit : mapping
        ``source``, ``target``: str; ``work``: `Work`; ``ledger``: `Ledger`; ``force``: bool;
        ``seams``: milliseconds of the parts of a shot, or None if it is never parted.

    Returns
    -------
    dict
        ``kept``: whether it was there; ``frames``, ``seconds`` of what was done.

    Raises
    ------
    OutputError
        If what is there may not be replaced, or as for `formats.open_sink`.
    """
    begin = time.monotonic()
    verdict, key = judged(unit)
    if verdict.done:
        return {"kept": True, "frames": 0, "seconds": 0.0}
    with fetched(unit["source"]) as path:
        result = unit["work"].result(path, unit["source"])
        frames = save(unit, verdict, key, result.source, result)
    return {"kept": False, "frames": frames, "seconds": time.monotonic() - begin}


def judged(unit: Mapping[str, Any]) -> tuple[Verdict, str | None]:
    """Return what is to become of a unit, and its key.

    Raises
    ------
    OutputError
        If what is there may not be replaced.
    """
    ledger: Ledger = unit["ledger"]
    work: Work = unit["work"]
    key = key_of(identity_of(unit["source"]), work.plain())
    keys = {key, _with_seams(key, unit)} if unit["seams"] else {key}
    verdict = ledger.verdict(unit["source"], unit["target"], keys, force=unit["force"])
    if verdict.refusal is not None:
        raise OutputError(verdict.refusal)
    return verdict, key


def _with_seams(key: str | None, unit: Mapping[str, Any]) -> str | None:
    """Return the key of an output whose shots were parted: not quite what the whole would be."""
    return key and f"{key} in parts of {unit['seams']:g} ms"


def save(
    unit: Mapping[str, Any],
    verdict: Verdict,
    key: str | None,
    clip: Animation,
    stream: Iterable[IndexedFrame],
    seams: Sequence[tuple[int, float]] = (),
) -> int:
    """Write an output, and its record just before it is in place; return the number of frames.

    Parameters
    ----------
    unit : mapping
        As for `make`.
    verdict, key
        Of `judged`.
    clip : Animation
        What the output is made of, for its size and loop count.
    stream : iterable of IndexedFrame
    seams : sequence of (int, float)
        Where parts of a shot meet, and what changes there: complete when the stream is.

    Raises
    ------
    OutputError
        As for `formats.open_sink`.
    """
    target, frames = unit["target"], 0

    def enter(found: os.stat_result) -> None:
        output = [found.st_size] if is_address(target) else state(found)
        told: dict[str, Any] = {
            "key": key,
            "output": output,
            "replaces": verdict.replaces,
            "frames": frames,
        }
        if seams:
            told |= {"key": _with_seams(key, unit), "seams": [[n, round(x, 6)] for n, x in seams]}
        unit["ledger"].enter(unit["source"], target, {**told, **maker()})

    width, height = clip.size
    may_replace = unit["force"] or verdict.replaces is not None
    # What is there already is this unit's to replace: the ledger was asked.
    with (
        delivered(target, enter, replaces=may_replace) as (path, ready),
        open_sink(
            *(path, width, height),
            loop=clip.loop,
            real_times=clip.real_times,
            force=True,
            ready=ready,
        ) as sink,
    ):
        for frame in stream:
            sink.write(frame)
            frames += 1
    return frames


def maker() -> dict[str, Any]:
    """Return who makes an output, and when: for people, who read the ledger."""
    return {
        "algorithm": ALGORITHM,
        "steadyhue": _version(),
        "worker": f"{gethostname()}:{os.getpid()}",
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


@cache
def _version() -> str:
    return version("steadyhue")

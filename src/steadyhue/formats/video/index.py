"""The index of a video: the times of its frames and where a decoder can begin, from its packets."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from steadyhue.formats.boundary import reading
from steadyhue.formats.limits import Limits
from steadyhue.formats.source import Data, Index
from steadyhue.formats.timing import DEFAULT_PERIOD
from steadyhue.formats.video.extent import told_missing
from steadyhue.formats.video.opened import opened_video

INDEXED = ("mov", "matroska")
"""Formats whose files say where key frames are, so that they are found by time exactly."""


def index_of(data: Data, name: str, limits: Limits, demuxer: str) -> Index | None:
    """Return the index of a video; None if its packets do not tell what its frames will be."""
    if demuxer not in INDEXED:
        return None
    with opened_video(data, name, limits, demuxer) as (container, stream):
        with reading(f"{name}: cannot be read"):
            told = [
                (packet.pts, bool(packet.is_keyframe), packet.duration or 0)
                for packet in container.demux(stream)
                if packet.size and not packet.is_discard
            ]
        if not told or any(pts is None for pts, _, _ in told):
            return None
        told.sort()
        marks = [pts for pts, _, _ in told]
        if len(set(marks)) < len(marks) or not told[0][1]:
            return None
        base, period = stream.time_base, period_of(stream)
        ticks = [after - before for before, after in pairwise(marks)]
        times = [milliseconds(n, base, period) for n in [*ticks, told[-1][2]]]
        if told_missing(container, stream, len(times), sum(times), 1.5 * period):
            return None
    return Index(times, [(number, pts) for number, (pts, key, _) in enumerate(told) if key])


def period_of(stream: Any) -> float:
    """Return the milliseconds of a frame that has no time of its own."""
    rate = stream.average_rate or stream.guessed_rate
    return float(1000 / rate) if rate else DEFAULT_PERIOD


def milliseconds(ticks: int, base: Fraction, period: float) -> float:
    """Return how long so many ticks are; the period if that is nothing."""
    return float(ticks * base * 1000) if ticks > 0 else period

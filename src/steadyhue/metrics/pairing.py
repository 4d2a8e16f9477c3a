"""Pairing: which frame of an output stands beside which frame of its source.

By number where there are as many: whatever the times say, no tool reorders frames. Where an
encoder merged or dropped some, each source frame is paired with the output frame that is on
screen at the middle of its time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from steadyhue.frame import Animation, Frame


class Pair(NamedTuple):
    """A source frame, the output frame shown at its time, and that one's number from 0."""

    source: Frame
    output: Frame
    number: int


def frame_count(animation: Animation) -> int:
    """Return the number of frames, reading them all if the animation does not know it."""
    if animation.n_frames is not None:
        return animation.n_frames
    return sum(1 for _ in animation)


def by_number(source: Animation, output: Animation) -> Iterator[Pair]:
    """Pair the frames of two animations one by one, as far as both have them."""
    for number, (frame, shown) in enumerate(zip(source, output, strict=False)):
        yield Pair(frame, shown, number)


def by_time(source: Animation, output: Animation) -> Iterator[Pair]:
    """Pair each source frame with the output frame on screen at the middle of its time.

    The last output frame stays; nothing is paired with an output that has no frames.
    """
    frames = iter(output)
    shown = next(frames, None)
    if shown is None:
        return
    number, start, until = 0, 0.0, shown.duration
    for frame in source:
        middle = start + frame.duration / 2
        while until <= middle and (following := next(frames, None)) is not None:
            shown, number = following, number + 1
            until += shown.duration
        yield Pair(frame, shown, number)
        start += frame.duration

"""From a source to an animation: cuts, rates, sizes, alpha and limits, for every format alike.

Frames are chosen before they are converted, so one that is left out costs its decoding at
most, and one that is repeated is converted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import count
from math import inf
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from steadyhue import _native
from steadyhue.box import NOTHING
from steadyhue.errors import FormatError
from steadyhue.formats.boundary import reading
from steadyhue.formats.limits import Limits
from steadyhue.formats.raster import Pixels, Raster
from steadyhue.formats.source import Source, as_it_is
from steadyhue.formats.timing import Timing
from steadyhue.frame import LONGEST, Animation, Frame

T = TypeVar("T")

MOST_LOOPS = 65_536
"""How often GIF can say to play; more is as good as this."""

_ONE_SIZE = "--fit pad or crop (fit= in Python) makes all one size"
_END = (None, 0.0)


def adapt(source: Source, timing: Timing, raster: Raster, limits: Limits) -> Animation:
    """Return a source as a lazy animation.

    Raises
    ------
    LimitError
        If it asks for more than the limits.
    """
    if source.mixed and raster.fit is None:
        raise FormatError(f"{source.name}: the pictures are not of one size; {_ONE_SIZE}")
    if not (source.width and source.height):
        raise FormatError(f"{source.name}: has no pixels ({source.width}x{source.height})")
    declared = source.n_frames if timing.keeps_all else None
    limits.check(source.name, source.width, source.height, declared or 1)
    width, height = raster.size(source.width, source.height)
    limits.check(source.name, width, height)
    return Animation(
        Frames(source, timing, raster, limits),
        width=width,
        height=height,
        loop=min(max(source.loop, 0), MOST_LOOPS),
        n_frames=source.n_frames if timing.keeps_all else None,
        name=source.name,
        real_times=source.real_times or timing.fps is not None,
    )


def source_of(clip: Animation) -> Source:
    """Return an animation as a source, to be cut or resized once more."""
    return Source(
        clip.name,
        clip.width,
        clip.height,
        items=_Timed(clip),
        pixels=as_it_is,
        n_frames=clip.n_frames,
        loop=clip.loop,
        real_times=clip.real_times,
        foreign=False,
    )


@dataclass(frozen=True, slots=True)
class _Timed:
    clip: Animation

    def __call__(self) -> Iterator[tuple[Frame, float]]:
        return ((frame, frame.duration) for frame in self.clip)


@dataclass(frozen=True, slots=True)
class Frames:
    """The frames of a source as they are asked for: what an animation iterates."""

    source: Source
    timing: Timing
    raster: Raster
    limits: Limits

    def __call__(self) -> Iterator[Frame]:
        """Make all frames of the clip."""
        return self.made(self.chosen(items_of(self.source)))

    def chosen(self, items: Iterable[tuple[T, float]]) -> Iterator[tuple[T, float]]:
        """Choose of items with their milliseconds which are shown, and for how long."""
        if self.source.timed:
            return self.timing.select(self._bounded(items))
        return self.timing.pace(item for item, _ in items)

    def made(self, chosen: Iterable[tuple[Any, float]], first: int = 0) -> Iterator[Frame]:
        """Make frames of items that are chosen; the first one has a number in the whole clip."""
        source = self.source
        last: tuple[Any, Pixels | Frame, Frame] | None = None
        number = first - 1
        for number, (item, duration) in enumerate(chosen, first):
            self.limits.check(source.name, source.width, source.height, number + 1)
            if last is None or last[0] is not item:
                read = self._read(item, number)
                repeats = last is not None and _alike(read, last[1])
                last = item, read, last[2] if last is not None and repeats else self._frame(read)
            frame = last[2]
            yield frame if frame.duration == duration else replace(frame, duration=duration)
        if number < 0 and self.timing.start:
            raise FormatError(
                f"{source.name}: is over before {self.timing.start / 1000:g} s, where it should start"
            )
        source.losses.tell(source.name)

    def _bounded(self, items: Iterable[tuple[T, float]]) -> Iterator[tuple[T, float]]:
        """Refuse an item that would be repeated over the limit, before it is, and not after."""
        timing, source, shown = self.timing, self.source, -self.timing.start
        for item, given in items:
            time = min(given, LONGEST)
            if time < given:
                source.losses.note("a frame of more than a week is shown for a week")
            shown += time
            if timing.fps is not None:
                n_frames = int(min(shown, timing.duration or inf) * timing.fps / 1000)
                self.limits.check(source.name, source.width, source.height, n_frames)
            yield item, time

    def _read(self, item: Any, number: int) -> Pixels | Frame:
        source = self.source
        what = str(item) if isinstance(item, Path) else _frame_name(source, number)
        with reading(what) if source.foreign else nullcontext():
            made = source.pixels(item)
        height, width = made.ids.shape if isinstance(made, Frame) else made.shape[:2]
        if (width, height) != (source.width, source.height):
            self.limits.check(what, width, height)
            if self.raster.fit is None:
                raise FormatError(
                    f"{what}: is {width}x{height}, not {source.width}x{source.height} as the first; "
                    f"{_ONE_SIZE}"
                )
        return made

    def _frame(self, read: Pixels | Frame) -> Frame:
        target = self.raster.size(self.source.width, self.source.height)
        if isinstance(read, Frame):
            return self.raster.refit(read, target)
        return self.raster.frame(read, target)


def _alike(one: Pixels | Frame, other: Pixels | Frame) -> bool:
    """Tell whether two pictures have the same pixels, as those of videos that stand still."""
    if isinstance(one, Frame) or isinstance(other, Frame) or one.shape != other.shape:
        return False
    if not (one.flags.c_contiguous and other.flags.c_contiguous) or np.may_share_memory(one, other):
        return False  # whose memory is one may have been drawn over
    lines = len(one), -1
    return _native.differing_box(one.reshape(lines), other.reshape(lines)) == NOTHING


def items_of(source: Source) -> Iterator[tuple[Any, float]]:
    """Yield what a reader reads; its surprises name the frame."""
    if not source.foreign:
        yield from source.items()
        return
    with reading(source.name):
        items = iter(source.items())
    for number in count():
        with reading(_frame_name(source, number)):
            item = next(items, _END)
        if item is _END:
            return
        yield item


def _frame_name(source: Source, number: int) -> str:
    return source.name if source.n_frames == 1 else f"{source.name}: frame {number}"

"""From a source to an animation: cuts, rates, sizes, alpha and limits, for every format alike.

Frames are chosen before they are converted, so one that is left out costs its decoding at
most, and one that is repeated is converted once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from steadyhue.formats.limits import Limits
from steadyhue.formats.raster import Raster
from steadyhue.formats.source import Source, as_it_is
from steadyhue.formats.timing import Timing
from steadyhue.frame import Animation, Frame


def adapt(source: Source, timing: Timing, raster: Raster, limits: Limits) -> Animation:
    """Return a source as a lazy animation.

    Raises
    ------
    LimitError
        If it asks for more than the limits.
    """
    limits.check(source.name, source.width, source.height, source.n_frames or 1)
    width, height = raster.size(source.width, source.height)
    return Animation(
        _Frames(source, timing, raster),
        width=width,
        height=height,
        loop=source.loop,
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
    )


@dataclass(frozen=True, slots=True)
class _Timed:
    clip: Animation

    def __call__(self) -> Iterator[tuple[Frame, float]]:
        return ((frame, frame.duration) for frame in self.clip)


@dataclass(frozen=True, slots=True)
class _Frames:
    source: Source
    timing: Timing
    raster: Raster

    def __call__(self) -> Iterator[Frame]:
        items = self.source.items()
        if self.source.timed:
            chosen = self.timing.select(items)
        else:
            chosen = self.timing.pace(item for item, _ in items)
        last: tuple[Any, Frame] | None = None
        for item, duration in chosen:
            if last is None or last[0] is not item:
                last = item, self._frame(item)
            frame = last[1]
            yield frame if frame.duration == duration else replace(frame, duration=duration)

    def _frame(self, item: Any) -> Frame:
        made = self.source.pixels(item)
        return self.raster.refit(made) if isinstance(made, Frame) else self.raster.frame(made)

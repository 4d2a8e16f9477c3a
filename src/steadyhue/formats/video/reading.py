"""Video in: pictures with their times."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from steadyhue.errors import FormatError
from steadyhue.formats.boundary import reading
from steadyhue.formats.limits import Limits
from steadyhue.formats.losses import Losses
from steadyhue.formats.source import Data, Source
from steadyhue.formats.timing import DEFAULT_PERIOD
from steadyhue.formats.video.color import pixels_of, shown_size
from steadyhue.formats.video.deinterlace import progressive
from steadyhue.formats.video.hdr import CURVES
from steadyhue.formats.video.opened import opened_video, pictures_of


def read_video(data: Data, name: str, limits: Limits, *, demuxer: str) -> Source:
    """Read the first video stream of a file; its sound is left out.

    Times are those of the file, variable or not; the last frame lasts as long
    as the file says, else as the average one. `demuxer` is FFmpeg's name of the format.

    Raises
    ------
    FormatError
        If the file is malformed or has no video; for a damaged frame, when it
        is reached.
    LimitError
        If it asks for more than the limits.
    """
    losses = Losses()
    with opened_video(data, name, limits, demuxer) as (container, stream):
        with reading(f"{name}: cannot be decoded"):
            first = next(pictures_of(container, stream), None)
        if first is None:
            raise FormatError(f"{name}: there is no frame in the video")
        aspect = float(stream.sample_aspect_ratio or 1)
        width, height = shown_size(first, aspect)
        n_frames = stream.frames or None
        if container.streams.audio:
            losses.note("the sound is left out")
        if first.color_trc in CURVES:
            losses.note(f"its HDR ({CURVES[first.color_trc]}) is shown as SDR, highlights reduced")
    return Source(
        name,
        width,
        height,
        items=partial(_pictures, data, name, limits, demuxer, losses),
        pixels=partial(pixels_of, aspect=aspect),
        n_frames=n_frames,
        losses=losses,
    )


def _pictures(
    data: Data, name: str, limits: Limits, demuxer: str, losses: Losses
) -> Iterator[tuple[Any, float]]:
    with opened_video(data, name, limits, demuxer) as (container, stream):
        rate = stream.average_rate or stream.guessed_rate
        period = float(1000 / rate) if rate else DEFAULT_PERIOD
        count, shown = 0, 0.0
        for picture, time in _timed(progressive(pictures_of(container, stream)), period, name):
            yield picture, time
            count += 1
            shown += time
        # Edit lists hide frames that are counted, so that the time must be missing, too.
        length = stream.duration and stream.duration * stream.time_base * 1000
        if count < (stream.frames or 0) and shown < (length or 0) - 1.5 * period:
            losses.note(
                f"{count} of {stream.frames} frames could be read, as the file is cut short"
            )


def _timed(pictures: Iterator[Any], period: float, name: str) -> Iterator[tuple[Any, float]]:
    """Pair each picture with its milliseconds on screen: until the next one's time."""
    held: Any = None
    number = 0
    while True:
        with reading(f"{name}: frame {number}: cannot be decoded"):
            picture = next(pictures, None)
        if held is not None:
            yield held, _milliseconds(held, picture, period)
        if picture is None:
            return
        held = picture
        number += 1


def _milliseconds(picture: Any, following: Any, period: float) -> float:
    if picture.pts is None or picture.time_base is None:
        return period
    ticks = picture.duration or 0
    if following is not None and following.pts is not None:
        ticks = following.pts - picture.pts
    return float(ticks * picture.time_base * 1000) if ticks > 0 else period

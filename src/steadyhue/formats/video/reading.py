"""Video in: pictures with their times."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
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
from steadyhue.words import parse_time


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
            first = next(pictures_of(container, stream, losses), None)
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
        real_times=True,
        losses=losses,
    )


def _pictures(
    data: Data, name: str, limits: Limits, demuxer: str, losses: Losses
) -> Iterator[tuple[Any, float]]:
    with opened_video(data, name, limits, demuxer) as (container, stream):
        rate = stream.average_rate or stream.guessed_rate
        period = float(1000 / rate) if rate else DEFAULT_PERIOD
        count, shown = 0, 0.0
        for picture, time in _timed(
            progressive(pictures_of(container, stream, losses)), period, name
        ):
            if picture.is_corrupt:
                losses.note(f"parts of frame {count} and perhaps of later ones are damaged")
            yield picture, time
            count += 1
            shown += time
        missing = _missing(container, stream, count, shown, 1.5 * period)
        if missing:
            losses.note(missing)


def _missing(container: Any, stream: Any, count: int, shown: float, tolerance: float) -> str | None:
    """Say what of the file could not be read, if it was cut short.

    Edit lists hide frames that are counted, so that time must be missing, too.
    """
    length = _length(container, stream)
    if length is None or shown >= length - max(tolerance, length / 20):
        return None
    if count < stream.frames:
        return f"{count} of {stream.frames} frames could be read, as the file is cut short"
    told = f"{shown / 1000:.1f} of {length / 1000:.1f} seconds"
    return None if stream.frames else f"{told} could be read, as the file is cut short"


def _length(container: Any, stream: Any) -> float | None:
    """Return the milliseconds that a file says its video lasts; None if it does not."""
    if stream.duration:
        return float(stream.duration * stream.time_base * 1000)
    told = {key.upper(): value for key, value in stream.metadata.items()}.get("DURATION", "")
    with suppress(ValueError):  # Matroska's tag
        return parse_time(told)
    if len(container.streams) == 1 and container.duration:
        return float(container.duration / 1000)  # FFmpeg counts microseconds
    return None


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

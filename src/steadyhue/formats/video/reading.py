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
from steadyhue.formats.video.color import peak_of, pixels_of, shown_size
from steadyhue.formats.video.deinterlace import progressive
from steadyhue.formats.video.extent import told_missing
from steadyhue.formats.video.hdr import CURVES
from steadyhue.formats.video.index import index_of, milliseconds, period_of
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
        pixels=partial(pixels_of, aspect=aspect, peak=peak_of(first)),
        n_frames=n_frames,
        real_times=True,
        losses=losses,
        index=partial(index_of, data, name, limits, demuxer),
        items_from=partial(_pictures_from, data, name, limits, demuxer, losses),
    )


def _pictures(
    data: Data, name: str, limits: Limits, demuxer: str, losses: Losses
) -> Iterator[tuple[Any, float]]:
    with opened_video(data, name, limits, demuxer) as (container, stream):
        period = period_of(stream)
        count, shown = 0, 0.0
        for picture, time in _timed(
            progressive(pictures_of(container, stream, losses)), period, name
        ):
            if picture.is_corrupt:
                losses.note(f"parts of frame {count} and perhaps of later ones are damaged")
            yield picture, time
            count += 1
            shown += time
        missing = told_missing(container, stream, count, shown, 1.5 * period)
        if missing:
            losses.note(missing)


def _pictures_from(
    data: Data, name: str, limits: Limits, demuxer: str, losses: Losses, mark: int
) -> Iterator[tuple[Any, float]]:
    """Yield the pictures from a key frame on; its time is the mark.

    What comes before it, and refers to what was passed over, is left out.
    """
    with opened_video(data, name, limits, demuxer) as (container, stream):
        with reading(f"{name}: cannot be searched"):
            container.seek(mark, stream=stream)
        pictures = pictures_of(container, stream, losses)
        for picture, time in _timed(pictures, period_of(stream), name):
            if picture.interlaced_frame:
                raise FormatError(f"{name}: is interlaced, and cannot be begun in its midst")
            if picture.pts >= mark:
                yield picture, time


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
    return milliseconds(ticks, picture.time_base, period)

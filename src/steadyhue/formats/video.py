"""Video in and out, through the libraries of FFmpeg; the only importer of ``av``."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from typing import Any, BinaryIO

import numpy as np

from steadyhue.errors import (
    FormatError,
    FormatWarning,
    MissingDependencyError,
    SteadyhueError,
)
from steadyhue.formats.encodings import ENCODINGS, TICKS, Encoding
from steadyhue.formats.limits import Limits
from steadyhue.formats.pace import Clockwork, Pace
from steadyhue.formats.raster import Pixels
from steadyhue.formats.source import Data, Source, opened
from steadyhue.formats.timing import DEFAULT_PERIOD
from steadyhue.frame import IndexedFrame
from steadyhue.threads import threads

try:
    import av
    from av.video.reformatter import ColorRange, Colorspace
except ImportError as error:
    raise MissingDependencyError("video", "video") from error

# ITU-T H.273 matrix coefficients to the matrices of the converter.
_MATRICES = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    10: Colorspace.BT2020,
}
_BT709 = 1  # matrix, primaries and transfer curve alike
_LONGEST = (2**31 - 1) / TICKS
"""Milliseconds that fit into 32 bits, which is what MP4 has for a frame (ISO/IEC 14496-12, stts)."""

_HD = 720  # rows from which untagged video is BT.709, as browsers have it


def read_video(data: Data, name: str, limits: Limits) -> Source:
    """Read the first video stream of a file; its sound is left out.

    Times are those of the file, variable or not; the last frame lasts as long
    as the file says, else as the average one.

    Warns
    -----
    FormatWarning
        If there is sound.

    Raises
    ------
    FormatError
        If the file is malformed or has no video; for a damaged frame, when it
        is reached.
    LimitError
        If it asks for more than the limits.
    """
    with _opened(data, name, limits) as (container, stream):
        with _errors(name):
            first = next(_decode(container, stream), None)
        if first is None:
            raise FormatError(f"{name}: there is no frame in the video")
        # Pixels of some videos are not square when shown.
        stored = round(first.width * (stream.sample_aspect_ratio or 1)), first.height
        width, height = stored if first.rotation % 180 == 0 else stored[::-1]
        n_frames = stream.frames or None
        if container.streams.audio:
            warnings.warn(f"{name}: the sound is left out", FormatWarning, stacklevel=2)
    return Source(
        name,
        width,
        height,
        items=partial(_pictures, data, name, limits),
        pixels=partial(pixels_of, width=stored[0], height=stored[1]),
        n_frames=n_frames,
        real_times=True,
    )


def _pictures(data: Data, name: str, limits: Limits) -> Iterator[tuple[Any, float]]:
    with _opened(data, name, limits) as (container, stream):
        yield from _timed(container, stream, name)


@contextmanager
def _opened(data: Data, name: str, limits: Limits) -> Iterator[tuple[Any, Any]]:
    with opened(data) as file:
        with _errors(name):
            container = av.open(file)
        with container:
            covers = av.stream.Disposition.attached_pic
            streams = [s for s in container.streams.video if not s.disposition & covers]
            if not streams:
                raise FormatError(f"{name}: there is no video in the file")
            stream = streams[0]
            if stream.codec_context is None:
                raise FormatError(f"{name}: the video is in a way that FFmpeg does not know")
            limits.check(name, stream.codec_context.width, stream.codec_context.height)
            stream.codec_context.options = {"max_pixels": str(limits.canvas)}
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = threads()
            yield container, stream


def _decode(container: Any, stream: Any) -> Iterator[Any]:
    """Frames in the order of their times."""
    codec = stream.codec_context.name
    tags = {tag.lower(): value for tag, value in stream.metadata.items()}
    if tags.get("alpha_mode") != "1" or codec not in ("vp8", "vp9"):
        yield from container.decode(stream)
        return
    # FFmpeg's own VP8 and VP9 decoders know no transparency.
    decoder: Any = av.CodecContext.create("libvpx" if codec == "vp8" else "libvpx-vp9", "r")
    decoder.options = stream.codec_context.options
    for packet in container.demux(stream):
        for picture in decoder.decode(packet if packet.size else None):
            picture.time_base = stream.time_base
            yield picture


def _timed(container: Any, stream: Any, name: str) -> Iterator[tuple[Any, float]]:
    """Pair each frame with its milliseconds on screen: until the next one's time."""
    rate = stream.average_rate or stream.guessed_rate
    period = float(1000 / rate) if rate else DEFAULT_PERIOD
    held: Any = None
    pictures = _decode(container, stream)
    number = 0
    while True:
        with _errors(f"{name}: frame {number}"):
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


def pixels_of(picture: Any, width: int, height: int) -> Pixels:
    """Convert a decoded frame to upright sRGB pixels of a given size before rotation.

    The way over 4:4:4 makes the matrix exact to half a level; the direct one
    is off by up to three.
    """
    kind = picture.format
    alpha = kind.name.startswith("yuva") or (kind.is_rgb and len(kind.components) == 4)
    target = "rgba" if alpha else "rgb24"
    full = ColorRange.JPEG
    if not kind.is_rgb:
        default = Colorspace.ITU709 if picture.height >= _HD else Colorspace.ITU601
        matrix = _MATRICES.get(int(picture.colorspace), default)
        limited = picture.color_range != full and not kind.name.startswith("yuvj")
        levels = {
            "src_color_range": ColorRange.MPEG if limited else full,
            "src_colorspace": matrix,
            "dst_colorspace": matrix,
        }
        picture_444 = picture.reformat(
            width,
            height,
            "yuva444p" if alpha else "yuv444p",
            dst_color_range=levels["src_color_range"],
            **levels,
        )
        converted = picture_444.reformat(format=target, dst_color_range=full, **levels)
    else:
        converted = picture.reformat(width, height, target)
    pixels = converted.to_ndarray()
    turns = round(picture.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels


@contextmanager
def _errors(name: str) -> Iterator[None]:
    try:
        yield
    except SteadyhueError:
        raise
    except (av.FFmpegError, ValueError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FormatError(f"{name}: cannot be decoded: {reason}") from error


class VideoWriter:
    """Encodes a video stream.

    Parameters
    ----------
    file : binary file
        Open for writing and seekable.
    width, height : int
        Size of every frame in pixels; where a format wants even numbers, the
        last column and row are repeated.
    loop : int
        Not kept: video files say nothing about it.
    encoding : Encoding
        The kind of file.
    """

    def __init__(
        self, file: BinaryIO, width: int, height: int, loop: int = 0, *, encoding: Encoding
    ) -> None:
        self._container: Any = av.open(file, "w", format=encoding.container)
        self._size = width, height
        self._encoding = encoding
        self._pixels = encoding.pixels
        self._stream: Any = None
        clockwork = Clockwork("a video", 1, encoding.tick, _LONGEST, whole=False)
        self._pace = Pace(clockwork, real_times=True)
        self._elapsed = 0.0
        self._ticks: dict[int, int] = {}

    def write(self, frame: IndexedFrame) -> None:
        """Encode one frame; one without a time lasts 100 ms, as players show it.

        Raises
        ------
        ValueError
            If the codec refuses its size.
        """
        for milliseconds in self._pace.times(frame.duration or DEFAULT_PERIOD):
            self._encode(frame.rgba(), milliseconds)

    def _encode(self, rgba: Pixels, milliseconds: float) -> None:
        if self._stream is None:
            if not rgba[..., 3].all():
                self._pixels = self._encoding.pixels_with_alpha or self._pixels
            self._start()
        picture = self._picture(rgba)
        picture.pts = round(self._elapsed * TICKS)
        picture.time_base = Fraction(1, 1000 * TICKS)
        self._elapsed += milliseconds
        self._ticks[picture.pts] = max(1, round(self._elapsed * TICKS) - picture.pts)
        try:
            self._mux(picture)
        except av.error.ExternalError as error:
            width, height = self._size
            raise ValueError(f"the codec refuses frames of {width}x{height} pixels") from error

    def _start(self) -> None:
        stream: Any = self._container.add_stream(self._encoding.codec, rate=30)
        stream.codec_context.time_base = Fraction(1, 1000 * TICKS)
        stream.width, stream.height = self._size
        stream.pix_fmt = self._pixels
        stream.options = dict(self._encoding.options)
        if self._pixels.startswith("yuv"):
            stream.width, stream.height = (side + side % 2 for side in self._size)
            stream.codec_context.color_range = ColorRange.MPEG
            stream.codec_context.colorspace = _BT709
            stream.codec_context.color_primaries = _BT709
            stream.codec_context.color_trc = _BT709
        if self._pixels == "yuva420p":
            stream.options |= {"auto-alt-ref": "0"}
            stream.metadata["alpha_mode"] = "1"
        self._stream = stream

    def _picture(self, rgba: Pixels) -> Any:
        if not self._pixels.startswith("yuv"):
            return av.VideoFrame.from_ndarray(rgba, format="rgba").reformat(format=self._pixels)
        odd_rows, odd_columns = rgba.shape[0] % 2, rgba.shape[1] % 2
        if odd_rows or odd_columns:
            rgba = np.pad(rgba, ((0, odd_rows), (0, odd_columns), (0, 0)), mode="edge")
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgba), format="rgba")
        matrix = {"src_colorspace": Colorspace.ITU709, "dst_colorspace": Colorspace.ITU709}
        return picture.reformat(
            format=self._pixels.replace("420", "444"),
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            **matrix,
        ).reformat(
            format=self._pixels,
            src_color_range=ColorRange.MPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation="AREA",
            **matrix,
        )

    def _mux(self, picture: Any) -> None:
        for packet in self._stream.encode(picture):
            # The encoder forgets how long a frame lasts; the last one needs it.
            packet.duration = self._ticks.pop(packet.pts, packet.duration)
            self._container.mux(packet)

    def close(self) -> None:
        """Encode the frames that are held back, and end the file."""
        self._mux(None)
        self._container.close()
        self._pace.tell()


WRITERS = {
    suffix: partial(VideoWriter, encoding=encoding) for suffix, encoding in ENCODINGS.items()
}

"""An opened video: what FFmpeg may do with a file, and its pictures in the order of their times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EINVAL
from typing import Any, BinaryIO

import av

from steadyhue.errors import FormatError
from steadyhue.formats.boundary import reading
from steadyhue.formats.limits import Limits
from steadyhue.formats.losses import Losses
from steadyhue.formats.source import Data, opened
from steadyhue.threads import threads

NO_PROTOCOL = "none"
"""FFmpeg's whitelist of what a file may make it open besides itself: nothing has this name."""

_TITLES: dict[str, Any] = (
    {"metadata_errors": "replace"} if int(av.__version__.partition(".")[0]) < 19 else {}
)
"""What makes PyAV read titles in any encoding, as old files have them; from 19 on it always does."""


class _Readable:
    """A file as FFmpeg sees it: a seek to nowhere is refused by a number, not an exception.

    PyAV would print a traceback on standard error, and go on.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.read = file.read
        self.tell = file.tell

    def seek(self, offset: int, whence: int = 0) -> int:
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return -EINVAL


def open_container(file: BinaryIO, demuxer: str) -> Any:
    """Open a file for reading as one format, whatever its name or its content asks for."""
    return av.open(
        _Readable(file),
        format=demuxer,
        container_options={"protocol_whitelist": NO_PROTOCOL},
        **_TITLES,
    )


@contextmanager
def opened_video(data: Data, name: str, limits: Limits, demuxer: str) -> Iterator[tuple[Any, Any]]:
    """Open a file, and yield the container and its first video stream."""
    with opened(data) as file:
        with reading(f"{name}: cannot be decoded"):
            container = open_container(file, demuxer)
        with container:
            covers = av.stream.Disposition.attached_pic
            streams = [s for s in container.streams.video if not s.disposition & covers]
            if not streams:
                raise FormatError(f"{name}: there is no video in the file")
            stream = streams[0]
            if stream.codec_context is None:
                raise FormatError(f"{name}: the video is of a codec that cannot be decoded")
            limits.check(name, stream.codec_context.width, stream.codec_context.height)
            stream.codec_context.options = {"max_pixels": str(limits.canvas)}
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = threads()
            yield container, stream


def pictures_of(container: Any, stream: Any, losses: Losses) -> Iterator[Any]:
    """Yield decoded pictures in the order of their times.

    What cannot be decoded is an error, but for the end of a file that is cut off there.
    """
    decode = _decoding(stream)
    failure: Exception | None = None
    for packet in container.demux(stream):
        if failure is not None and packet.size:
            raise failure
        try:
            pictures = decode(packet)
        except av.FFmpegError as error:
            failure = error
            continue
        for picture in pictures:
            picture.time_base = stream.time_base
            yield picture
    if failure is not None:
        losses.note("the end cannot be decoded and is left out")


def _decoding(stream: Any) -> Callable[[Any], Any]:
    """Return what makes pictures of a packet; an empty packet ends the stream."""
    codec = stream.codec_context.name
    tags = {tag.lower(): value for tag, value in stream.metadata.items()}
    if tags.get("alpha_mode") != "1" or codec not in ("vp8", "vp9"):
        return lambda packet: packet.decode()
    # FFmpeg's own VP8 and VP9 decoders know no transparency.
    decoder: Any = av.CodecContext.create("libvpx" if codec == "vp8" else "libvpx-vp9", "r")
    decoder.options = stream.codec_context.options
    return lambda packet: decoder.decode(packet if packet.size else None)

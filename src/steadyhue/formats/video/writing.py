"""Video out."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any, BinaryIO

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from steadyhue.formats.encodings import ENCODINGS, TICKS, Encoding
from steadyhue.formats.pace import Clockwork, Pace
from steadyhue.formats.raster import Pixels
from steadyhue.formats.timing import DEFAULT_PERIOD
from steadyhue.frame import IndexedFrame

_BT709 = 1  # ITU-T H.273: matrix, primaries and transfer curve alike

_LONGEST = (2**31 - 1) / TICKS - 1
"""Milliseconds that fit into 32 bits, which is what MP4 has for a frame (ISO/IEC 14496-12, stts).
One less, as times are rounded; FFmpeg makes a tick of what is longer."""


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

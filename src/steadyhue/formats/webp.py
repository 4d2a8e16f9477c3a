"""Animated WebP: every frame, its time and the loop count, lossless.

Pillow encodes the pictures and this module puts them together: libwebp's own
animation encoder drops frames that equal the one before. The file format: RFC
9649, "WebP Image Format", 2024.
"""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

from steadyhue.errors import OutputError
from steadyhue.formats.pace import Clockwork, Pace
from steadyhue.formats.patch import Patch, difference
from steadyhue.formats.raster import Pixels
from steadyhue.frame import IndexedFrame

_LARGEST = 16383
_CLOCKWORK = Clockwork("an animated WebP", unit=1, shortest=11, longest=(1 << 24) - 1)
_ALPHA, _ANIMATION = 0x10, 0x02
_REPLACE = 0x02


class WebpWriter:
    """Writes a lossless animated WebP; of a single frame, a still. Times are whole milliseconds.

    Parameters
    ----------
    file : binary file
        Open for writing and seekable.
    width, height : int
        Size of every frame in pixels.
    loop : int
        How often to play; 0 means forever.
    real_times : bool
        Whether times of at most 10 ms are meant; else they are kept as they are.

    Raises
    ------
    ValueError
        If the size is over that of the format, 16383 pixels a side.
    """

    def __init__(
        self,
        file: BinaryIO,
        width: int,
        height: int,
        loop: int = 0,
        *,
        real_times: bool = False,
    ) -> None:
        if max(width, height) > _LARGEST:
            raise ValueError(
                f"a WebP is at most {_LARGEST} pixels wide and high, not {width}x{height}"
            )
        self._file = file
        self._size = width, height
        self._loop = loop
        self._canvas: Pixels | None = None
        self._frames = 0
        self._pace = Pace(_CLOCKWORK, real_times=real_times)

    def write(self, frame: IndexedFrame) -> None:
        """Encode one frame."""
        for milliseconds in self._pace.times(frame.duration):
            canvas = frame.rgba()
            if self._canvas is None:
                self._start()
                patch = Patch(0, 0, canvas, over=False)
            else:
                patch = difference(self._canvas, canvas, grid=2)  # corners are stored halved
            self._put(patch, int(milliseconds))
            self._canvas = canvas
            self._frames += 1

    def _start(self) -> None:
        width, height = self._size
        self._file.write(b"RIFF\0\0\0\0WEBP")
        flags = struct.pack("<I", _ALPHA | _ANIMATION)
        self._chunk(b"VP8X", flags + _u24(width - 1) + _u24(height - 1))
        self._chunk(b"ANIM", bytes(4) + struct.pack("<H", min(self._loop, 65535)))

    def _put(self, patch: Patch, milliseconds: int) -> None:
        height, width = patch.pixels.shape[:2]
        box = _u24(patch.x // 2) + _u24(patch.y // 2) + _u24(width - 1) + _u24(height - 1)
        flags = bytes((0 if patch.over else _REPLACE,))
        self._chunk(b"ANMF", box + _u24(milliseconds) + flags + _picture(patch.pixels))

    def _chunk(self, kind: bytes, data: bytes) -> None:
        self._file.write(kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2))

    def close(self) -> None:
        """Fill in the length."""
        if self._frames == 1 and self._canvas is not None:
            self._file.seek(0)
            self._file.truncate()
            self._file.write(b"RIFF\0\0\0\0WEBP" + _picture(self._canvas))
        length = self._file.tell()
        self._file.seek(4)
        self._file.write(struct.pack("<I", length - 8))
        self._file.seek(0, 2)
        self._pace.tell()


def _picture(pixels: Pixels) -> bytes:
    """Encode RGBA pixels as a VP8L chunk."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", lossless=True, quality=60, method=3)
    data = buffer.getvalue()
    start = 12
    while start < len(data):
        (length,) = struct.unpack_from("<I", data, start + 4)
        end = start + 8 + length + length % 2
        if data[start : start + 4] == b"VP8L":
            return data[start:end]
        start = end
    raise OutputError("Pillow has encoded a WebP picture that is not lossless")


def _u24(value: int) -> bytes:
    return value.to_bytes(3, "little")

"""PNG, still and animated: every frame, its time and the loop count, lossless.

The file format: W3C, "Portable Network Graphics (PNG) Specification (Third
Edition)", 2025, sections 5 and 11.
"""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO

import numpy as np

from steadyhue.formats.pace import Clockwork, Pace
from steadyhue.formats.patch import Patch, difference
from steadyhue.formats.raster import Pixels
from steadyhue.frame import IndexedFrame

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGBA = 6
_CLOCKWORK = Clockwork("an APNG", unit=1, shortest=11, longest=65_535_000, whole=False)


class PngWriter:
    """Writes an animated PNG; of a single frame, a plain indexed PNG.

    A PNG has one palette for all of its frames, so the pixels are RGBA. Only
    what changed is stored.

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
        self._file = file
        self._size = width, height
        self._loop = loop
        self._first: IndexedFrame | None = None
        self._canvas: Pixels | None = None
        self._frames = 0
        self._sequence = 0
        self._pace = Pace(_CLOCKWORK, real_times=real_times)

    def write(self, frame: IndexedFrame) -> None:
        """Encode one frame."""
        for milliseconds in self._pace.times(frame.duration):
            canvas = frame.rgba()
            if self._canvas is None:
                self._first = frame
                self._start()
                patch = Patch(0, 0, canvas, over=False)
            else:
                self._first = None
                patch = difference(self._canvas, canvas)
            self._put(patch, milliseconds)
            self._canvas = canvas

    def _start(self) -> None:
        self._file.write(_SIGNATURE)
        self._chunk(b"IHDR", struct.pack(">IIBBBBB", *self._size, 8, _RGBA, 0, 0, 0))
        self._control = self._file.tell()
        self._chunk(b"acTL", struct.pack(">II", 0, self._loop))

    def _put(self, patch: Patch, duration: float) -> None:
        height, width = patch.pixels.shape[:2]
        box = struct.pack(">IIII", width, height, patch.x, patch.y)
        delay = struct.pack(">HH", *_delay(duration))
        self._chunk(b"fcTL", self._number() + box + delay + bytes((0, patch.over)))
        # Filter 0 (none) on every row: repeats pack better than differences in flat colors.
        rows = np.zeros((height, 1 + 4 * width), np.uint8)
        rows[:, 1:] = patch.pixels.reshape(height, -1)
        data = zlib.compress(rows.data, 6)
        if self._frames:
            self._chunk(b"fdAT", self._number() + data)
        else:
            self._chunk(b"IDAT", data)
        self._frames += 1

    def _number(self) -> bytes:
        self._sequence += 1
        return struct.pack(">I", self._sequence - 1)

    def _chunk(self, kind: bytes, data: bytes) -> None:
        self._file.write(struct.pack(">I", len(data)) + kind + data)
        self._file.write(struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))))

    def close(self) -> None:
        """End the file, and fill in the number of frames."""
        self._pace.tell()
        if self._first is not None:
            self._file.seek(0)
            self._file.truncate()
            save_png(self._file, self._first)
            return
        self._chunk(b"IEND", b"")
        self._file.seek(self._control)
        self._chunk(b"acTL", struct.pack(">II", self._frames, self._loop))
        self._file.seek(0, 2)


def _delay(duration: float) -> tuple[int, int]:
    """Milliseconds as a fraction of seconds in 16 bits each, as exact as they allow."""
    from fractions import Fraction

    seconds = Fraction(duration) / 1000
    exact = seconds.limit_denominator(65535)
    if exact.numerator <= 65535:
        return exact.numerator, exact.denominator
    denominator = max(1, int(65535 / seconds))
    return min(65535, round(seconds * denominator)), denominator


def save_png(file: BinaryIO, frame: IndexedFrame) -> None:
    """Write a frame as an indexed PNG, palette and indices kept as they are."""
    from PIL import Image

    image = Image.fromarray(frame.indices)
    entries = max(len(frame.palette), (frame.transparent or 0) + 1)
    palette = bytes(frame.palette) + bytes(3 * (entries - len(frame.palette)))
    image.putpalette(palette)
    if frame.transparent is None:
        image.save(file, "PNG")
    else:
        image.save(file, "PNG", transparency=frame.transparent)

"""GIF files, written frame by frame and exactly."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.box import NOTHING, Box, inside, union
from steadyhue.extents import Extents
from steadyhue.formats.gif.container import CLEAR, KEEP, LOOPING
from steadyhue.formats.pace import Clockwork, Pace
from steadyhue.frame import Delta, IndexedFrame
from steadyhue.remap import shown_colors

_PIXEL: Box = (0, 0, 1, 1)

CLOCKWORK = Clockwork("a GIF", unit=10, shortest=2, longest=65535)
"""1/100 s in 16 bits, of which browsers show 0 and 1 for 10."""


class GifWriter:
    """Write frames to a GIF file as they come.

    Each frame is held until the next one is known, for what is to become of it
    afterwards is written with it. Of a frame only the box that changes is
    written, with unchanged pixels transparent where that is smaller.

    Parameters
    ----------
    file : binary file
        Written front to back; left open.
    width, height : int
        Size of all frames, in [1, 65535].
    loop : int
        How often to play, in [0, 65536]; 0 means forever.
    real_times : bool
        Whether times of at most 10 ms are meant; else they are delays as GIFs have them.

    Raises
    ------
    ValueError
        If a size or loop does not fit into a GIF.
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
        if not (0 < width < 65536 and 0 < height < 65536):
            raise ValueError(f"a GIF is 1 to 65535 pixels wide and high, not {width}x{height}")
        if not 0 <= loop <= 65536:
            raise ValueError(f"a GIF plays 0 (forever) to 65536 times, not {loop}")
        self._file = file
        self._size = width, height
        self._loop = loop
        self._canvas = np.zeros((height, width), np.uint32)  # as it is before the held frame
        self._held: _Picture | None = None
        self._last: _Picture | None = None  # which the canvas shows,
        self._cleared = NOTHING  # but for this
        self._extents = Extents()  # of its indices
        self._everything: Box = (0, 0, width, height)
        self._global_palette = b""
        self._global_depth = 1
        self._written = 0
        self._opening: _Opening | None = None
        self._follows = True  # whether the next frame is drawn over the one before it
        self._pace = Pace(CLOCKWORK, real_times=real_times)

    def write(self, frame: IndexedFrame) -> None:
        """Write a frame; its arrays must not change until the next one is written.

        Raises
        ------
        ValueError
            If its size is another.
        """
        if (frame.width, frame.height) != self._size:
            raise ValueError(
                f"all frames must have one size: got {frame.width}x{frame.height}"
                f" after {self._size[0]}x{self._size[1]}"
            )
        follows = self._follows
        self._follows = False  # where the clock leaves a frame out, the next is drawn over another
        for delay in self._pace.times(frame.duration):
            delta = frame.delta if follows else None
            picture = _Picture(frame, int(delay), self._held, delta)
            follows, self._follows = False, True
            if self._held is None:
                self._start(picture)
            else:
                self._flush(picture)
            self._held = picture

    def close(self) -> None:
        """Write the last frame and the end mark.

        Raises
        ------
        ValueError
            If no frame was written.
        """
        self._flush(None)
        self._held = None
        self._file.write(b";")
        if self._opening is not None:
            self._opening.declare(self._file)
        self._pace.tell()

    def _start(self, first: _Picture) -> None:
        palette = first.palette
        # One entry more than the colors leaves an index for unchanged pixels.
        self._global_depth = _bits(min(len(palette) // 3 + 1, 256))
        self._global_palette = palette
        self._file.write(
            struct.pack("<6sHHBBB", b"GIF89a", *self._size, 0x80 | self._global_depth - 1, 0, 0)
            + palette.ljust(3 << self._global_depth, b"\0")
        )
        if self._loop != 1:
            repeats = self._loop and self._loop - 1
            self._file.write(
                struct.pack("<3s11s2sHB", b"!\xff\x0b", LOOPING[0], b"\x03\x01", repeats, 0)
            )

    def _flush(self, following: _Picture | None) -> None:
        """Write the held frame, knowing what follows it."""
        held = self._held
        if held is None:
            raise ValueError("a GIF needs at least one frame")
        vanishing = NOTHING if following is None else held.vanishing(following)
        if held.delta is not None and vanishing in (NOTHING, held.delta.vanishing):
            box, vanishing = held.delta.box, held.delta.vanishing
            disposal = KEEP if vanishing == NOTHING else CLEAR
            self._write_block(held, box, disposal, held.delta.data, held.delta.transparent)
            self._extents.move(None)
        else:
            disposal = KEEP if vanishing == NOTHING else CLEAR
            box = self._write_anew(held, vanishing, disposal)
            if disposal == CLEAR and following is not None:
                following.delta = None  # it is for another canvas
        self._written += 1
        if disposal == CLEAR:
            self._canvas[inside(box)] = 0
        else:
            _native.paint(self._canvas, held.indices, held.shown, box)
        self._last, self._cleared = held, box if disposal == CLEAR else NOTHING

    def _write_anew(self, held: _Picture, vanishing: Box, disposal: int) -> Box:
        """Find what changes, and write it."""
        # An identical frame is one pixel, so that its time is kept.
        where = union(self._differing(held), vanishing) or _PIXEL
        marks, changed = _native.compare(self._canvas, held.indices, held.shown, where)
        box = self._everything if self._written == 0 else union(changed, vanishing)
        if box is None:  # nothing, though perhaps other indices of the same colors
            box = _PIXEL
            marks, _ = _native.compare(self._canvas, held.indices, held.shown, box)
        self._write_image(held, marks, box, disposal)
        return box

    def _differing(self, picture: _Picture) -> Box:
        """Return a box around all that a picture changes on the canvas."""
        last = self._last
        if last is None:
            return self._everything
        differing = _native.differing_box(picture.indices, last.indices)
        self._extents.move(differing)
        box = union(differing, self._cleared) or NOTHING
        if picture.shown is last.shown:
            return box
        return self._extents.around(picture.indices, picture.shown != last.shown, box)

    def _write_image(
        self, picture: _Picture, marks: NDArray[np.uint8], box: Box, disposal: int
    ) -> None:
        # Pillow, FFmpeg and gifsicle clear to a color where no index is transparent.
        clears = disposal == CLEAR
        data, transparent = min(
            _encodings(picture, marks, box, clears),
            key=lambda found: (clears and found[1] is None, len(found[0])),
        )
        self._write_block(picture, box, disposal, data, transparent)

    def _write_block(
        self, picture: _Picture, box: Box, disposal: int, data: bytes, transparent: int | None
    ) -> None:
        clears = disposal == CLEAR
        block = b""
        if picture.delay or disposal != KEEP or transparent is not None:
            if self._written == 0 and transparent is None:
                self._opening = _Opening.of(self._file, picture, disposal)
            elif clears and self._opening is not None:
                self._opening.needed = True
            flags = disposal << 2 | (transparent is not None)
            block = struct.pack("<3sBHBB", b"!\xf9\x04", flags, picture.delay, transparent or 0, 0)
        table, flags = b"", 0
        if not self._global_serves(picture.palette, transparent):
            depth = _bits(max(len(picture.palette) // 3, (transparent or 0) + 1))
            table, flags = picture.palette.ljust(3 << depth, b"\0"), 0x80 | depth - 1
        self._file.write(block + struct.pack("<cHHHHB", b",", *box, flags) + table + data)

    def _global_serves(self, palette: bytes, transparent: int | None) -> bool:
        return self._global_palette.startswith(palette) and not (
            transparent is not None and transparent >> self._global_depth
        )


def _encodings(
    picture: _Picture, marks: NDArray[np.uint8], box: Box, clears: bool
) -> Iterator[tuple[bytes, int | None]]:
    """Yield image data and its transparent index for each way to write the box worth trying.

    Where the box is cleared afterwards an index is transparent though no pixel may have it. There is
    none left only where the pixels that change have all 256.
    """
    used, n_looked_at, n_kept, edges, skipping_edges = _native.box_use(picture.indices, marks, box)
    changed, kept, see_through = used.astype(bool)
    anything = changed | kept

    def encoded(index: int | None, seen: NDArray[np.bool_], skip: bool) -> tuple[bytes, int | None]:
        width = max(_code_bits(seen), 0 if index is None else _bits(index + 1))
        return _native.lzw_encode(
            picture.indices, marks, box, width, -1 if index is None else index, skip
        ), index

    # Runs decide about size: where skipping what is kept leaves fewer of them it
    # wins, where it leaves many more or little is kept it loses, else try both.
    if kept.any() and not changed.all():
        fewer = skipping_edges < 0.95 * edges
        few = skipping_edges < 1.25 * edges + 64 and n_kept > 0.3 * n_looked_at
        if fewer or few or (clears and anything.all()):
            yield encoded(_free_index(changed), changed, True)
        if fewer:
            return
    index = _free_index(anything) if see_through.any() else None
    data, _ = encoded(index, anything, False)
    if clears and index is None and not anything.all():
        index = _free_index(anything)  # no code is spent on it
    yield data, index


@dataclass(slots=True)
class _Opening:
    """Where the file says that the first frame is opaque.

    Pillow and gifsicle look there whether anything later may be transparent. That is only known
    later, and written then where the file can go back.
    """

    at: int
    flags: int
    index: int
    needed: bool = False

    @classmethod
    def of(cls, file: BinaryIO, picture: _Picture, disposal: int) -> _Opening | None:
        used = np.zeros(256, bool)
        for row in picture.indices:  # a row at a time, for an array as an index is copied as int64
            used[row] = True
        if used.all() or not _can_go_back(file):
            return None
        return cls(file.tell(), disposal << 2, _free_index(used))

    def declare(self, file: BinaryIO) -> None:
        """Give the first frame a transparent index, if later ones have need of it."""
        if not self.needed:
            return
        end = file.tell()
        try:
            file.seek(self.at + 3)
        except OSError:  # a file that is compressed on the way
            return
        file.write(bytes([self.flags | 1]))
        file.seek(self.at + 6)
        file.write(bytes([self.index]))
        file.seek(end)


def _can_go_back(file: BinaryIO) -> bool:
    """Return whether what was written can be written over: not in pipes, nor behind ``>>``."""
    try:
        from fcntl import F_GETFL, fcntl

        return file.seekable() and not fcntl(file.fileno(), F_GETFL) & os.O_APPEND
    except ImportError:  # a system without the question
        return False
    except (AttributeError, OSError):  # no file of the system's
        return getattr(file, "seekable", bool)()


class _Picture:
    """A frame as the kernels take it: what each index shows as 0xFFRRGGBB, 0 if transparent."""

    def __init__(
        self, frame: IndexedFrame, delay: int, before: _Picture | None, delta: Delta | None
    ) -> None:
        self.delta = delta
        self.indices = np.ascontiguousarray(frame.indices)
        self.palette = frame.palette.tobytes()
        self.delay = delay
        self.looks = self.palette, frame.transparent
        same = before is not None and before.looks == self.looks
        self.shown: NDArray[np.uint32] = (
            before.shown
            if before is not None and same
            else shown_colors(frame.palette, frame.transparent)
        )
        self._may_see_through = frame.transparent is not None or int(self.indices.max()) >= len(
            frame.palette
        )

    def vanishing(self, following: _Picture) -> Box:
        """Return the box of the pixels that are opaque here and transparent in the next picture."""
        if not following._may_see_through:
            return NOTHING
        going, gone = self.shown != 0, following.shown == 0
        rows = np.zeros(len(self.indices), bool)
        columns = np.zeros(self.indices.shape[1], bool)
        for row, (ours, theirs) in enumerate(zip(self.indices, following.indices, strict=True)):
            vanish = going[ours] & gone[theirs]
            rows[row] = vanish.any()
            columns |= vanish
        if not rows.any():
            return NOTHING
        down, across = np.flatnonzero(rows), np.flatnonzero(columns)
        left, top = int(across[0]), int(down[0])
        return left, top, int(across[-1]) + 1 - left, int(down[-1]) + 1 - top


def _bits(n: int) -> int:
    """Return the depth of the smallest color table with at least `n` entries."""
    return max(1, (n - 1).bit_length())


def _code_bits(used: NDArray[np.bool_]) -> int:
    """Return the literal width for these indices; GIF knows none below 2."""
    found = np.flatnonzero(used)
    return max(2, int(found[-1]).bit_length()) if len(found) else 2


def _free_index(used: NDArray[np.bool_]) -> int:
    """Return the lowest index that is not used, which costs the least."""
    return int(used.argmin())

"""The blocks of a GIF file, in order, without decoding a pixel.

Source: CompuServe, "Graphics Interchange Format, Version 89a", 1990, and the
Netscape looping extension; where files in the wild and the text differ, what
Chromium does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from steadyhue import _native
from steadyhue.errors import FormatError

EXTENSION, IMAGE, TRAILER = 0x21, 0x2C, 0x3B
GRAPHIC_CONTROL, APPLICATION = 0xF9, 0xFF
LOOPING = (b"NETSCAPE2.0", b"ANIMEXTS1.0")

KEEP, CLEAR, RESTORE, RESTORE_TOO = 1, 2, 3, 4
"""Disposals: what becomes of an image when the next one comes. Old files say 4 for 3."""


class Broken(Exception):
    """Where the file stops making sense, and why."""


class Stream:
    """A file read front to back through a window that stays small."""

    PIECE = 1 << 18

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._window = b""
        self._at = 0

    def _extend(self) -> bool:
        """Forget what was taken and read on; False at the end of the file."""
        rest = self._window[self._at :]
        piece = self._file.read(max(self.PIECE, len(rest)))
        self._window, self._at = rest + piece, 0
        return bool(piece)

    def take(self, n: int) -> bytes:
        """Return the next `n` bytes; raise `Broken` if there are fewer."""
        while len(self._window) - self._at < n:
            if not self._extend():
                raise Broken("ends inside a block")
        self._at += n
        return self._window[self._at - n : self._at]

    def next(self) -> int | None:
        """Return the next byte, None at the end of the file."""
        if self._at == len(self._window) and not self._extend():
            return None
        return self.take(1)[0]

    def take_chain(self) -> tuple[bytes, int, int, bool]:
        """Pass a chain of sub-blocks.

        Returns
        -------
        tuple
            A buffer, the chain's start and end in it, and whether the chain
            is whole; it is not if the file ends first.
        """
        while (end := _native.sub_blocks_end(self._window, self._at)) < 0:
            if not self._extend():
                start, self._at = self._at, len(self._window)
                return self._window, start, self._at, False
        start, self._at = self._at, end
        return self._window, start, end, True


@dataclass(frozen=True, slots=True)
class Screen:
    """What the header says."""

    width: int
    height: int
    palette: bytes | None


@dataclass(frozen=True, slots=True)
class Image:
    """One image block and the graphic control before it.

    The sub-blocks of its codes are ``buffer[start:end]``; `whole` is False
    where the file ends inside them. `delay` is in 1/100 s, as in the file.
    """

    left: int
    top: int
    width: int
    height: int
    interlaced: bool
    palette: bytes | None
    transparent: int | None
    disposal: int
    delay: int
    literal_width: int
    buffer: bytes
    start: int
    end: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Loop:
    """The looping extension: how often to repeat after the first time; 0 is forever."""

    repeats: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Why nothing more can be read, though there is more."""

    reason: str


def read_blocks(file: BinaryIO, name: str) -> Iterator[Screen | Loop | Image | Damage]:
    """Yield the screen, then loops and images in file order, until the end or damage.

    Raises
    ------
    FormatError
        If the header is not a GIF's.
    """
    stream = Stream(file)
    yield _read_screen(stream, name)
    control = _NO_CONTROL
    try:
        while (kind := stream.next()) is not None:
            if kind == IMAGE:
                yield _read_image(stream, control)
                control = _NO_CONTROL
            elif kind == EXTENSION:
                label = stream.take(1)[0]
                if label == GRAPHIC_CONTROL:
                    control = _read_control(stream)
                elif label == APPLICATION:
                    yield from _read_application(stream)
                else:
                    stream.take_chain()
            elif kind == TRAILER:
                return
            else:
                raise Broken(f"goes on with a block of unknown kind {kind:#04x}")
    except Broken as broken:
        yield Damage(str(broken))


@dataclass(frozen=True, slots=True)
class _Control:
    transparent: int | None
    disposal: int
    delay: int


_NO_CONTROL = _Control(None, 0, 0)


def _read_screen(stream: Stream, name: str) -> Screen:
    try:
        header = stream.take(6)
    except Broken:
        raise FormatError(f"{name}: not a GIF file, it is too short") from None
    if header not in (b"GIF87a", b"GIF89a"):
        raise FormatError(f"{name}: not a GIF file, it starts with {header!r}")
    try:
        packed = stream.take(7)
        palette = _read_palette(stream, packed[4])
    except Broken:
        raise FormatError(f"{name}: the GIF file ends inside its header") from None
    return Screen(_number(packed, 0), _number(packed, 2), palette)


def _read_palette(stream: Stream, flags: int) -> bytes | None:
    return stream.take(3 << (flags & 7) + 1) if flags & 0x80 else None


def _read_control(stream: Stream) -> _Control:
    block = stream.take(6)
    if block[0] != 4 or block[5] != 0:
        raise Broken("has a graphic control of a wrong size")
    return _Control(block[4] if block[1] & 1 else None, block[1] >> 2 & 7, _number(block, 2))


def _read_application(stream: Stream) -> Iterator[Loop]:
    buffer, start, end, _ = stream.take_chain()
    block = buffer[start : min(end, start + 16)]
    if len(block) == 16 and block[1:12] in LOOPING and block[12:14] == b"\x03\x01":
        yield Loop(_number(block, 14))


def _read_image(stream: Stream, control: _Control) -> Image:
    place = stream.take(9)
    flags = place[8]
    palette = _read_palette(stream, flags)
    literal_width = stream.take(1)[0]
    return Image(
        _number(place, 0),
        _number(place, 2),
        _number(place, 4),
        _number(place, 6),
        bool(flags & 0x40),
        palette,
        control.transparent,
        control.disposal,
        control.delay,
        literal_width,
        *stream.take_chain(),
    )


def _number(data: bytes, at: int) -> int:
    return data[at] | data[at + 1] << 8

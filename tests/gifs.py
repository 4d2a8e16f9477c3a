"""GIF files by hand, block by block, and the slow truth about LZW."""

from __future__ import annotations

import struct
from collections.abc import Sequence

RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)
PALETTE = bytes([*RED, *GREEN, *BLUE, *YELLOW])


def screen(width: int = 4, height: int = 4, palette: bytes = PALETTE) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, _table_flags(palette), 0, 0) + palette


def control(disposal: int = 1, transparent: int | None = None, delay: int = 10) -> bytes:
    flags = disposal << 2 | (transparent is not None)
    return b"!\xf9\x04" + struct.pack("<BHBB", flags, delay, transparent or 0, 0)


def loop(repeats: int, application: bytes = b"NETSCAPE2.0") -> bytes:
    return b"!\xff\x0b" + application + b"\x03\x01" + struct.pack("<HB", repeats, 0)


def image(
    left: int,
    top: int,
    width: int,
    height: int,
    indices: Sequence[int],
    palette: bytes = b"",
    interlaced: bool = False,
    literal_width: int = 2,
) -> bytes:
    flags = _table_flags(palette) | interlaced << 6
    place = struct.pack("<HHHHB", left, top, width, height, flags)
    return b"," + place + palette + image_data(indices, literal_width)


def image_data(indices: Sequence[int], literal_width: int = 2) -> bytes:
    """Return literals only, with so many clear codes that codes never widen."""
    clear = 1 << literal_width
    codes = []
    for i, index in enumerate(indices):
        if i % (clear - 2) == 0:
            codes.append(clear)
        codes.append(index)
    data = packed([*codes, clear + 1], literal_width + 1)
    return bytes([literal_width]) + sub_blocks(data)


def packed(codes: Sequence[int], width: int) -> bytes:
    number = sum(code << width * i for i, code in enumerate(codes))
    return number.to_bytes((width * len(codes) + 7) // 8, "little")


def sub_blocks(data: bytes) -> bytes:
    blocks = [data[i : i + 255] for i in range(0, len(data), 255)]
    return b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"


def lzw_decoded(data: bytes, literal_width: int, n_pixels: int) -> tuple[list[int], int]:
    """Decode as the specification tells it: pixels, and 0 all, 1 cut short, 2 broken."""
    bits, n_bits, at = int.from_bytes(data, "little"), 8 * len(data), 0
    clear = 1 << literal_width
    strings: list[tuple[int, ...]] = []
    previous: tuple[int, ...] = ()
    width, out = literal_width + 1, []
    while len(out) < n_pixels:
        if at + width > n_bits:
            return out, 1
        code = bits >> at & (1 << width) - 1
        at += width
        if code == clear:
            strings, previous, width = (
                [(i,) for i in range(clear)] + [(), ()],
                (),
                literal_width + 1,
            )
            continue
        if not strings:
            strings = [(i,) for i in range(clear)] + [(), ()]
        if code == clear + 1:
            return out, 1
        if code < len(strings):
            string = strings[code]
        elif code == len(strings) and previous and len(strings) < 4096:
            string = (*previous, previous[0])
        else:
            return out[:n_pixels], 2
        if previous and len(strings) < 4096:
            strings.append((*previous, string[0]))
        # The next code may name the string that it completes itself.
        if len(strings) >> width and width < 12:
            width += 1
        out.extend(string)
        previous = string
    return out[:n_pixels], 0


def _table_flags(palette: bytes) -> int:
    return 0x80 | (len(palette) // 3 - 1).bit_length() - 1 if palette else 0

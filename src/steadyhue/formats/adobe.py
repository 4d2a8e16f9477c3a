"""Adobe's palette files: color tables, swatches and swatch exchange.

References
----------
Color table and swatches: "Adobe Photoshop File Formats Specification".
Swatch exchange has no public specification; the layout is the one that open
readers agree on. All numbers are big-endian.
"""

from __future__ import annotations

import struct
from colorsys import hsv_to_rgb

import numpy as np

from steadyhue.color import from_space
from steadyhue.palette import Palette

ACT_COLORS = 256
"""Colors of a color table; shorter ones are padded and say how many count."""

_WORD = 65_535  # full scale of a swatch's 16-bit component


class _Bytes:
    """Reads fields in order and says where the file ends too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        piece = self._data[self._at : self._at + size]
        if len(piece) < size:
            raise ValueError(f"the file ends at byte {len(self._data)}, inside a color")
        self._at += size
        return piece

    def unpack(self, fields: str) -> tuple[int, ...]:
        return struct.unpack(">" + fields, self.take(struct.calcsize(">" + fields)))

    @property
    def left(self) -> int:
        return len(self._data) - self._at


def _text(data: bytes) -> str:
    return data.decode("utf-16-be", "replace").rstrip("\0")


def _palette(colors: list[tuple[int, int, int]], names: list[str]) -> Palette:
    array = np.array(colors, np.uint8).reshape(-1, 3)
    return Palette(array, names=names if any(names) else ())


def _byte(share: float) -> int:
    return int(min(max(share, 0.0), 1.0) * 255 + 0.5)


def _from_cmyk(inks: tuple[float, ...]) -> tuple[int, int, int]:
    """Without a profile: each ink takes its share of white. Inks in [0, 1]."""
    cyan, magenta, yellow, black = inks
    red, green, blue = (_byte((1 - ink) * (1 - black)) for ink in (cyan, magenta, yellow))
    return red, green, blue


def _from_lab(lightness: float, a: float, b: float) -> tuple[int, int, int]:
    red, green, blue = from_space(np.array([lightness, a, b]), "lab").tolist()
    return red, green, blue


def decode_act(data: bytes) -> Palette:
    """Read a color table: 256 colors, then optionally how many of them count."""
    table = 3 * ACT_COLORS
    if len(data) not in (table, table + 4):
        raise ValueError(f"a color table has {table} or {table + 4} bytes, not {len(data)}")
    count = struct.unpack(">H", data[table : table + 2])[0] if len(data) > table else ACT_COLORS
    if not 1 <= count <= ACT_COLORS:
        raise ValueError(f"the color table says it has {count} colors")
    return Palette(np.frombuffer(data, np.uint8, 3 * count).reshape(-1, 3))


def encode_act(palette: Palette) -> bytes:
    """Write a color table with its count and no transparent color."""
    colors = palette.colors.tobytes()
    return colors.ljust(3 * ACT_COLORS, b"\0") + struct.pack(">HH", len(palette), 0xFFFF)


def _swatch(space: int, words: tuple[int, ...]) -> tuple[int, int, int]:
    first, second, third, _ = (word / _WORD for word in words)
    if space == 0:
        return _byte(first), _byte(second), _byte(third)
    if space == 1:
        red, green, blue = (_byte(value) for value in hsv_to_rgb(first, second, third))
        return red, green, blue
    if space == 2:  # 0 is full ink
        return _from_cmyk(tuple(1 - word / _WORD for word in words))
    if space == 7:  # L* in hundredths, a* and b* signed hundredths
        a, b = ((word - 65_536 if word > 32_767 else word) / 100 for word in words[1:3])
        return _from_lab(words[0] / 100, a, b)
    if space == 8:  # 0 is white, 10000 black
        grey = _byte(1 - words[0] / 10_000)
        return grey, grey, grey
    raise ValueError(f"swatches in color space {space} are not read; save them as RGB")


def decode_aco(data: bytes) -> Palette:
    """Read swatches: version 1, or version 2 with names where it follows."""
    source = _Bytes(data)
    version, count = source.unpack("HH")
    if version == 1:
        colors = [_swatch(source.unpack("H")[0], source.unpack("4H")) for _ in range(count)]
        if source.left < 4:
            return _palette(colors, [])
        version, count = source.unpack("HH")
    if version != 2:
        raise ValueError(f"swatches of version {version} are not read")
    colors, names = [], []
    for _ in range(count):
        colors.append(_swatch(source.unpack("H")[0], source.unpack("4H")))
        names.append(_text(source.take(2 * source.unpack("I")[0])))
    return _palette(colors, names)


def encode_aco(palette: Palette) -> bytes:
    """Write swatches as RGB, in version 1 and again with names in version 2."""
    count = len(palette)
    swatches = [
        struct.pack(">5H", 0, *(257 * value for value in color), 0)
        for color in palette.colors.tolist()
    ]
    parts = [struct.pack(">HH", 1, count), *swatches, struct.pack(">HH", 2, count)]
    for swatch, name in zip(swatches, palette.names or [""] * count, strict=True):
        text = (name + "\0").encode("utf-16-be", "replace")
        parts += [swatch, struct.pack(">I", len(text) // 2), text]
    return b"".join(parts)


def _exchange_color(block: _Bytes) -> tuple[tuple[int, int, int], str]:
    name = _text(block.take(2 * block.unpack("H")[0]))
    model = block.take(4)
    sizes = {b"RGB ": 3, b"CMYK": 4, b"LAB ": 3, b"Lab ": 3, b"Gray": 1}
    if model not in sizes:
        raise ValueError(f"colors of the model {model!r} are not read; save them as RGB")
    values = block.unpack(f"{sizes[model]}f")
    if not np.isfinite(values).all():
        raise ValueError("a color is not a finite number")
    if model == b"CMYK":
        return _from_cmyk(values), name
    if model in (b"LAB ", b"Lab "):
        return _from_lab(100 * values[0], values[1], values[2]), name
    red, green, blue = (_byte(value) for value in (values * 3 if len(values) == 1 else values))
    return (red, green, blue), name


def decode_ase(data: bytes) -> Palette:
    """Read a swatch exchange file; groups are ignored, their colors are kept in order."""
    source = _Bytes(data)
    if source.take(4) != b"ASEF":
        raise ValueError("not a swatch exchange file: it must begin with 'ASEF'")
    *_, blocks = source.unpack("HHI")
    colors, names = [], []
    for _ in range(blocks):
        kind, size = source.unpack("HI")
        block = _Bytes(source.take(size))
        if kind == 1:
            color, name = _exchange_color(block)
            colors.append(color)
            names.append(name)
    return _palette(colors, names)


def encode_ase(palette: Palette) -> bytes:
    """Write a swatch exchange file of global RGB colors."""
    parts = [b"ASEF", struct.pack(">HHI", 1, 0, len(palette))]
    names = palette.names or [""] * len(palette)
    for color, name in zip(palette.colors.tolist(), names, strict=True):
        text = (name + "\0").encode("utf-16-be", "replace")
        block = struct.pack(">H", len(text) // 2) + text
        block += struct.pack(">4s3fH", b"RGB ", *(value / 255 for value in color), 0)
        parts.append(struct.pack(">HI", 1, len(block)) + block)
    return b"".join(parts)

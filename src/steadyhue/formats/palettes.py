"""Palette files: GIMP, hex lists, JASC, Adobe, JSON, CSV and PNG strips.

========  =====================================  ========================
suffix    format                                 keeps
========  =====================================  ========================
``.gpl``  GIMP palette                           colors, names
``.hex``  one ``rrggbb`` a line                  colors
``.pal``  JASC (Paint Shop Pro)                  colors
``.act``  Adobe color table, at most 256         colors
``.aco``  Adobe swatches                         colors, names
``.ase``  Adobe swatch exchange                  colors, names
``.json`` ``{"colors": ["#rrggbb", ...]}``       colors, weights, names
          or palettes over time, see below
``.csv``  ``color,weight,name``                  colors, weights, names
          or palettes over time, see below
``.png``  a row of square swatches               colors
========  =====================================  ========================

Palettes over time are what `figures.history.PaletteHistory` writes, as JSON or CSV. Read as a palette
they are pooled: distinct colors in the order of their appearance, with the sums of their
weights. JSON may also be a bare list of colors, or one such list a frame.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from steadyhue.errors import FormatError, LimitError, OptionError, OutputError
from steadyhue.formats import adobe, palette_lines, palette_strip, palette_tables
from steadyhue.formats.boundary import read_small, reading
from steadyhue.palette import Palette

MAX_BYTES = 16_000_000
"""Largest palette file that is read; 65535 named colors take about 4 MB."""

MAX_COLORS = 65_535
"""Most colors of a palette file, as Adobe's swatch files count them."""


def read_palette(path: str | Path) -> Palette:
    """Read a palette file; the suffix says which format it has.

    Raises
    ------
    FormatError
        If the suffix is unknown, or the file cannot be read, is malformed or has no colors.
    LimitError
        If the file is over `MAX_BYTES` or has over `MAX_COLORS` colors.
    """
    path = Path(path)
    if path.suffix.lower() not in _DECODERS:
        raise FormatError(f"{path}: a palette file ends in {', '.join(SUFFIXES)}")
    return decode_palette(read_small(path, MAX_BYTES), path.suffix, name=str(path))


def parse_palette(text: str | Path) -> Palette:
    """Read a palette named on a command line: a palette file, or hex colors with commas.

    Raises
    ------
    OptionError
        If it is neither.
    FormatError
        If the file cannot be read or is malformed.
    """
    path = Path(text)
    # Asked of the text: an empty one is no path, nor is one that is too long.
    if path.suffix.lower() in _DECODERS or os.path.exists(text):
        return read_palette(path)
    try:
        return Palette.from_hex(str(text))
    except ValueError as error:
        raise OptionError(
            f"{text or 'an empty text'}: neither a palette file nor a list of colors: {error}"
        ) from None


def decode_palette(data: bytes, suffix: str, *, name: str = "palette") -> Palette:
    """Read a palette from the bytes of a file; `name` is for messages."""
    decode = _DECODERS.get(suffix.lower())
    if decode is None:
        raise FormatError(f"{name}: a palette file ends in {', '.join(SUFFIXES)}")
    with reading(name):
        palette = decode(data)
    if len(palette) > MAX_COLORS:
        raise LimitError(f"{name}: {len(palette)} colors are over the limit of {MAX_COLORS}")
    return palette


def encode_palette(palette: Palette, suffix: str) -> bytes:
    """Return the bytes of a palette file.

    Raises
    ------
    OutputError
        If the suffix is unknown or the format cannot hold so many colors.
    """
    encode = _ENCODERS.get(suffix.lower())
    if encode is None:
        raise OutputError(f"a palette file ends in {', '.join(SUFFIXES)}")
    most = adobe.ACT_COLORS if suffix.lower() == ".act" else MAX_COLORS
    if len(palette) > most:
        raise OutputError(f"{suffix} holds at most {most} colors, not {len(palette)}")
    return encode(palette)


_DECODERS: dict[str, Callable[[bytes], Palette]] = {
    ".gpl": palette_lines.decode_gpl,
    ".hex": palette_lines.decode_hex,
    ".pal": palette_lines.decode_jasc,
    ".act": adobe.decode_act,
    ".aco": adobe.decode_aco,
    ".ase": adobe.decode_ase,
    ".json": palette_tables.decode_json,
    ".csv": palette_tables.decode_csv,
    ".png": palette_strip.decode_png,
}
_ENCODERS: dict[str, Callable[[Palette], bytes]] = {
    ".gpl": palette_lines.encode_gpl,
    ".hex": palette_lines.encode_hex,
    ".pal": palette_lines.encode_jasc,
    ".act": adobe.encode_act,
    ".aco": adobe.encode_aco,
    ".ase": adobe.encode_ase,
    ".json": palette_tables.encode_json,
    ".csv": palette_tables.encode_csv,
    ".png": palette_strip.encode_png,
}
SUFFIXES = tuple(_DECODERS)
"""The suffixes of palette files that are read and written."""

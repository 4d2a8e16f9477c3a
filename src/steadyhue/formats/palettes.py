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
          or palettes over time, which are pooled
``.csv``  ``color,weight,name``                  colors, weights, names
``.png``  a row of square swatches               colors
========  =====================================  ========================
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from steadyhue.errors import FormatError, LimitError, OutputError
from steadyhue.formats import adobe
from steadyhue.formats.boundary import parse_json, read_small, reading
from steadyhue.palette import Palette

MAX_BYTES = 16_000_000
"""Largest palette file that is read; 65535 named colors take about 4 MB."""

MAX_COLORS = 65_535
"""Most colors of a palette file, as Adobe's swatch files count them."""

_PNG_SWATCH = 16


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
    FormatError
        If it is neither.
    """
    path = Path(text)
    if path.suffix.lower() in _DECODERS or os.path.exists(
        path
    ):  # says no to texts that are not a path
        return read_palette(path)
    try:
        return Palette.from_hex(str(text))
    except ValueError as error:
        raise FormatError(f"{text}: neither a palette file nor a list of colors: {error}") from None


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


def _lines(data: bytes) -> list[str]:
    return [line.strip() for line in data.decode("utf-8-sig").splitlines()]


def _triplet(fields: list[str], line: str) -> list[int]:
    """Return the numbers of the first three fields, each in 0 to 255."""
    numbers = [int(field) for field in fields[:3] if re.fullmatch(r"\d{1,3}", field)]
    if len(numbers) != 3 or max(numbers) > 255:
        raise ValueError(f"{line!r} is not a color of three numbers in 0 to 255")
    return numbers


def _named(names: list[str]) -> list[str]:
    """Return the names, or none at all where no color has one."""
    return names if any(names) else []


def _flat(name: str) -> str:
    """Return a name on one line without outer spaces: all that line formats can hold."""
    return " ".join(name.split())


def _decode_gpl(data: bytes) -> Palette:
    lines = _lines(data)
    if not lines or lines[0] != "GIMP Palette":
        raise ValueError("not a GIMP palette: the first line must be 'GIMP Palette'")
    colors, names = [], []
    for line in lines[1:]:
        if not line or line.startswith("#") or re.match(r"(Name|Columns):", line):
            continue
        fields = line.split(None, 3)
        colors.append(_triplet(fields, line))
        names.append(fields[3] if len(fields) > 3 and fields[3] != "Untitled" else "")
    return Palette(np.array(colors, np.uint8).reshape(-1, 3), names=_named(names))


def _encode_gpl(palette: Palette) -> bytes:
    names = palette.names or [""] * len(palette)
    rows = [
        f"{red:3d} {green:3d} {blue:3d}\t{_flat(name) or 'Untitled'}"
        for (red, green, blue), name in zip(palette.colors.tolist(), names, strict=True)
    ]
    return "\n".join(["GIMP Palette", "Name: steadyhue", "#", *rows, ""]).encode()


def _decode_hex(data: bytes) -> Palette:
    return Palette.from_hex([line for line in _lines(data) if line and not line.startswith(";")])


def _encode_hex(palette: Palette) -> bytes:
    return "".join(f"{color[1:]}\n" for color in palette.hex).encode()


def _decode_jasc(data: bytes) -> Palette:
    if data.startswith(b"RIFF"):
        raise ValueError("this is a Microsoft RIFF palette; save it as JASC .pal")
    lines = [line for line in _lines(data) if line]
    if len(lines) < 3 or lines[0] != "JASC-PAL":
        raise ValueError("not a JASC palette: the first line must be 'JASC-PAL'")
    if not re.fullmatch(r"\d{1,6}", lines[2]) or int(lines[2]) != len(lines) - 3:
        raise ValueError(f"the palette says {lines[2]!r} colors and has {len(lines) - 3}")
    colors = [_triplet(line.split(), line) for line in lines[3:]]
    return Palette(np.array(colors, np.uint8).reshape(-1, 3))


def _encode_jasc(palette: Palette) -> bytes:
    rows = [f"{red} {green} {blue}" for red, green, blue in palette.colors.tolist()]
    return "\r\n".join(["JASC-PAL", "0100", str(len(rows)), *rows, ""]).encode()


def _decode_json(data: bytes) -> Palette:
    value = parse_json(data)
    if isinstance(value, list):
        value = {"colors": value}
    if isinstance(value, dict) and "frames" in value:
        return _pooled_over_time(value["frames"])
    colors = value.get("colors") if isinstance(value, dict) else None
    if not isinstance(colors, list) or not all(isinstance(color, str) for color in colors):
        raise ValueError('the JSON has no "colors", a list such as ["#1e90ff"]')
    weights, names = value.get("weights"), value.get("names") or []
    if weights is not None and not (
        isinstance(weights, list) and all(type(w) in (int, float) for w in weights)
    ):
        raise ValueError('"weights" must be a list of numbers')
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError('"names" must be a list of texts')
    return Palette(Palette.from_hex(colors).colors, weights, names)


def _pooled_over_time(frames: Any) -> Palette:
    """Pool palettes over time, as ``quantize --save-palette`` writes them.

    Distinct colors in the order of their appearance, with the sums of their weights.
    """
    weights: dict[str, float] = {}
    try:
        for frame in frames:
            for slot in frame["slots"]:
                weights[slot["color"]] = weights.get(slot["color"], 0.0) + float(slot["weight"])
    except (TypeError, KeyError):
        raise ValueError('"frames" must be a list such as [{"slots": [{"color": ...}]}]') from None
    return Palette(Palette.from_hex(weights).colors, list(weights.values()))


def _encode_json(palette: Palette) -> bytes:
    value: dict[str, object] = {"colors": palette.hex, "weights": palette.weights.tolist()}
    if palette.names:
        value["names"] = list(palette.names)
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _decode_csv(data: bytes) -> Palette:
    rows = [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) if any(row)]
    if not rows:
        raise ValueError("the file is empty")
    header = [field.strip().lower() for field in rows[0]]
    if "color" not in header:
        raise ValueError("the first line must name the columns: color,weight,name")

    def column(title: str) -> list[str]:
        place = header.index(title)
        return [row[place] if place < len(row) else "" for row in rows[1:]]

    weights = [float(field) for field in column("weight")] if "weight" in header else None
    names = column("name") if "name" in header else []
    return Palette(Palette.from_hex(column("color")).colors, weights, _named(names))


def _encode_csv(palette: Palette) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["color", "weight", "name"])
    names = palette.names or [""] * len(palette)
    writer.writerows(zip(palette.hex, palette.weights.tolist(), names, strict=True))
    return out.getvalue().encode()


def _decode_png(data: bytes) -> Palette:
    """Read a row of square swatches; any other picture gives its distinct colors in order."""
    from PIL import Image

    if not data.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"):
        raise ValueError("not a PNG")
    with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
        if image.width * image.height > MAX_BYTES:
            raise ValueError(f"{image.width}x{image.height} pixels are too many for a palette")
        pixels = np.asarray(image.convert("RGBA"))
    height, width = pixels.shape[:2]
    if width % height == 0:
        swatches = pixels.reshape(height, -1, height, 4)[0, :, 0]
        strip = np.repeat(swatches, height, axis=0)
        if (pixels == strip).all() and (swatches[:, 3] == 255).all():
            return Palette(swatches[:, :3])
    opaque = pixels[pixels[:, :, 3] >= 128][:, :3]
    colors, first = np.unique(opaque, axis=0, return_index=True)
    if len(colors) > 256:
        raise ValueError(f"{len(colors)} colors are a picture and not a palette")
    return Palette(colors[np.argsort(first)])


def _encode_png(palette: Palette) -> bytes:
    from PIL import Image

    strip = palette.colors.repeat(_PNG_SWATCH, axis=0)[None].repeat(_PNG_SWATCH, axis=0)
    out = io.BytesIO()
    Image.fromarray(strip).save(out, "PNG")
    return out.getvalue()


_DECODERS: dict[str, Callable[[bytes], Palette]] = {
    ".gpl": _decode_gpl,
    ".hex": _decode_hex,
    ".pal": _decode_jasc,
    ".act": adobe.decode_act,
    ".aco": adobe.decode_aco,
    ".ase": adobe.decode_ase,
    ".json": _decode_json,
    ".csv": _decode_csv,
    ".png": _decode_png,
}
_ENCODERS: dict[str, Callable[[Palette], bytes]] = {
    ".gpl": _encode_gpl,
    ".hex": _encode_hex,
    ".pal": _encode_jasc,
    ".act": adobe.encode_act,
    ".aco": adobe.encode_aco,
    ".ase": adobe.encode_ase,
    ".json": _encode_json,
    ".csv": _encode_csv,
    ".png": _encode_png,
}
SUFFIXES = tuple(_DECODERS)
"""The suffixes of palette files that are read and written."""

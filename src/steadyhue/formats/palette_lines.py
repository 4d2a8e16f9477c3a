"""Palette files with one color a line: GIMP, hex lists and JASC."""

from __future__ import annotations

import re

import numpy as np

from steadyhue.palette import Palette


def _lines(data: bytes) -> list[str]:
    return [line.strip() for line in data.decode("utf-8-sig").splitlines()]


def _triplet(fields: list[str], line: str) -> list[int]:
    """Return the numbers of the first three fields, each in 0 to 255."""
    numbers = [int(field) for field in fields[:3] if re.fullmatch(r"\d{1,3}", field)]
    if len(numbers) != 3 or max(numbers) > 255:
        raise ValueError(f"{line!r} is not a color of three numbers in 0 to 255")
    return numbers


def named(names: list[str]) -> list[str]:
    """Return the names, or none at all where no color has one."""
    return names if any(names) else []


def _flat(name: str) -> str:
    """Return a name on one line without outer spaces: all that line formats can hold."""
    return " ".join(name.split())


def decode_gpl(data: bytes) -> Palette:
    """Read a GIMP palette."""
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
    return Palette(np.array(colors, np.uint8).reshape(-1, 3), names=named(names))


def encode_gpl(palette: Palette) -> bytes:
    """Write a GIMP palette."""
    names = palette.names or [""] * len(palette)
    rows = [
        f"{red:3d} {green:3d} {blue:3d}\t{_flat(name) or 'Untitled'}"
        for (red, green, blue), name in zip(palette.colors.tolist(), names, strict=True)
    ]
    return "\n".join(["GIMP Palette", "Name: steadyhue", "#", *rows, ""]).encode()


def decode_hex(data: bytes) -> Palette:
    """Read hex colors, one a line; lines after a semicolon are comments."""
    return Palette.from_hex([line for line in _lines(data) if line and not line.startswith(";")])


def encode_hex(palette: Palette) -> bytes:
    """Write ``rrggbb``, one a line."""
    return "".join(f"{color[1:]}\n" for color in palette.hex).encode()


def decode_jasc(data: bytes) -> Palette:
    """Read a JASC palette."""
    if data.startswith(b"RIFF"):
        raise ValueError("this is a Microsoft RIFF palette; save it as JASC .pal")
    lines = [line for line in _lines(data) if line]
    if len(lines) < 3 or lines[0] != "JASC-PAL":
        raise ValueError("not a JASC palette: the first line must be 'JASC-PAL'")
    if not re.fullmatch(r"\d{1,6}", lines[2]) or int(lines[2]) != len(lines) - 3:
        raise ValueError(f"the palette says {lines[2]!r} colors and has {len(lines) - 3}")
    colors = [_triplet(line.split(), line) for line in lines[3:]]
    return Palette(np.array(colors, np.uint8).reshape(-1, 3))


def encode_jasc(palette: Palette) -> bytes:
    """Write a JASC palette."""
    rows = [f"{red} {green} {blue}" for red, green, blue in palette.colors.tolist()]
    return "\r\n".join(["JASC-PAL", "0100", str(len(rows)), *rows, ""]).encode()

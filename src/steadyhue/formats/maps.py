"""Palette maps and look-up tables as files: JSON to read and edit, .cube for other programs.

::

    {
      "map": [
        {"source": "#1d2b53", "target": "#3b2010", "weight": 0.31},
        {"source": "#fff1e8", "target": "#ffe9c9", "weight": 0.69}
      ],
      "grade": {"tone": [0.01, -0.02, 0.0], "hue": [0.1, 0.2, 0.0, 0.01]}
    }

Targets may be changed by hand. ``weight`` and ``grade`` (see
`palettemap.Grade`) may be left out; without a grade a smooth transfer follows the
pairs alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from steadyhue.formats.boundary import parse_json, read_small, reading
from steadyhue.palette import Palette
from steadyhue.palettemap import Grade, PaletteMap, table

MAX_BYTES = 1_000_000
"""Largest map that is read; one of 256 pairs takes about 20 kB."""


def encode_map(palette_map: PaletteMap) -> bytes:
    """Return a map as JSON, one pair a line."""
    pairs = zip(
        palette_map.source.hex,
        palette_map.target.take(palette_map.slots).hex,
        palette_map.source.shares.tolist(),
        strict=True,
    )
    lines = ",\n".join(
        "    " + json.dumps({"source": source, "target": target, "weight": weight})
        for source, target, weight in pairs
    )
    grade = palette_map.grade
    last = ""
    if grade is not None:
        numbers = {"tone": grade.tone.tolist(), "hue": grade.hue.tolist()}
        last = ',\n  "grade": ' + json.dumps(numbers)
    return f'{{\n  "map": [\n{lines}\n  ]{last}\n}}\n'.encode()


def read_map(path: str | Path) -> PaletteMap:
    """Read a map from a file.

    Raises
    ------
    FormatError
        If it cannot be read or is not a map.
    """
    path = Path(path)
    return decode_map(read_small(path, MAX_BYTES), name=str(path))


def decode_map(data: bytes, *, name: str = "map") -> PaletteMap:
    """Read a map from JSON; `name` is for messages.

    Raises
    ------
    FormatError
        If the data are not a map.
    """
    with reading(f"{name}: not a palette map"):
        try:
            return _map_of(parse_json(data))
        except KeyError as error:
            raise ValueError(f"{error} is missing") from None
        except TypeError as error:
            raise ValueError(str(error)) from None


def _map_of(value: Any) -> PaletteMap:
    if not isinstance(value, dict):
        raise ValueError('it must be an object with a "map"')
    pairs = value["map"]
    if not isinstance(pairs, list) or not all(isinstance(pair, dict) for pair in pairs):
        raise ValueError(
            '"map" must be a list of pairs such as {"source": "#fff", "target": "#fed"}'
        )
    if not 1 <= len(pairs) <= 256:
        raise ValueError(f'"map" must have 1 to 256 pairs, not {len(pairs)}')
    if not all(isinstance(pair[side], str) for pair in pairs for side in ("source", "target")):
        raise ValueError('"source" and "target" must be colors such as "#1e90ff"')
    source = Palette.from_hex([pair["source"] for pair in pairs])
    wanted = Palette.from_hex([pair["target"] for pair in pairs]).colors
    weights = [float(pair.get("weight", 1)) for pair in pairs]
    target, slots = np.unique(wanted, axis=0, return_inverse=True)
    return PaletteMap(
        Palette(source.colors, weights), Palette(target), slots.reshape(-1), _grade(value)
    )


def _grade(value: dict[str, Any]) -> Grade | None:
    if "grade" not in value:
        return None
    grade = value["grade"]
    tone, hue = (np.array(grade[part], np.float64) for part in ("tone", "hue"))
    if tone.shape != (3,) or hue.shape != (4,) or not np.isfinite([*tone, *hue]).all():
        raise ValueError('"grade" must have 3 numbers of "tone" and 4 of "hue"')
    return Grade(tone, hue)


def encode_cube(palette_map: PaletteMap) -> bytes:
    """Return the blend of a map as a .cube file, which ffmpeg, GIMP and video editors apply.

    References
    ----------
    Adobe, "Cube LUT Specification", version 1.0, 2013: red changes fastest.
    """
    blended = table(palette_map)
    rows = blended.transpose(2, 1, 0, 3).reshape(-1, 3) / 255
    lines = "\n".join(" ".join(f"{value:.6f}" for value in row) for row in rows.tolist())
    return f'TITLE "steadyhue"\nLUT_3D_SIZE {len(blended)}\n{lines}\n'.encode()

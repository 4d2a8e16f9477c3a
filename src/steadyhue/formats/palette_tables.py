"""Palette files with weights: JSON and CSV, of one palette or of palettes over time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any, cast

import numpy as np

from steadyhue.formats.boundary import parse_json
from steadyhue.formats.palette_lines import named
from steadyhue.palette import Palette
from steadyhue.words import parse_color


def decode_json(data: bytes) -> Palette:
    """Read a palette, or pool palettes over time."""
    value = parse_json(data)
    if isinstance(value, list):
        if value and all(isinstance(row, list) for row in value):
            return _pooled((color, 1) for row in value for color in row)
        value = {"colors": value}
    if isinstance(value, dict) and "frames" in value:
        return _pooled(_slots(value["frames"]))
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


def _slots(frames: Any) -> Iterator[tuple[object, object]]:
    """Yield color and weight of every slot of palettes over time, as `PaletteHistory` has them."""
    try:
        for frame in frames:
            for slot in frame["slots"]:
                yield slot["color"], slot["weight"]
    except (TypeError, KeyError):
        raise ValueError(
            '"frames" must be a list such as [{"slots": [{"color": "#1e90ff", "weight": 1}]}]'
        ) from None


def _pooled(slots: Iterable[tuple[object, object]]) -> Palette:
    """Return the distinct colors in order of appearance, with the sums of their weights."""
    weights: dict[tuple[int, int, int], float] = {}
    for text, weight in slots:
        if not isinstance(text, str) or type(weight) not in (int, float):
            raise ValueError('a slot has a "color", such as "#1e90ff", and a number as "weight"')
        color = parse_color(text)
        weights[color] = weights.get(color, 0.0) + cast(float, weight)
    colors = np.array(list(weights), np.uint8).reshape(-1, 3)
    return Palette(colors, list(weights.values()))


def encode_json(palette: Palette) -> bytes:
    """Write colors, weights and names as JSON."""
    value: dict[str, object] = {"colors": palette.hex, "weights": palette.weights.tolist()}
    if palette.names:
        value["names"] = list(palette.names)
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def decode_csv(data: bytes) -> Palette:
    """Read lines below a header that names the columns, in any order.

    Where one of them is ``frame``, they are palettes over time, which are pooled.
    """
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
    if "frame" in header and weights is not None:
        return _pooled(zip(column("color"), weights, strict=True))
    names = column("name") if "name" in header else []
    return Palette(Palette.from_hex(column("color")).colors, weights, named(names))


def encode_csv(palette: Palette) -> bytes:
    """Write ``color,weight,name`` lines."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["color", "weight", "name"])
    names = palette.names or [""] * len(palette)
    writer.writerows(zip(palette.hex, palette.weights.tolist(), names, strict=True))
    return out.getvalue().encode()

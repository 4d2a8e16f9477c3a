"""Numbered pictures: a folder, a glob or a pattern such as ``frames/%04d.png``.

Pictures carry no times. `numbered` therefore writes a file ``animation.json`` beside them, with
the milliseconds of every frame and the loop count, and reading goes by that file where it fits.
"""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from steadyhue.errors import FormatError, OutputError
from steadyhue.formats.images import read_still
from steadyhue.formats.limits import Limits
from steadyhue.formats.numbers import TIMES, is_pattern, matcher
from steadyhue.formats.raster import Pixels
from steadyhue.formats.source import Source, as_it_is
from steadyhue.formats.swap import settle

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")


def names_many(path: Path) -> bool:
    """Whether a path is a folder, a numbered pattern or a glob, and not one file."""
    if path.exists():
        return path.is_dir()
    return is_pattern(path) or glob.has_magic(str(path))


def read_sequence(path: Path, name: str, limits: Limits) -> Source:
    """Read pictures of one size, in the natural order of their names.

    Raises
    ------
    FormatError
        If there are none, or one is malformed or of another size than the first.
    LimitError
        If they ask for more than the limits.
    """
    try:
        settle(path if path.is_dir() else path.parent)
    except OutputError as error:
        raise FormatError(str(error)) from error
    paths = pictures(path)
    if not paths:
        raise FormatError(f"{name}: there are no pictures")
    first = read_still(paths[0], str(paths[0]), limits)
    durations, loop = _times(paths[0].parent, len(paths))
    times = [0.0] * len(paths) if durations is None else durations
    return Source(
        name,
        first.shape[1],
        first.shape[0],
        items=partial(as_it_is, list(zip(paths, times, strict=True))),
        pixels=partial(_still_of_size, first.shape[:2], limits),
        n_frames=len(paths),
        loop=loop,
        timed=durations is not None,
    )


def _still_of_size(shape: tuple[int, ...], limits: Limits, path: Path) -> Pixels:
    pixels = read_still(path, str(path), limits)
    if pixels.shape[:2] != shape:
        size = f"{pixels.shape[1]}x{pixels.shape[0]}"
        raise FormatError(f"{path}: is {size}, not {shape[1]}x{shape[0]} as the first")
    return pixels


def pictures(path: Path) -> list[Path]:
    """Return the files of a folder, a pattern or a glob, in the natural order of their names."""
    if path.is_dir():
        found: Iterable[Path] = path.iterdir()
    elif is_pattern(path):
        numbered = matcher(path.name)
        found = (p for p in path.parent.glob("*") if numbered.fullmatch(p.name))
    else:
        found = map(Path, glob.glob(str(path), recursive=True))
    kept = (p for p in found if p.suffix.lower() in SUFFIXES and not p.name.startswith("."))
    return sorted(kept, key=_natural)


def _natural(path: Path) -> list[tuple[str, int]]:
    """Order frame2 before frame10."""
    pieces = re.findall(r"(\D*)(\d*)", str(path))
    return [(text.lower(), int(digits or -1)) for text, digits in pieces]


def _times(folder: Path, count: int) -> tuple[list[float] | None, int]:
    """Durations and loop count from the file beside the pictures, where it fits them."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads((folder / TIMES).read_text())
        durations = [float(duration) for duration in told["durations"]]
        if len(durations) == count and min(durations) >= 0:
            return durations, max(0, int(told["loop"]))
    return None, 0

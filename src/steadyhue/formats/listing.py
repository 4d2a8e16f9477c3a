"""Which pictures a folder, a numbered pattern or a glob names, and in which order."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable
from pathlib import Path

from steadyhue.formats.numbers import is_pattern, matcher

SUFFIXES = (
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".bmp",
    ".tif",
    ".tiff",
    ".ppm",
    ".pgm",
    ".pbm",
    ".pnm",
)


def names_many(path: Path) -> bool:
    """Whether a path is a folder, a numbered pattern or a glob, and not one file."""
    if os.path.exists(path):  # says no to texts that are not a path
        return path.is_dir()
    return is_pattern(path) or glob.has_magic(str(path))


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

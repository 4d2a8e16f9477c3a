"""Patterns that number files, such as ``frames/%04d.png``: which names they make."""

from __future__ import annotations

import re
from os import PathLike
from pathlib import Path

TIMES = "animation.json"
"""Beside numbered pictures: their times and loop count."""

NUMBER = re.compile(r"%0?\d*d")

MOST_DIGITS = 20
"""Of a number in a name: far more than there can be files."""


def is_pattern(path: str | PathLike[str]) -> bool:
    """Whether a path numbers its files, as ``frames/%04d.png`` does."""
    return bool(NUMBER.search(Path(path).name))


def makes_pictures(path: str | PathLike[str]) -> bool:
    """Whether a path that is written to stands for numbered pictures; no other files are."""
    return is_pattern(path) and Path(path).suffix.lower() == ".png"


def matcher(pattern: str) -> re.Pattern[str]:
    """Return what matches the names of a pattern, with any number of digits."""
    before, after = NUMBER.split(pattern, maxsplit=1)
    return re.compile(re.escape(before) + r"(\d+)" + re.escape(after))


def name_of(pattern: str, number: int) -> str:
    """Return the name with a number; any other ``%`` stands for itself."""
    return NUMBER.sub(lambda found: found.group() % number, pattern, count=1)


def complaint(pattern: str) -> str | None:
    """Return what is wrong with a pattern for files to be written, if anything."""
    found = NUMBER.findall(pattern)
    if len(found) > 1:
        return f"there is one number in the name of a picture, not {' and '.join(found)}"
    if int(found[0][1:-1] or 0) > MOST_DIGITS:
        return f"a number in a name has at most {MOST_DIGITS} digits"
    return None


def numbered(pattern: Path) -> list[Path]:
    """Return what is there under the very names that the pattern makes."""
    matches = matcher(pattern.name)
    found = []
    if pattern.parent.is_dir():
        for path in pattern.parent.iterdir():
            match = matches.fullmatch(path.name)
            if match and name_of(pattern.name, int(match[1])) == path.name:
                found.append(path)
    return sorted(found)


def replaced(pattern: Path) -> list[Path]:
    """Return all that new pictures take the place of: the old ones, and their times."""
    times = pattern.parent / TIMES
    return numbered(pattern) + ([times] if times.exists() or times.is_symlink() else [])

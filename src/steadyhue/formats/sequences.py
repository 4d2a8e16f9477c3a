"""Numbered pictures: a folder, a glob or a pattern such as ``frames/%04d.png``.

Pictures carry no times. What is written here therefore puts a file
``animation.json`` beside them, with the milliseconds of every frame and the
loop count, and what is read here goes by that file where it fits.
"""

from __future__ import annotations

import glob
import json
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from os import PathLike
from pathlib import Path

from steadyhue.errors import FormatError, OutputError
from steadyhue.formats.boundary import parse_json, read_small, reading
from steadyhue.formats.images import read_still
from steadyhue.formats.limits import Limits
from steadyhue.formats.losses import Losses
from steadyhue.formats.png import save_png
from steadyhue.formats.raster import Pixels
from steadyhue.formats.sink import Sink
from steadyhue.formats.source import Source, as_it_is
from steadyhue.frame import IndexedFrame

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
TIMES = "animation.json"
MAX_BYTES = 16_000_000
"""Largest file of times that is read: those of a million frames."""

_NUMBER = re.compile(r"%0?\d*d")


def is_pattern(path: str | PathLike[str]) -> bool:
    """Whether a path numbers its files, as ``frames/%04d.png`` does."""
    return bool(_NUMBER.search(Path(path).name))


def names_many(path: Path) -> bool:
    """Whether a path is a folder, a numbered pattern or a glob, and not one file."""
    if os.path.exists(path):  # says no to texts that are no path
        return path.is_dir()
    return is_pattern(path) or glob.has_magic(str(path))


def read_sequence(path: Path, name: str, limits: Limits) -> Source:
    """Read pictures of one size, in the natural order of their names.

    Raises
    ------
    FormatError
        If there are none, or one is malformed.
    LimitError
        If they ask for more than the limits.
    """
    paths = _pictures(path)
    if not paths:
        raise FormatError(f"{name}: there are no pictures")
    losses = Losses()
    first = read_still(paths[0], str(paths[0]), limits, losses)
    durations, loop = _times(paths[0].parent, len(paths), losses)
    times = [0.0] * len(paths) if durations is None else durations
    return Source(
        name,
        first.shape[1],
        first.shape[0],
        items=partial(as_it_is, list(zip(paths, times, strict=True))),
        pixels=partial(_still, limits, losses),
        n_frames=len(paths),
        loop=loop,
        timed=durations is not None,
        losses=losses,
    )


def _still(limits: Limits, losses: Losses, path: Path) -> Pixels:
    return read_still(path, str(path), limits, losses)


def _pictures(path: Path) -> list[Path]:
    if path.is_dir():
        found: Iterable[Path] = path.iterdir()
    elif is_pattern(path):
        numbered = _matcher(path.name)
        found = (p for p in path.parent.glob("*") if numbered.fullmatch(p.name))
    else:
        found = map(Path, glob.glob(str(path), recursive=True))
    kept = (p for p in found if p.suffix.lower() in SUFFIXES and not p.name.startswith("."))
    return sorted(kept, key=_natural)


def _matcher(pattern: str) -> re.Pattern[str]:
    before, after = _NUMBER.split(pattern, maxsplit=1)
    return re.compile(re.escape(before) + r"\d+" + re.escape(after))


def _natural(path: Path) -> list[tuple[str, int]]:
    """Order frame2 before frame10."""
    pieces = re.findall(r"(\D*)(\d*)", str(path))
    return [(text.lower(), int(digits or -1)) for text, digits in pieces]


def _times(folder: Path, count: int, losses: Losses) -> tuple[list[float] | None, int]:
    """Durations and loop count from the file beside the pictures, where it fits them."""
    path = folder / TIMES
    if not path.is_file():
        return None, 0
    try:
        with reading(TIMES):
            told = parse_json(read_small(path, MAX_BYTES))
            durations = [float(duration) for duration in told["durations"]]
            loop = int(told.get("loop", 0))
        if len(durations) == count and min(durations) >= 0:
            return durations, loop
        reason = f"{TIMES}: is of {len(durations)} pictures" if len(durations) != count else ""
        losses.note(f"{reason or f'{TIMES}: a time is negative'}, and is not used")
    except FormatError as error:
        losses.note(f"{error}, and is not used")
    return None, 0


class SequenceSink(Sink):
    """Indexed PNG pictures, one a frame, and their times.

    Parameters
    ----------
    pattern : path
        Such as ``frames/%04d.png``; the folder is made if it is missing.
    loop : int
        How often to play; 0 means forever.
    force : bool
        Whether pictures that match the pattern may be replaced; those the new
        ones don't reach are removed then.

    Raises
    ------
    OutputError
        If such pictures exist and may not be replaced, or cannot be written.
    """

    def __init__(self, pattern: str | PathLike[str], loop: int = 0, *, force: bool = False) -> None:
        self._pattern = Path(pattern)
        self._folder = self._pattern.parent
        self._loop = loop
        self._durations: list[float] = []
        matcher = _matcher(self._pattern.name)
        if self._pattern.suffix.lower() != ".png":
            raise OutputError(f"{pattern}: numbered pictures are written as .png")
        try:
            self._made = not self._folder.exists()
            self._folder.mkdir(exist_ok=True)
            self._old = [p for p in self._folder.iterdir() if matcher.fullmatch(p.name)]
        except OSError as error:
            raise OutputError(f"{pattern}: cannot be written: {error.strerror}") from error
        if self._old and not force:
            raise OutputError(f"{pattern}: such pictures already exist; --force replaces them")
        self._beside = self._folder / ".partial"
        self._clear()
        self._beside.mkdir()

    def write(self, frame: IndexedFrame) -> None:
        """Encode one picture."""
        name = self._pattern.name % (len(self._durations) + 1)
        with (self._beside / name).open("wb") as file:
            save_png(file, frame)
        self._durations.append(frame.duration)

    def close(self) -> None:
        """Move the pictures into place.

        Raises
        ------
        OutputError
            If no frame was written.
        """
        if not self._durations:
            raise OutputError(f"{self._pattern}: there are no frames to write")
        times = {"loop": self._loop, "durations": self._durations}
        (self._beside / TIMES).write_text(json.dumps(times))
        for old in self._old:
            old.unlink()
        for picture in self._beside.iterdir():
            picture.replace(self._folder / picture.name)
        self._beside.rmdir()

    def discard(self) -> None:
        """Remove what was written."""
        self._clear()
        if self._made:
            with suppress(OSError):
                self._folder.rmdir()

    def _clear(self) -> None:
        if self._beside.is_dir():
            for picture in self._beside.iterdir():
                picture.unlink()
            self._beside.rmdir()

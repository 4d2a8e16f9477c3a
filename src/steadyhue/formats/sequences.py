"""Numbered pictures: a folder, a glob or a pattern such as ``frames/%04d.png``.

Pictures carry no times. `numbered` therefore writes a file ``animation.json`` beside them, with
the milliseconds of every frame and the loop count, and reading goes by that file where it fits.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from steadyhue.errors import FormatError, OutputError
from steadyhue.formats.boundary import parse_json, read_small, reading
from steadyhue.formats.images import read_still
from steadyhue.formats.limits import Limits
from steadyhue.formats.listing import pictures
from steadyhue.formats.losses import Losses
from steadyhue.formats.numbers import TIMES
from steadyhue.formats.raster import Pixels
from steadyhue.formats.source import Source, as_it_is
from steadyhue.formats.swap import settle

MAX_BYTES = 16_000_000
"""Largest file of times that is read: those of a million frames."""


def read_sequence(path: Path, name: str, limits: Limits) -> Source:
    """Read pictures of one size, in the natural order of their names.

    Raises
    ------
    FormatError
        If there are none, or one is malformed.
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

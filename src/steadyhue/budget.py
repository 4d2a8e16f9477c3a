"""A limit for bytes: the best picture that fits, found by trying.

What is given up comes in an order: quality, then colors, then, where that is allowed, size and rate. A
lower quality is never larger by more than chance, so it is found by halving; a try ends as soon
as it is over the limit.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from steadyhue.errors import OptionError, OutputError
from steadyhue.formats import Raster, Timing, open_animation
from steadyhue.ranges import whole
from steadyhue.result import Result
from steadyhue.thrift import QUALITIES
from steadyhue.words import ALLOWANCES, Allowance

FLOOR = 40
"""Quality below which a smaller picture looks better than a worse one, where it is allowed."""

COLORS = (128, 64, 32, 16)
"""Fewer colors than the settings ask for, to try in turn; with fewer yet hardly a byte is saved."""

LEAST_COLORS = 64
"""Below it bands are worse than less size or rate, where these are allowed."""

SCALES = (0.84, 0.71, 0.59, 0.5, 0.42, 0.35, 0.3, 0.25)
"""Sides over the source's: each has about 0.7 of the pixels of the one before."""

EVERY = (1, 2, 3, 4)
"""One frame of so many is kept."""


@dataclass(frozen=True, slots=True)
class _Try:
    """A way to give something up: fewer colors, a smaller picture, fewer frames."""

    colors: int
    scale: float = 1.0
    every: int = 1


class _TooLargeError(Exception):
    """More bytes than are allowed."""


class _Bounded(io.BytesIO):
    """A file that must not grow over its limit."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self._most:
            raise _TooLargeError
        return super().write(data)


def within(
    result: Result,
    most: int,
    allow: Collection[Allowance] = (),
) -> Result:
    """Return the best result whose GIF has at most so many bytes.

    Parameters
    ----------
    result : Result
        With a quality, which is the best that is tried. Its source is read once for each try.
    most : int
        Bytes.
    allow : collection of Allowance
        What may be given up beside quality and colors.

    Returns
    -------
    Result
        Its settings and its source tell what was chosen; saved, it has at most so many bytes.

    Raises
    ------
    OptionError
        If the limit is none, or something unknown is allowed.
    OutputError
        If nothing that is allowed fits.
    """
    whole(most, "max_bytes", 1)
    for word in allow:
        if not isinstance(word, str) or word not in ALLOWANCES:
            raise OptionError(f"allow must be of {', '.join(ALLOWANCES)}, got {word!r}")
    best = result.settings.quality
    if best is None:
        raise OptionError("a limit for bytes needs a quality")

    def fitting(way: _Try, low: int, high: int) -> Result | None:
        """Return the best quality in a range that fits, by halving; None if none does."""
        found = None
        while low <= high:
            # The worst first: where it doesn't fit, no other does.
            quality = low if found is None else (low + high + 1) // 2
            tried = _as_tried(result, way, quality)
            if _fits(tried, most):
                found, low = tried, quality + 1
            elif found is None:
                return None
            else:
                high = quality - 1
        return found

    floor = min(best, FLOOR if allow else QUALITIES[0])
    way = _Try(result.settings.colors)
    for way in _ways(result, allow):
        found = fitting(way, floor, best)
        if found is not None:
            return found
    found = fitting(way, QUALITIES[0], floor - 1) if floor > QUALITIES[0] else None
    if found is None:
        raise OutputError(
            f"{result.name}: it does not fit into {most} bytes"
            + ("" if len(allow) == len(ALLOWANCES) else "; less size or rate might, if allowed")
        )
    return found


def _ways(result: Result, allow: Collection[Allowance]) -> Iterator[_Try]:
    """Yield what to give up, the least first: colors, then size and rate by turns."""
    colors = result.settings.colors
    yield _Try(colors)
    kept = colors - result.settings.n_clusters
    if result.settings.palette is None:
        least = LEAST_COLORS if allow else COLORS[-1]
        for fewer in COLORS:
            if max(least, kept + 1) <= fewer < colors:
                yield _Try(fewer)
    scales = SCALES if "scale" in allow else ()
    if "fps" in allow:
        for number in range(max(len(scales), len(EVERY) - 1)):
            scale = scales[min(number, len(scales) - 1)] if scales else 1.0
            if number < len(scales):
                yield _Try(colors, scale, EVERY[min(number, len(EVERY) - 1)])
            if number + 1 < len(EVERY):
                yield _Try(colors, scale, EVERY[number + 1])
    else:
        for scale in scales:
            yield _Try(colors, scale)


def _as_tried(result: Result, way: _Try, quality: int) -> Result:
    source = result.source
    if way.every > 1 or way.scale < 1:
        width = max(1, round(source.width * way.scale))
        raster = Raster(width=width) if way.scale < 1 else Raster()
        source = open_animation(source, timing=Timing(every=way.every), raster=raster)
    settings = replace(result.settings, quality=quality, colors=way.colors)
    return Result(source, settings, result.recoloring, result.edits)


def _fits(result: Result, most: int) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the run that is kept tells
        try:
            result.save(_Bounded(most))
        except _TooLargeError:
            return False
    return True


def chosen(result: Result) -> str:
    """Return what was chosen, in a few words."""
    settings = result.settings
    return f"quality {settings.quality}, {settings.colors} colors, {result.width}x{result.height}"

"""How a source is read: the options of `open` and `batch`, as people give them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from steadyhue.errors import OptionError
from steadyhue.formats import Limits, Raster, Timing
from steadyhue.words import Fit, parse_color, parse_time

Value = TypeVar("Value")


class Reading(NamedTuple):
    """Which frames of a source are used, how its pictures are made, and what they may ask for."""

    timing: Timing
    raster: Raster
    limits: Limits


def reading(
    *,
    start: float | str = 0.0,
    duration: float | str | None = None,
    every: int = 1,
    fps: float | None = None,
    width: int | None = None,
    height: int | None = None,
    alpha_threshold: int = 128,
    matte: tuple[int, int, int] | str | None = None,
    fit: Fit | None = None,
    limits: Limits | None = None,
) -> Reading:
    """Check the options of `open`, where their meaning stands, and read those that are texts.

    Returns
    -------
    Reading

    Raises
    ------
    OptionError
        If one is of another kind, out of its range, or a text that cannot be read.
    """
    if limits is not None and not isinstance(limits, Limits):
        raise OptionError(f"limits must be a steadyhue.Limits, got {limits!r}")
    return Reading(
        Timing(
            start=_parsed(start, parse_time, "start"),
            duration=_parsed(duration, parse_time, "duration"),
            every=every,
            fps=fps,
        ),
        Raster(width, height, alpha_threshold, _parsed(matte, parse_color, "matte"), fit),
        limits or Limits(),
    )


def _parsed(given: Value | str, parse: Callable[[str], Value], name: str) -> Value:
    """Return an option that may be given as text."""
    if not isinstance(given, str):
        return given
    try:
        return parse(given)
    except ValueError as error:
        raise OptionError(f"{name}: {error}") from None

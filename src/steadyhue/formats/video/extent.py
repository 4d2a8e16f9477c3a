"""How much of a video a file says that it has, against what could be read."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from steadyhue.words import parse_time


def told_missing(
    container: Any, stream: Any, count: int, shown: float, tolerance: float
) -> str | None:
    """Say what of the file could not be read, if it was cut short.

    Edit lists hide frames that are counted, so that time must be missing, too.
    """
    length = _length(container, stream)
    if length is None or shown >= length - max(tolerance, length / 20):
        return None
    if count < stream.frames:
        return f"{count} of {stream.frames} frames could be read, as the file is cut short"
    told = f"{shown / 1000:.1f} of {length / 1000:.1f} seconds"
    return None if stream.frames else f"{told} could be read, as the file is cut short"


def _length(container: Any, stream: Any) -> float | None:
    """Return the milliseconds that a file says its video lasts; None if it does not."""
    if stream.duration:
        return float(stream.duration * stream.time_base * 1000)
    told = {key.upper(): value for key, value in stream.metadata.items()}.get("DURATION", "")
    with suppress(ValueError):  # Matroska's tag
        return parse_time(told)
    if len(container.streams) == 1 and container.duration:
        return float(container.duration / 1000)  # FFmpeg counts microseconds
    return None

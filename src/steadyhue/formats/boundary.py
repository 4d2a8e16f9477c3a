"""The boundary to what others wrote: whatever a file can cause ends as one sentence.

Decoders of Pillow, NumPy, FFmpeg and JSON let nearly every exception through on malformed
data. Reading a file stands inside `reading`; everything else stands outside, so that mistakes
of our own show themselves.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from steadyhue.errors import FormatError, FormatWarning, LimitError, SteadyhueError

MOST_CHARACTERS = 200
"""Of a library's own words; some quote the file."""

MOST_DIGITS = 30
"""Of a whole number in JSON: more than any count or time has, fewer than take time to read."""

_TELLING = (OSError, SyntaxError, ValueError, EOFError)


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn what goes wrong in decoding into a `FormatError` that begins with `what`.

    Raises
    ------
    FormatError
        For every surprise of a library.
    LimitError
        If memory does not suffice, or Pillow takes the picture for a bomb.
    """
    try:
        yield
    except (SteadyhueError, FormatWarning):
        raise
    except MemoryError as error:
        raise LimitError(f"{what}: needs more memory than there is") from error
    except RecursionError as error:
        raise FormatError(f"{what}: is nested too deeply") from error
    except Exception as error:
        kind = LimitError if type(error).__name__ == "DecompressionBombError" else FormatError
        raise kind(f"{what}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """Return what a library says, if it is meant for people, on one line."""
    if type(error).__name__ == "UnidentifiedImageError":
        return "not a picture that can be read"
    told = getattr(error, "strerror", None)
    if told and type(error).__module__ == "builtins":  # from the system
        told = f"cannot be read: {told}"
    if not told and (isinstance(error, _TELLING) or type(error).__module__ != "builtins"):
        told = str(error)
    words = " ".join(str(told or "").split())
    if len(words) > MOST_CHARACTERS:
        words = words[:MOST_CHARACTERS] + "..."
    return words or "the file is malformed"


def read_small(path: Path, most: int) -> bytes:
    """Return the bytes of a file that has no reason to be large.

    Raises
    ------
    FormatError
        If it cannot be read.
    LimitError
        If it has over `most` bytes; a pipe may have no end.
    """
    with reading(str(path)), path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise LimitError(f"{path}: a file of this kind of over {most} bytes is not read")
    return data


def parse_json(data: bytes | str) -> Any:
    """Parse JSON whose numbers are finite and of a sane length.

    Raises
    ------
    ValueError
        If it is malformed, or nested too deeply.
    """
    try:
        return json.loads(data, parse_constant=_finite, parse_float=_finite, parse_int=_whole)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:MOST_DIGITS]} is not a finite number")
    return value


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"a number of {len(text)} digits is too long")
    return int(text)

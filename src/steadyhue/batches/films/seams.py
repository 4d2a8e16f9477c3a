"""Seams: where two parts of one shot meet, and how much of what holds still changes there."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steadyhue.formats.replacing import replace_with
from steadyhue.frame import Frame, IndexedFrame
from steadyhue.stillness import still_pixels

Seam = tuple[int, float]
"""The number of the frame that comes after, and the share of its still pixels that change."""


def noted(frames: Iterable[Frame], at: int, path: Path) -> Iterator[Frame]:
    """Yield frames, and store what holds still in one of them: by the rule of the measures."""
    last: Frame | None = None
    for number, frame in enumerate(frames):
        if number == at and last is not None:
            flags = np.packbits(still_pixels(frame, last)).tobytes()
            replace_with(zlib.compress(flags, 1), path, str(path))
        last = frame
        yield frame


def _still(path: Path, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    flags = np.frombuffer(zlib.decompress(path.read_bytes()), np.uint8)
    return np.unpackbits(flags, count=shape[0] * shape[1]).view(np.bool_).reshape(shape)


def measured(
    frames: Iterable[IndexedFrame], notes: Mapping[int, Path], found: list[Seam]
) -> Iterator[IndexedFrame]:
    """Yield frames, and measure the change at seams.

    Parameters
    ----------
    frames : iterable of IndexedFrame
        As they are shown.
    notes : mapping
        From the frame after a seam to what was `noted` of it.
    found : list
        Gets what is measured.
    """
    before: IndexedFrame | None = None
    for number, frame in enumerate(frames):
        if number in notes and before is not None:
            still = _still(notes[number], frame.indices.shape)
            changed = (frame.rgba() != before.rgba()).any(axis=2)[still]
            found.append((number, float(changed.mean()) if len(changed) else 0.0))
        before = frame
        yield frame

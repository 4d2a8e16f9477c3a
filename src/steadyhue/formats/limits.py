"""Limits: how much a file may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from steadyhue.errors import LimitError


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask for; checked before memory is taken.

    Attributes
    ----------
    canvas : int
        Most pixels of one frame.
    frames : int
        Most frames.
    total : int
        Most pixels of all frames together.
    """

    canvas: int = 36_000_000
    frames: int = 100_000
    total: int = 20_000_000_000

    def check(self, name: str, width: int, height: int, n_frames: int = 1) -> None:
        """Raise `LimitError` naming the file if it asks for more than the limits."""
        if width * height > self.canvas:
            raise LimitError(
                f"{name}: a canvas of {width}x{height} is over the limit of {self.canvas} pixels"
            )
        if n_frames > self.frames:
            raise LimitError(f"{name}: {n_frames} frames are over the limit of {self.frames}")
        if width * height * n_frames > self.total:
            raise LimitError(
                f"{name}: {n_frames} frames of {width}x{height} are over the limit of "
                f"{self.total} pixels"
            )

"""Limits: how much a file may ask for."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from steadyhue.errors import LimitError
from steadyhue.ranges import whole


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask for.

    What it declares is checked before memory is taken, and what it delivers while it is read:
    every frame counts, also one that is repeated to come to a rate.

    Attributes
    ----------
    canvas : int
        Most pixels of one frame.
    frames : int
        Most frames.
    total : int
        Most pixels of all frames together.
    stream : int
        Most bytes of a stream, such as standard input, which is kept in a temporary file.

    Raises
    ------
    OptionError
        If one is no whole number from 1.
    """

    canvas: int = 36_000_000
    frames: int = 100_000
    total: int = 20_000_000_000
    stream: int = 4_000_000_000

    def __post_init__(self) -> None:
        for part in fields(self):
            value = whole(getattr(self, part.name), part.name, 1)
            object.__setattr__(self, part.name, value)

    @classmethod
    def of(cls, max_pixels: int | None = None, max_frames: int | None = None) -> Limits:
        """Return the usual limits but for those that are given.

        Parameters
        ----------
        max_pixels : int, optional
            Most pixels of one frame.
        max_frames : int, optional
            Most frames; as many of the largest may come then.
        """
        usual = cls()
        canvas = usual.canvas if max_pixels is None else max_pixels
        if max_frames is None:
            return replace(usual, canvas=canvas, total=max(usual.total, canvas))
        return cls(canvas, max_frames, canvas * max_frames)

    def check(self, name: str, width: int, height: int, n_frames: int = 1) -> None:
        """Refuse what asks for more than the limits.

        Parameters
        ----------
        name : str
            What to call the file in messages.
        width, height : int
            Pixels of a frame.
        n_frames : int
            Frames, as many as are known of.

        Raises
        ------
        LimitError
            If it does.
        """
        if width * height > self.canvas:
            raise LimitError(
                f"{name}: a canvas of {width}x{height} is over the limit of {self.canvas} pixels; "
                f"--max-pixels or Limits(canvas=...) lets it in"
            )
        if n_frames > self.frames:
            raise LimitError(
                f"{name}: {n_frames} frames are over the limit of {self.frames}; "
                f"--max-frames or Limits(frames=...) lets them in"
            )
        if width * height * n_frames > self.total:
            raise LimitError(
                f"{name}: {n_frames} frames of {width}x{height} are over the limit of "
                f"{self.total} pixels; --max-frames or Limits(total=...) lets them in"
            )

    def check_total(self, name: str, area: int) -> None:
        """Refuse pictures that have too many pixels together.

        Parameters
        ----------
        name : str
            What to call the file in messages.
        area : int
            Pixels of all its pictures.

        Raises
        ------
        LimitError
            If they do.
        """
        if area > self.total:
            raise LimitError(
                f"{name}: its pictures of {area} pixels together are over the limit of "
                f"{self.total}; --max-frames or Limits(total=...) lets them in"
            )

"""What a mode makes of a frame: its palette, and how that came about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steadyhue.histogram import Histogram


@dataclass(frozen=True, slots=True, eq=False)
class PaletteStep:
    """The palette of one frame, and how it came about.

    Attributes
    ----------
    palette : (k, 3) uint8 array
        sRGB colors in slot order.
    cut : bool
        Whether a new shot begins with this frame.
    relocated : tuple of int
        Slots that became another cluster in this frame.
    n_iter : int
        Lloyd iterations run for this frame.
    slack : float
        Most that keeping its slot may cost a still pixel, in multiples of the
        frame's mean error.
    budget : float
        Most by which pixels that keep their slots may raise the frame's error, as
        a share of it.
    """

    palette: NDArray[np.uint8]
    cut: bool = False
    relocated: tuple[int, ...] = ()
    n_iter: int = 0
    slack: float = 0.0
    budget: float = 0.0


BLANK = PaletteStep(np.zeros((1, 3), np.uint8))
"""The step of frames without opaque pixels that nothing came before."""


@dataclass(frozen=True, slots=True)
class Planner:
    """Chooses a palette for each histogram, in order; it may look some frames ahead.

    Attributes
    ----------
    choose : callable
        Takes an iterator of `Histogram` and returns one of `PaletteStep`, one for each. It
        may be called again for another pass, also while one is under way.
    counts_still : bool
        Whether the histograms need to say how much of each color holds still.
    """

    choose: Callable[[Iterator[Histogram]], Iterator[PaletteStep]]
    counts_still: bool = False

    def __call__(self, histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
        """Choose the palettes of a stream of histograms."""
        return self.choose(histograms)

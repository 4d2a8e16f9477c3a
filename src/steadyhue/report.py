"""What happened to each frame of a pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steadyhue.frame import IndexedFrame


@dataclass(frozen=True, slots=True, eq=False)
class FrameReport:
    """What happened to one frame.

    Attributes
    ----------
    palette : (k, 3) uint8 array
        sRGB colors in slot order.
    weights : (k,) int64 array
        Pixels of each slot.
    error : float
        Mean squared error of the opaque pixels: the three squared sRGB level
        differences added up, averaged over pixels.
    duration : float
        Milliseconds on screen.
    cut : bool
        Whether a new shot begins here.
    relocated : tuple of int
        Slots that became another cluster in this frame.
    n_iter : int
        Lloyd iterations run for it.
    """

    palette: NDArray[np.uint8]
    weights: NDArray[np.int64]
    error: float
    duration: float
    cut: bool
    relocated: tuple[int, ...]
    n_iter: int

    def to_dict(self) -> dict[str, object]:
        """Return the report as plain JSON values; colors as ``#rrggbb``."""
        return {
            "palette": ["#{:02x}{:02x}{:02x}".format(*color) for color in self.palette.tolist()],
            "weights": self.weights.tolist(),
            "error": round(self.error, 4),
            "duration": self.duration,
            "cut": self.cut,
            "relocated": list(self.relocated),
            "n_iter": self.n_iter,
        }


Quantized = tuple[IndexedFrame, FrameReport]
"""What the pipeline makes of a frame."""

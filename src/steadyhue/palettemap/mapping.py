"""The result of a match: which target color each source slot becomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steadyhue import display
from steadyhue.palette import Palette
from steadyhue.palettemap.alignment import Grade


@dataclass(frozen=True, slots=True, eq=False)
class PaletteMap:
    """A map from source slots to target colors.

    Attributes
    ----------
    source, target : Palette
        n source colors in slot order, m target colors.
    slots : (n,) intp array
        For each source slot an index into the target.
    grade : Grade or None
        What the two palettes have in common as wholes; colors between the
        slots follow it in a `Blend`.
    """

    source: Palette
    target: Palette
    slots: NDArray[np.intp]
    grade: Grade | None = None

    @property
    def colors(self) -> NDArray[np.uint8]:
        """The target color of each source slot, (n, 3) uint8."""
        return self.target.colors[self.slots]

    def __len__(self) -> int:
        return len(self.slots)

    def __repr__(self) -> str:
        used = len(np.unique(self.slots))
        return f"<PaletteMap of {len(self)} slots to {used} of {len(self.target)} colors>"

    def _repr_html_(self) -> str:
        return display.html(self)

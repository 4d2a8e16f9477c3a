"""Where the colors or slots of a moving picture are, so that one that changes is looked for there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.box import NOTHING, Box, area, union

_NOWHERE = np.array([np.iinfo(np.int32).max] * 2 + [0] * 2, np.int32)


class Extents:
    """A box around the pixels of each value of a picture; it may be too large, never too small.

    Nothing is looked at before it is asked for, so what changes everywhere costs nothing.
    """

    def __init__(self) -> None:
        self._boxes = np.empty((0, 4), np.int32)  # left, top, right, bottom
        self._moved: Box | None = None  # what they don't know yet; None is everything

    def move(self, box: Box | None) -> None:
        """Let the picture change inside a box; None is everywhere."""
        if box is None or self._moved is None:
            self._moved = None
        else:
            self._moved = union(self._moved, box) or NOTHING

    def around(
        self,
        picture: NDArray[np.int32] | NDArray[np.uint8],
        chosen: NDArray[np.bool_],
        box: Box = NOTHING,
    ) -> Box:
        """Return a box around another one and all pixels of the values that are chosen.

        Parameters
        ----------
        picture : (H, W) int32 or uint8 array
            As it is now: ids, or indices.
        chosen : (n,) bool array
            For each id, or each of 256 indices.
        box : Box
            Where it is most of the picture, all of that is returned and nothing looked at.
        """
        if not chosen.any():
            return box
        everything = (0, 0, picture.shape[1], picture.shape[0])
        if 2 * area(box) > picture.size:
            return everything
        if self._moved is None or 2 * area(self._moved) > picture.size:
            self._boxes, self._moved = self._boxes[:0], everything
        new = len(chosen) - len(self._boxes)
        if new > 0:
            self._boxes = np.concatenate([self._boxes, np.tile(_NOWHERE, (new, 1))])
        _native.grow_extents(picture, self._moved, self._boxes)
        self._moved = NOTHING
        left, top, right, bottom = self._boxes[: len(chosen)][chosen].T
        if not right.any():
            return box
        corner = int(left.min()), int(top.min())
        size = int(right.max()) - corner[0], int(bottom.max()) - corner[1]
        return union(box, (*corner, *size)) or NOTHING

"""What frames show and what that costs, counted anew only where something changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.box import NOTHING, area, union
from steadyhue.remap import tally
from steadyhue.stages import Shown

_Tally = tuple[NDArray[np.int64], int]


def tallied(stream: Iterable[Shown]) -> Iterator[tuple[Shown, NDArray[np.int64], float]]:
    """Count what frames show.

    Yields
    ------
    Shown
    (k,) int64 array
        Opaque pixels of each slot.
    float
        Mean squared error of the opaque pixels: the three squared sRGB level
        differences added up, averaged over pixels; 0 without any.
    """
    last: Shown | None = None
    found: _Tally | None = None
    for shown in stream:
        if last is None or found is None:
            found = tally(shown.frame, shown.indices, shown.step.palette)
        else:
            found = _changed(shown, last, found)
        weights, squares = found
        yield shown, weights, squares / max(1, int(weights.sum()))
        last = shown


def _changed(shown: Shown, last: Shown, before: _Tally) -> _Tally:
    """Return the tally of a frame, given that of the frame before."""
    palette = shown.step.palette
    box = union(
        shown.frame.changed_since(last.frame), _native.differing_box(shown.indices, last.indices)
    )
    if 2 * area(box or NOTHING) > shown.indices.size or not np.array_equal(
        palette, last.step.palette
    ):
        return tally(shown.frame, shown.indices, palette)
    if box is None:
        return before
    weights, squares = tally(shown.frame, shown.indices, palette, box)
    gone, gone_squares = tally(last.frame, last.indices, palette, box)
    return before[0] + weights - gone, before[1] + squares - gone_squares

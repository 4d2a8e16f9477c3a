"""What frames show and what that costs, counted anew only where something changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.box import NOTHING, area, union
from steadyhue.extents import Extents
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
    extents = Extents()  # of the slots of what was shown last
    for shown in stream:
        if last is None or found is None:
            found = tally(shown.frame, shown.indices, shown.step.palette)
        else:
            found = _changed(shown, last, found, extents)
        weights, squares = found
        yield shown, weights, squares / max(1, int(weights.sum()))
        last = shown


def _changed(shown: Shown, last: Shown, before: _Tally, extents: Extents) -> _Tally:
    """Return the tally of a frame, given that of the frame before."""
    palette, gone_palette = shown.step.palette, last.step.palette
    differing = _native.differing_box(shown.indices, last.indices)
    extents.move(differing)
    box = union(shown.frame.changed_since(last.frame), differing) or NOTHING
    if len(palette) != len(gone_palette):
        return tally(shown.frame, shown.indices, palette)
    if palette is not gone_palette:
        altered = np.zeros(256, bool)
        altered[: len(palette)] = (palette != gone_palette).any(axis=1)
        box = extents.around(shown.indices, altered, box)
    if 2 * area(box) > shown.indices.size:
        return tally(shown.frame, shown.indices, palette)
    if box == NOTHING:
        return before
    weights, squares = tally(shown.frame, shown.indices, palette, box)
    gone, gone_squares = tally(last.frame, last.indices, gone_palette, box)
    return before[0] + weights - gone, before[1] + squares - gone_squares

"""An index to spare: of 256 colors one is given up where that makes a frame smaller.

A GIF shows what does not change by an index of its own. With 256 colors in use there is none, and
whole boxes are painted anew. So the color that is missed least gives its index up, in the pixels
that change and in those alone: where a frame is dithered all 256 are in use nearly always.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.box import NOTHING, inside
from steadyhue.frame import Delta
from steadyhue.remap import shown_colors, tally
from steadyhue.stages import Shown

FULL = 256
"""Colors of a palette that leaves no index."""


def spared(stream: Iterable[Shown], kept: int = 0) -> Iterator[Shown]:
    """Let frames of 256 colors have an index for what does not change, where they are smaller so.

    What is decided is the size of the image data, as a GIF has it. A frame that shows its source
    exactly stays as it is.

    Parameters
    ----------
    stream : iterable of Shown
    kept : int
        Last slots of every palette, which give nothing up.
    """
    last: Shown | None = None
    for shown in stream:
        smaller = None
        if last is not None and len(shown.step.palette) == FULL and shown.transparent is None:
            canvas = shown_colors(last.step.palette, last.transparent)[last.indices]
            smaller = _smaller(shown, canvas, kept)
        last = shown if smaller is None else smaller
        yield last


def _smaller(shown: Shown, canvas: NDArray[np.uint32], kept: int) -> Shown | None:
    """Return the frame with an index to spare, None if it is smaller without, or exact, or has one."""
    colors = shown_colors(shown.step.palette, shown.transparent)
    marks, box = _native.compare(canvas, shown.indices, colors, (0, 0, *shown.indices.shape[::-1]))
    if box == NOTHING:
        return None
    changes = marks[inside(box)] == 0
    counts = np.bincount(shown.indices[inside(box)][changes], minlength=FULL)
    if changes.all() or not counts.all():
        return None
    if tally(shown.frame, shown.indices, shown.step.palette)[1] == 0:
        return None
    slot, other = _missed_least(shown.step.palette, counts, kept)
    indices = shown.indices.copy()
    view = indices[inside(box)]
    view[changes & (view == slot)] = other
    whole = _native.lzw_encode(shown.indices, marks, box, 8, -1, False)
    data = _native.lzw_encode(indices, marks, box, 8, slot, True)
    if len(data) >= len(whole):
        return None
    return replace(shown, indices=indices, delta=Delta(box, slot, data))


def _missed_least(
    palette: NDArray[np.uint8], counts: NDArray[np.int64], kept: int
) -> tuple[int, int]:
    """Return the slot whose pixels lose least by another one, and that other."""
    free = len(palette) - kept
    colors = palette.astype(np.int64)
    apart = ((colors[:free, None] - colors) ** 2).sum(axis=2)
    apart[np.arange(free), np.arange(free)] = 3 * 256**2
    slot = int((counts[:free] * apart.min(axis=1)).argmin())
    return slot, int(apart[slot].argmin())

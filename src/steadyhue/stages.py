"""What passes from stage to stage of the pipeline: a frame with its palette, then its slots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steadyhue.extents import Extents
from steadyhue.frame import Delta, Frame
from steadyhue.histogram import Histogram
from steadyhue.modes.step import PaletteStep
from steadyhue.remap import gather, nearest_slots
from steadyhue.settings import Settings

_NONE = np.zeros(256, bool)


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """A frame and the palette that was chosen for it.

    Attributes
    ----------
    frame : Frame
    histogram : Histogram
    linked : (H, W) uint8 array or None
        1 where a pixel held still since the frame before, where that was asked; None too
        for the first frame of a shot.
    step : PaletteStep
    source : Frame or None
        The frame as it came, where its pixels were held before it was planned.
    """

    frame: Frame
    histogram: Histogram
    linked: NDArray[np.uint8] | None
    step: PaletteStep
    source: Frame | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A planned frame and what it shows.

    Attributes
    ----------
    frame : Frame
    step : PaletteStep
    indices : (H, W) uint8 array
    transparent : int or None
        The index of transparent pixels, in [0, 255]; None if there are none.
    delta : Delta or None
        The same over the frame before, where a stage has made that.
    """

    frame: Frame
    step: PaletteStep
    indices: NDArray[np.uint8]
    transparent: int | None
    delta: Delta | None = None

    @classmethod
    def of(cls, planned: Planned, indices: NDArray[np.uint8], transparent: int | None) -> Shown:
        """Return what the indices of a planned frame show."""
        return cls(planned.frame, planned.step, indices, transparent)


def nearest_shown(stream: Iterable[Planned], settings: Settings) -> Iterator[Shown]:
    """Show the nearest slot everywhere."""
    extents = Extents()  # of the colors of the last frame
    last: Shown | None = None
    last_slots = np.empty(0, np.uint8)
    for planned in stream:
        frame = planned.frame
        slots, transparent = nearest(planned, settings)
        before = box = None
        if last is not None:
            changed = frame.changed_since(last.frame)
            extents.move(changed)
            if transparent == last.transparent:
                moved = moved_colors(frame, slots, last.frame, last_slots)
                before, box = last.indices, extents.around(frame.ids, moved, changed)
        last = Shown.of(planned, gather(frame.ids, slots, transparent, before, box), transparent)
        last_slots = slots
        yield last


def moved_colors(
    frame: Frame,
    slots: NDArray[np.uint8],
    before: Frame,
    slots_before: NDArray[np.uint8],
    altered: NDArray[np.bool_] = _NONE,
) -> NDArray[np.bool_]:
    """Tell of each color that was in the frame before too whether its pixels have to be looked at.

    They have where its slot is another one, or is `altered`.
    """
    n = min(len(slots), len(slots_before))
    moved = np.zeros(len(slots), bool)
    moved[:n] = (slots[:n] != slots_before[:n]) | altered[slots[:n]]
    moved[:n] &= (frame.weights[:n] > 0) & (before.weights[:n] > 0)
    return moved


def nearest(
    planned: Planned, settings: Settings, *, spare: bool = False
) -> tuple[NDArray[np.uint8], int | None]:
    """Return the nearest slot of each color of a frame, and the index for transparent pixels.

    Where all 256 indices are taken, the least used slot gives its index up. `spare` asks for an index in any case.

    Returns
    -------
    (n,) uint8 array
        For each row of ``frame.colors``.
    int or None
        None if no pixel is transparent.
    """
    histogram, palette = planned.histogram, planned.step.palette
    space, distance = settings.space, settings.distance
    table = np.zeros(len(planned.frame.colors), np.uint8)
    transparent = len(palette) if spare or planned.frame.has_transparency else None
    slots = nearest_slots(histogram.colors, palette, space, distance=distance)
    if transparent == 256:
        transparent = int(np.bincount(slots, histogram.weights, minlength=256).argmin())
        kept = np.delete(np.arange(256, dtype=np.uint8), transparent)
        slots = kept[nearest_slots(histogram.colors, palette[kept], space, distance=distance)]
    table[histogram.rows] = slots
    return table, transparent

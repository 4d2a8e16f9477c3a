"""Labels over time: a still pixel keeps its slot where that costs little."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.color import grid_points
from steadyhue.frame import Frame
from steadyhue.remap import Remapped, gather
from steadyhue.stillness import STILL
from steadyhue.words import Space


class SlotKeeper:
    """Remaps frame after frame; still pixels keep their slot where that costs little.

    Parameters
    ----------
    space : {"srgb", "linear", "oklab", "lab"}
        Where costs are measured, as squared distances.
    """

    def __init__(self, space: Space = "srgb") -> None:
        self._space: Space = space
        self._last: tuple[Frame, NDArray[np.uint8]] | None = None

    def remap(
        self,
        frame: Frame,
        palette: NDArray[np.uint8],
        nearest: NDArray[np.uint8],
        transparent: int | None = None,
        *,
        before: Frame | None = None,
        slack: float = 0.0,
        budget: float = 0.0,
    ) -> Remapped:
        """Choose the slots of the next frame.

        Parameters
        ----------
        frame : Frame
            The source.
        palette : (k, 3) uint8 array
            sRGB, k in [1, 256].
        nearest : (n,) uint8 array
            The nearest slot of each of the frame's colors.
        transparent : int or None
            The index of transparent pixels, in [0, 255]; None only if there are none.
        before : Frame or None
            What this frame is compared with (`stillness.seen_before`); the one before if None.
        slack : float
            Most that keeping its slot may cost a pixel, in multiples of the mean
            error of the frame.
        budget : float
            Most that it may cost the frame, as a share of its error.
        """
        indices = gather(frame.ids, nearest, transparent)
        weights = np.bincount(nearest, frame.weights, len(palette)).astype(np.int64)
        apart = frame.colors.astype(np.int64) - palette[nearest]
        squares = int(frame.weights @ (apart * apart).sum(axis=1))
        # A transparent index inside the palette cannot be told from a slot.
        told_apart = transparent is None or transparent >= len(palette)
        if slack > 0 and self._last is not None and told_apart:
            points = grid_points(frame.colors, self._space)
            off = points - grid_points(palette, self._space)[nearest].astype(np.float64)
            error = float(frame.weights @ (off**2).sum(axis=1))
            last, shown = self._last
            _, added = hold_slots(
                indices,
                frame,
                shown,
                last if before is None else before,
                palette,
                self._space,
                tolerance=STILL,
                slack=slack * error / max(1, int(frame.weights.sum())),
                budget=budget * error,
                points=points,
                weights=weights,
            )
            squares += added
        self._last = frame, indices
        return Remapped(indices, weights, squares / max(1, int(weights.sum())))


def hold_slots(
    indices: NDArray[np.uint8],
    frame: Frame,
    previous_indices: NDArray[np.uint8],
    previous_frame: Frame,
    palette: NDArray[np.uint8],
    space: Space = "srgb",
    *,
    tolerance: int,
    slack: float,
    budget: float = np.inf,
    points: NDArray[np.int16] | None = None,
    weights: NDArray[np.int64] | None = None,
) -> tuple[int, int]:
    """Let still pixels keep their previous slot where that costs little, in place.

    A pixel is still if no channel of its source moved by more than `tolerance`
    levels since the previous frame. It keeps its slot if the squared distance to
    that entry is at most `slack` above the squared distance to its slot in
    `indices`.

    Parameters
    ----------
    indices : (H, W) uint8 array
        Slots of this frame; changed in place.
    frame, previous_frame : Frame
        The sources of this frame and the one before.
    previous_indices : (H, W) uint8 array
        What the previous frame showed.
    palette : (k, 3) uint8 array
        The palette of this frame. Indices from k on (transparent) are left alone.
    space : {"srgb", "linear", "oklab", "lab"}
        Where distances are measured.
    tolerance : int
        Levels in [0, 255]; 0 holds only pixels that did not change at all.
    slack : float
        In squared grid units of the space (`color.GRID_UNITS`).
    budget : float
        Most that all of them may cost together, in the same units; the cheapest
        ones keep their slots.
    points : (n, 3) int16 array, optional
        ``grid_points(frame.colors, space)`` if it is at hand.
    weights : (k,) int64 array, optional
        Pixels of each slot in `indices`; changed in place with them.

    Returns
    -------
    count : int
        How many pixels kept a slot other than that in `indices`.
    squares : int
        By how much that raised the squared sRGB level differences, added up over
        channels and pixels.

    Raises
    ------
    ValueError
        If the frames differ in size.
    """
    if points is None:
        points = grid_points(frame.colors, space)
    if weights is None:
        weights = np.zeros(len(palette), np.int64)
    return _native.hold_slots(
        indices,
        weights,
        previous_indices,
        frame.ids,
        frame.colors,
        previous_frame.ids,
        previous_frame.colors,
        tolerance,
        points,
        grid_points(palette, space),
        palette,
        slack,
        budget,
    )

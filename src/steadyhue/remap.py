"""From colors to palette slots: the nearest entry of every color, the slot of every pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.box import Box
from steadyhue.color import grid_points
from steadyhue.frame import Frame
from steadyhue.words import Distance, Space


def nearest_slots(
    colors: NDArray[np.uint8],
    palette: NDArray[np.uint8],
    space: Space = "srgb",
    *,
    distance: Distance = "euclidean",
    previous: NDArray[np.integer] | None = None,
) -> NDArray[np.uint8]:
    """Find the nearest palette entry of every color, exactly.

    Parameters
    ----------
    colors : (n, 3) uint8 array
        sRGB.
    palette : (k, 3) uint8 array
        sRGB, k in [1, 256].
    space : {"srgb", "linear", "oklab", "lab"}
        Where distances are measured.
    distance : {"euclidean", "manhattan"}
    previous : (n,) integer array, optional
        Slots to keep where they tie with the nearest (-1 for none).

    Returns
    -------
    (n,) uint8 array
        Slots; ties go to `previous`, else to the lowest slot.

    Raises
    ------
    ValueError
        If the palette is empty or has more than 256 entries.
    """
    if not 1 <= len(palette) <= 256:
        raise ValueError(f"a palette has 1 to 256 colors, got {len(palette)}")
    labels = np.full(len(colors), -1, np.int32) if previous is None else previous.astype(np.int32)
    centers = grid_points(palette, space).astype(np.float64)
    _native.assign(grid_points(colors, space), centers, labels, distance == "manhattan", 1)
    return labels.astype(np.uint8)


def gather(
    ids: NDArray[np.int32],
    slots: NDArray[np.uint8],
    transparent: int | None = None,
    before: NDArray[np.uint8] | None = None,
    box: Box | None = None,
) -> NDArray[np.uint8]:
    """Look up every pixel's slot.

    Parameters
    ----------
    ids : (H, W) int32 array
        `Frame.ids`: rows of `slots`, or -1 where transparent.
    slots : (n,) uint8 array
        The slot of every color of the frame.
    transparent : int or None
        The index of transparent pixels, in [0, 255]; None only if there are none.
    before : (H, W) uint8 array, optional
        The result, but for a box.
    box : Box, optional
        Where to look, if not everywhere.

    Returns
    -------
    (H, W) uint8 array
    """
    return _native.gather(ids, slots, 0 if transparent is None else transparent, before, box)


def tally(
    frame: Frame, indices: NDArray[np.uint8], palette: NDArray[np.uint8], box: Box | None = None
) -> tuple[NDArray[np.int64], int]:
    """Count the pixels of each slot and measure what a remap costs.

    Parameters
    ----------
    frame : Frame
        The source.
    indices : (H, W) uint8 array
        Its slots.
    palette : (k, 3) uint8 array
        sRGB.
    box : Box, optional
        Where to look, if not everywhere.

    Returns
    -------
    weights : (k,) int64 array
        Opaque pixels of each slot.
    squares : int
        Squared sRGB level differences, added up over channels and pixels.
    """
    weights, squares = _native.tally(frame.ids, frame.colors, indices, palette, box)
    # Reports keep the weights of every frame, and an array of C++ takes some 450 bytes more.
    return weights.copy(), squares


def shown_colors(palette: NDArray[np.uint8], transparent: int | None) -> NDArray[np.uint32]:
    """Return what each of 256 indices shows as 0xFFRRGGBB, 0 where it shows nothing."""
    shown = np.zeros(256, np.uint32)
    shown[: len(palette)] = palette @ np.array([65536, 256, 1]) + 0xFF000000
    if transparent is not None:
        shown[transparent] = 0
    return shown

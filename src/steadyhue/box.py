"""Boxes of pixels in a picture."""

from __future__ import annotations

Box = tuple[int, int, int, int]
"""Left, top, width, height."""

NOTHING: Box = (0, 0, 0, 0)


def union(a: Box, b: Box) -> Box | None:
    """Return the smallest box around both, None if both are empty."""
    boxes = [box for box in (a, b) if box != NOTHING]
    if not boxes:
        return None
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top


def area(box: Box) -> int:
    """Return how many pixels are in a box."""
    return box[2] * box[3]


def inside(box: Box) -> tuple[slice, slice]:
    """Return what cuts a box out of an (H, W) array."""
    left, top, width, height = box
    return slice(top, top + height), slice(left, left + width)

"""Boxes of pixels in a picture."""

from __future__ import annotations

Box = tuple[int, int, int, int]
"""Left, top, width, height."""

NOTHING: Box = (0, 0, 0, 0)


def union(a: Box, b: Box) -> Box | None:
    """Return the smallest box around both, None if both are empty."""
    if a == NOTHING or b == NOTHING:
        either = b if a == NOTHING else a
        return None if either == NOTHING else either
    left, top = min(a[0], b[0]), min(a[1], b[1])
    right, bottom = max(a[0] + a[2], b[0] + b[2]), max(a[1] + a[3], b[1] + b[3])
    return left, top, right - left, bottom - top


def area(box: Box) -> int:
    """Return how many pixels are in a box."""
    return box[2] * box[3]


def inside(box: Box) -> tuple[slice, slice]:
    """Return what cuts a box out of an (H, W) array."""
    left, top, width, height = box
    return slice(top, top + height), slice(left, left + width)

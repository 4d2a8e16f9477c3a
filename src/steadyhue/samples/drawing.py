"""Drawing on float planes: gradients, noise, polygons, soft paint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 288, 192
N_FRAMES = 48
DURATION = 80.0
"""Milliseconds of a frame."""

Plane = NDArray[np.floating[Any]]
"""(H, W) values, or (H, W, 3) sRGB colors from 0 to 255, at twice the clip's size."""

TURN = 2 * np.pi


def grid() -> tuple[Plane, Plane]:
    """Return x and y of each sample in pixels of the clip: two samples a pixel each way."""
    y, x = np.mgrid[0 : 2 * HEIGHT, 0 : 2 * WIDTH].astype(np.float32)
    return x / 2 + np.float32(0.25), y / 2 + np.float32(0.25)


def rgb(code: str) -> Plane:
    """Return the color of six hex digits."""
    return np.array(list(bytes.fromhex(code)), np.float32)


def gradient(t: Plane, stops: Sequence[tuple[float, str]]) -> Plane:
    """Interpolate colors along t in [0, 1]."""
    at = [stop for stop, _ in stops]
    colors = np.array([rgb(code) for _, code in stops])
    return np.stack([np.interp(t, at, colors[:, c]) for c in range(3)], axis=-1).astype(np.float32)


def paint(picture: Plane, mask: Plane, color: Plane) -> None:
    """Lay a color over the picture, in place, as opaque as the mask in [0, 1] says."""
    picture += mask[..., None] * (color - picture)


def step(edge: float | Plane, width: float, value: Plane) -> Plane:
    """Rise smoothly from 0 to 1 around an edge."""
    t = np.clip((value - edge) / width + 0.5, 0, 1)
    rise: Plane = t * t * (3 - 2 * t)
    return rise


def polygon(x: Plane, y: Plane, points: Sequence[tuple[float, float]]) -> Plane:
    """Return 1 inside a polygon (even-odd rule), 0 outside."""
    inside = np.zeros(x.shape, bool)
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        if y0 != y1:
            crosses = (y0 > y) != (y1 > y)
            inside ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return inside.astype(np.float32)


def noise(x: Plane, y: Plane, cell: float, seed: int, octaves: int = 3) -> Plane:
    """Return smooth noise in about [0, 1]: a random lattice, interpolated, summed by octaves."""
    from numpy.random import default_rng

    lattice = default_rng(seed).random((64, 64), np.float32)
    total = np.zeros(x.shape, np.float32)
    for octave in range(octaves):
        u, v = x * (2**octave / cell) + 7 * octave, y * (2**octave / cell) + 13 * octave
        a, b = u % 1, v % 1
        column, row = (u - a).astype(np.intp), (v - b).astype(np.intp)
        a, b = a * a * (3 - 2 * a), b * b * (3 - 2 * b)
        left, right, up, down = column & 63, (column + 1) & 63, row & 63, (row + 1) & 63
        upper = lattice[up, left] * (1 - a) + lattice[up, right] * a
        lower = lattice[down, left] * (1 - a) + lattice[down, right] * a
        total += (upper * (1 - b) + lower * b) / 2**octave
    return total / (2 - 0.5 ** (octaves - 1))


def shrink(picture: Plane) -> NDArray[np.uint8]:
    """Average 2x2 samples to a pixel and round."""
    mean = (picture[::2, ::2] + picture[1::2, ::2] + picture[::2, 1::2] + picture[1::2, 1::2]) / 4
    return np.rint(np.clip(mean, 0, 255)).astype(np.uint8)

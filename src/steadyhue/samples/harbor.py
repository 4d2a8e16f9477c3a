"""A harbor at dusk: a lighthouse turns, water moves, a red boat enters late."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from steadyhue.frame import Animation, Frame
from steadyhue.samples.drawing import (
    DURATION,
    HEIGHT,
    N_FRAMES,
    TURN,
    WIDTH,
    Plane,
    gradient,
    grid,
    noise,
    paint,
    polygon,
    rgb,
    shrink,
    step,
)

_SHORE = 108.0
_SUN = (104.0, 81.0)
_LAMP = (231.0, 56.0)
_BOAT_ENTERS = 20


def harbor() -> Animation:
    """Return a harbor at dusk: a lighthouse turns, water moves, a red boat enters late.

    Sky, hills and town are exactly still where no light falls, the quay is still
    but for noise of one level; the boat shows from frame 20 of 48 on.
    """
    return Animation(_frames, width=WIDTH, height=HEIGHT, n_frames=N_FRAMES, name="harbor")


def _frames() -> Iterator[Frame]:
    x, y = grid()
    sky = _dusk(x, y)
    windows = _town(sky, x, y)
    quay, quay_mask = _quay(x, y)
    grain = _grain(24, seed=5) * (quay_mask[::2, ::2, None] > 0.99)
    for n in range(N_FRAMES):
        t = n / N_FRAMES
        scene = sky.copy()
        for k, window in enumerate(windows):
            lit = math.sin(TURN * (2 * t + k / len(windows)))
            scene[window] += min(max(0.5 + 2 * lit, 0), 1) * (rgb("ffd890") - scene[window])
        _beam(scene, x, y, t)
        _water(scene, x, y, t)
        if n >= _BOAT_ENTERS:
            _boat(scene, x, y, n - _BOAT_ENTERS)
        paint(scene, quay_mask, quay)
        picture = shrink(scene).astype(np.int16) + grain[n % len(grain)]
        yield Frame.from_array(np.clip(picture, 0, 255).astype(np.uint8), DURATION)


def _dusk(x: Plane, y: Plane) -> Plane:
    """Sky, sun, clouds and hills."""
    stops = [(0, "181a3c"), (0.3, "3f2d63"), (0.58, "94456f"), (0.8, "e4745c"), (1, "ffc681")]
    sky = gradient(y / _SHORE, stops)
    away = np.hypot(x - _SUN[0], (y - _SUN[1]) * 1.3)
    paint(sky, 0.75 * np.exp(-((away / 42) ** 2)), rgb("ffdf9a"))
    cloud = noise(x * 0.35, y * 1.5, 26, seed=3, octaves=4)
    cover = step(0.6, 0.3, cloud) * step(18, 30, y) * (1 - step(94, 24, y))
    paint(
        sky, 0.75 * cover, gradient(y / _SHORE, [(0.1, "2c2450"), (0.5, "6f3a68"), (1, "d9656a")])
    )
    edge = step(0.5, 0.25, cloud) * (1 - step(0.68, 0.2, cloud)) * step(40, 40, y)
    paint(sky, 0.35 * edge * (1 - step(94, 24, y)), rgb("ffb27d"))
    paint(sky, 1 - step(13.5, 1, np.hypot(x - _SUN[0], y - _SUN[1])), rgb("fff3c4"))
    for height, size, color, seed in ((88, 22, "8a4a72", 11), (96, 15, "533463", 12)):
        ridge = height - size * (noise(x, 0 * y, 46, seed) - 0.5) - 6 * np.cos(x / 60 + seed)
        paint(sky, (y > ridge).astype(np.float32), rgb(color))
    return sky


def _town(sky: Plane, x: Plane, y: Plane) -> list[NDArray[np.bool_]]:
    """Draw the houses and the lighthouse; return windows, in groups that blink together."""
    from numpy.random import default_rng

    rng = default_rng(8)
    blinking = [np.zeros(x.shape, bool) for _ in range(3)]
    left = 0.0
    while left < 300:
        width, height = (
            rng.uniform(7, 15),
            rng.uniform(5, 15) + 9 * np.exp(-(((left - 170) / 30) ** 2)),
        )
        roof, right = _SHORE - height, left + width
        house = (x >= left) & (x < right) & (y >= roof)
        paint(sky, house.astype(np.float32), rgb("2b2148") + np.float32(rng.uniform(-5, 7)))
        for column in np.arange(left + 2, right - 2, 3.5):
            for row in np.arange(roof + 2.5, _SHORE - 3, 4):
                window = (abs(x - column) < 0.75) & (abs(y - row) < 1) & house
                draw = rng.random()
                if draw < 0.42:
                    paint(sky, window.astype(np.float32), rgb("f5b866"))
                elif draw < 0.62:
                    blinking[int(rng.integers(3))] |= window
        left = right + (rng.uniform(2, 7) if rng.random() < 0.25 else 0)
    rock = polygon(
        x, y, [(196, 110), (204, 101), (216, 98), (226, 95), (240, 95), (252, 100), (270, 110)]
    )
    paint(sky, rock, rgb("1f1a38"))
    lx, ly = _LAMP
    tower = polygon(x, y, [(lx - 4, ly + 4), (lx + 4, ly + 4), (lx + 6.5, 97), (lx - 6.5, 97)])
    shade = gradient((x - lx) / 13 + 0.5, [(0, "f0c7a0"), (0.45, "c99a92"), (1, "5b4468")])
    paint(sky, tower, shade)
    bands = tower * ((np.floor((y - ly - 4) / 8) % 2) == 1)
    paint(sky, bands, shade * np.float32(0.45))
    paint(
        sky,
        polygon(x, y, [(lx - 6, ly + 4), (lx + 6, ly + 4), (lx + 6, ly + 6), (lx - 6, ly + 6)]),
        rgb("1f1a38"),
    )
    paint(sky, polygon(x, y, [(lx - 4, ly - 3.5), (lx + 4, ly - 3.5), (lx, ly - 9)]), rgb("1f1a38"))
    paint(
        sky,
        polygon(x, y, [(lx - 3, ly - 3.5), (lx + 3, ly - 3.5), (lx + 3, ly + 4), (lx - 3, ly + 4)]),
        rgb("ffe9b0"),
    )
    return blinking


def _beam(scene: Plane, x: Plane, y: Plane, t: float) -> None:
    """Turn the light: two opposite beams, long when they point sideways."""
    rows = slice(0, int(2 * _SHORE))
    scene, x, y = scene[rows], x[rows] - _LAMP[0], y[rows] - _LAMP[1]
    reach = math.cos(TURN * t)
    along = np.abs(x)
    across = (y + 0.1 * along) / (1.8 + 0.14 * along)
    glow = np.maximum(np.exp(-across * across) - 0.02, 0) * np.maximum(
        1 - along / (190 * abs(reach) + 1), 0
    )
    glow *= 0.75 + 0.25 * math.copysign(1, reach) * np.sign(x)  # one of the two is stronger
    flash = np.exp(-(x * x + y * y) / (4 + 12 * (1 - abs(reach)) ** 3) ** 2)
    paint(scene, np.maximum(0.62 * abs(reach) * glow, 0.9 * flash), rgb("fff0c8"))


def _water(scene: Plane, x: Plane, y: Plane, t: float) -> None:
    """Mirror what is above the shore, bent by waves, and let the sun glitter on it."""
    top = int(2 * _SHORE)
    x, y = x[top:], y[top:]
    depth = (y - _SHORE) / (HEIGHT - _SHORE)
    rows = _SHORE / (y - _SHORE + 6)  # waves crowd toward the horizon
    wave = np.sin(8 * rows - 2 * TURN * t + 0.06 * x + 0.3 * y)
    wave += np.sin(13 * rows + 3 * TURN * t - 0.09 * x + 0.55 * y)
    wave += 0.8 * np.sin(0.21 * x + 0.9 * y + 2 * TURN * t)
    bend = wave * (0.9 + 2.6 * depth)
    source_y = np.clip(2 * _SHORE - y - 2 + bend, 0, _SHORE - 1)
    source_x = np.clip(x + 0.6 * bend, 0, WIDTH - 1)
    mirrored = scene[(2 * source_y).astype(np.intp), (2 * source_x).astype(np.intp)]
    paint(mirrored, 0.32 + 0.3 * depth, rgb("1d2350"))
    column = (x - _SUN[0]) / (9 + 26 * depth)
    column = np.exp(-column * column)
    spark = step(1.15 - 0.5 * column, 0.7, wave / 2) * column * (1 - 0.45 * depth)
    paint(mirrored, 0.9 * spark, rgb("ffd089"))
    scene[top:] = mirrored


_HULL = [(-27.0, -8.0), (29.0, -9.5), (22.0, 1.0), (-22.0, 1.0)]
_STRIPE = [(-27.0, -8.0), (29.0, -9.5), (28.2, -8.0), (-26.3, -6.6)]
_CABIN = [(-17.0, -8.0), (-16.0, -17.0), (-1.0, -17.0), (1.5, -8.3)]
_PANE = [(-13.5, -11.0), (-13.0, -15.0), (-4.0, -15.0), (-3.2, -11.0)]
_MAST = [(7.0, -9.0), (7.0, -31.0), (8.2, -31.0), (8.2, -9.0)]
_SAIL = [(8.2, -30.0), (22.0, -11.0), (8.2, -11.0)]


def _boat(scene: Plane, x: Plane, y: Plane, age: int) -> None:
    """Draw the red boat and its reflection, `age` frames after it entered."""
    cx, cy = 312 - 6.3 * age, 143 + 0.7 * np.sin(age * 0.8)
    rows = slice(200, 370)
    view, x, y = scene[rows], x[rows] - np.float32(cx), y[rows] - np.float32(cy)
    parts = (
        (_SAIL, "f3d9b8"),
        (_MAST, "2a1c2f"),
        (_HULL, "d5232f"),
        (_STRIPE, "ffe3c4"),
        (_CABIN, "f1e2d0"),
        (_PANE, "ffc25c"),
    )
    below = (y > 0).astype(np.float32)
    for shape, color in parts:  # the reflection, broken by ripples
        ripple = 1.6 * np.sin(0.9 * y + 0.8 * age)
        paint(
            view, 0.6 * below * polygon(x + ripple, -1.15 * y, shape), rgb(color) * np.float32(0.72)
        )
    for shape, color in parts:
        paint(view, polygon(x, y, shape), rgb(color))
    shade = polygon(x, y, _HULL) * step(-2, 8, y)
    paint(view, 0.55 * shade, rgb("6d1230"))
    lamp = np.exp(-((np.hypot(x - 7.6, y + 32) / 3) ** 2))
    paint(view, lamp, rgb("fff2c0"))
    wake = np.exp(-((y - 1.5) ** 2) / 1.5) * step(18, 8, x) * np.exp(-np.maximum(x - 20, 0) / 16)
    paint(view, 0.55 * wake, rgb("e8b9a0"))


def _quay(x: Plane, y: Plane) -> tuple[Plane, Plane]:
    """Return the quay in front, and where it is: stones, bollard, lantern."""
    face = gradient(
        (y - 168) / 24, [(0, "4a3a55"), (0.16, "3a2c4a"), (0.2, "241c36"), (1, "150f26")]
    )
    joints = (np.abs((y - 172) % 8) < 0.6) | (np.abs((x + 9 * np.floor((y - 172) / 8)) % 18) < 0.6)
    paint(face, 0.5 * joints * (y > 172), rgb("0e0a1c"))
    mask = polygon(x, y, [(-1, 168), (118, 168), (126, 193), (-1, 193)])
    for points in (
        [(88, 168), (89, 160), (87, 158), (87, 156), (97, 156), (97, 158), (95, 160), (96, 168)],
        [(27, 168), (28, 118), (30, 118), (31, 168)],
        [(22, 112), (36, 112), (34, 103), (24, 103)],
        [(23, 103), (35, 103), (29, 97)],
    ):
        part = polygon(x, y, points)
        paint(face, part, rgb("1a1330"))
        mask = np.maximum(mask, part)
    pane = polygon(x, y, [(24.5, 111), (33.5, 111), (32.5, 104), (25.5, 104)])
    paint(face, pane, gradient((y - 104) / 7, [(0, "ffe6a6"), (1, "ffb14f")]))
    pool = np.exp(-(((x - 29) / 30) ** 2) - ((y - 169) / 5) ** 2)
    paint(face, 0.6 * pool * (y >= 168), rgb("e09a55"))
    return face, mask


def _grain(n: int, seed: int) -> NDArray[np.int16]:
    """Return n planes of noise of -1, 0 or 1 level."""
    from numpy.random import default_rng

    noise: NDArray[np.int16] = default_rng(seed).integers(-1, 2, (n, HEIGHT, WIDTH, 1), np.int16)
    return noise

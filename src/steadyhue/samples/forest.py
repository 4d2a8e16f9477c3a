"""A forest in the morning: shafts of light drift, leaves fall."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

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


def forest() -> Animation:
    """Return a forest in the morning: shafts of light drift, leaves fall.

    The trees in front are exactly still but where a leaf passes; light changes
    everything behind them. The clip loops without a seam.
    """
    return Animation(_frames, width=WIDTH, height=HEIGHT, n_frames=N_FRAMES, name="forest")


def _frames() -> Iterator[Frame]:
    x, y = grid()
    back, take = _glade(x, y)
    front, front_mask = _near_trees(x, y)
    dapple = 0.5 * step(0.55, 0.2, noise(x, y * 1.6, 20, seed=43)) * step(132, 20, y)
    along = np.linspace(-40, 460, 2001, dtype=np.float32)
    shafts = step(0.5, 0.3, noise(along, 0 * along, 34, seed=41, octaves=2))
    shafts *= 0.55 + 0.7 * noise(along, 0 * along, 11, seed=42)
    slope = ((x + 0.62 * y + 40) * 4).astype(np.intp)
    for n in range(N_FRAMES):
        t = n / N_FRAMES
        scene = back.copy()
        shaft = shafts[slope - int(104 * math.sin(TURN * t))]
        paint(scene, 0.72 * shaft * take, rgb("fff6b8"))
        paint(scene, shaft * dapple, rgb("efe486"))
        paint(scene, front_mask, front)
        _leaves(scene, x, y, n)
        yield Frame.from_array(shrink(scene), DURATION)


def _glade(x: Plane, y: Plane) -> tuple[Plane, Plane]:
    """Return mist, far trees and ground, and how much of the light each pixel takes."""
    away = np.hypot(x - 92, (y - 40) * 1.1) / 190
    back = gradient(away, [(0, "f3f2bd"), (0.25, "c3d795"), (0.55, "6ba073"), (1, "23574d")])
    distance = np.ones(x.shape, np.float32)
    layers = (
        (9, 2.2, "9dbd86", 0.75, 21),
        (8, 3.6, "628f69", 0.6, 22),
        (6, 6.0, "33614c", 0.4, 23),
    )
    for count, half, color, take, seed in layers:
        trunks = _trunks(x, y, count, half, seed)
        paint(back, 0.9 * trunks, rgb(color))
        distance += trunks * (take - distance)
        crown = 44 - 9 * half + 24 * (noise(x, y, 24, seed + 10, octaves=4) - 0.5) * 2
        leaf = step(0, 5, crown + 8 - y)
        paint(back, 0.85 * leaf, rgb(color) * np.float32(0.95))
        distance += leaf * (take - distance)
    ground = step(136, 3, y + 14 * (noise(x, 0 * y, 50, seed=27) - 0.5))
    moss = gradient((y - 130) / 62, [(0, "7fa05a"), (0.35, "4d7a41"), (1, "1d3f2a")])
    moss = moss * (0.8 + 0.4 * noise(x, y * 2.2, 9, seed=28, octaves=4))[..., None]
    path = np.abs(x - 132 - 30 * np.sin((y - 120) / 26)) / (5 + 0.5 * np.maximum(y - 130, 0))
    paint(moss, 1 - step(0.85, 0.5, path), gradient((y - 130) / 62, [(0, "cdb27b"), (1, "8a6a48")]))
    paint(back, ground, moss)
    distance += ground * (0.3 - distance)
    return back * np.float32(0.92), distance * (1 - y / 260)


def _trunks(x: Plane, y: Plane, count: int, half: float, seed: int) -> Plane:
    """Return a row of trunks about `half` pixels to each side, slightly bent."""
    from numpy.random import default_rng

    rng = default_rng(seed)
    mask = np.zeros(x.shape, np.float32)
    for k in range(count):
        middle = (k + rng.uniform(0.15, 0.85)) * WIDTH / count
        lean, girth = rng.uniform(-0.05, 0.05), half * rng.uniform(0.7, 1.3)
        bend = middle + lean * (y - 130) + 1.5 * np.sin(y / 31 + 6 * rng.random())
        flare = girth * (1 + 0.5 * np.exp(-np.maximum(142 - y, 0) / 7))
        mask = np.maximum(mask, 1 - step(1, 0.6 / half, abs(x - bend) / flare))
    return mask


def _near_trees(x: Plane, y: Plane) -> tuple[Plane, Plane]:
    """Return what stands in front and never changes: two trunks, ferns, mushrooms."""
    front = np.zeros((*x.shape, 3), np.float32)
    mask = np.zeros(x.shape, np.float32)
    for middle, half, seed in ((24.0, 15.0, 31), (262.0, 11.0, 32)):
        bend = middle + 3 * np.sin(y / 47 + seed)
        flare = half * (1 + 0.9 * np.exp(-np.maximum(190 - y, 0) / 16))
        across = (x - bend) / flare
        trunk = 1 - step(1, 0.08, np.abs(across))
        bark = noise(x * 1.6, y * 0.25, 6, seed, octaves=4)
        color = gradient(
            0.5 + 0.5 * across, [(0, "1d1512"), (0.55, "4a3325"), (0.88, "8c6a42"), (1, "b99a5c")]
        )
        paint(front, trunk, color * (0.55 + 0.8 * bark)[..., None])
        mask = np.maximum(mask, trunk)
    for fx, fy, spread in (
        (58, 186, 30),
        (214, 190, 34),
        (172, 196, 24),
        (290, 184, 30),
        (-4, 178, 26),
    ):
        frond = _fern(x, y, fx, fy, spread)
        paint(front, frond, gradient((fy - y) / spread, [(0, "0c2418"), (1, "3f8a3f")]))
        mask = np.maximum(mask, frond)
    for mx, my, size in ((226, 178, 6.0), (237, 182, 4.2), (46, 183, 4.6)):
        stem = polygon(
            x,
            y,
            [
                (mx - size / 4, my),
                (mx + size / 4, my),
                (mx + size / 3, my + size),
                (mx - size / 3, my + size),
            ],
        )
        cap = ((np.hypot((x - mx) / size, (y - my) / (0.75 * size)) < 1) & (y < my)).astype(
            np.float32
        )
        paint(front, stem, rgb("e8dcc0"))
        paint(front, cap, gradient((my - y) / size, [(0, "7d1c1e"), (1, "e0483a")]))
        mask = np.maximum(mask, np.maximum(stem, cap))
    return front, mask


def _fern(x: Plane, y: Plane, fx: float, fy: float, size: float) -> Plane:
    """Return the arching fronds of one fern."""
    mask = np.zeros(x.shape, np.float32)
    for reach in (-1.0, -0.6, -0.2, 0.25, 0.65, 1.0):
        u = np.clip((x - fx) / (reach * size), 0, 1)  # 0 at the root, 1 at the tip
        spine = fy - size * (1.15 - 0.35 * abs(reach)) * (np.sin(0.62 * np.pi * u))
        teeth = 0.55 + 0.45 * np.cos((x - fx) * 2.4)
        width = size * 0.13 * np.sin(np.pi * np.clip(u * 0.92 + 0.04, 0, 1)) * teeth
        inside = (np.abs(y - spine) < width) & ((x - fx) * np.sign(reach) > 0) & (u < 1)
        mask = np.maximum(mask, inside.astype(np.float32))
    return mask


def _leaves(scene: Plane, x: Plane, y: Plane, n: int) -> None:
    """Let leaves fall, swaying; each comes round again after the last frame."""
    from numpy.random import default_rng

    rng = default_rng(51)
    colors = ("f08a24", "d9542b", "f2c14a")
    for k in range(12):
        start, home, sway = rng.uniform(0, 1), rng.uniform(30, 260), rng.uniform(5, 13)
        fall = (start + n / N_FRAMES) % 1
        turn = TURN * (2 * fall + start)
        cx, cy = home + sway * np.sin(turn), -8 + 208 * fall
        left, top = max(int(2 * cx) - 12, 0), max(int(2 * cy) - 12, 0)
        box = (slice(top, top + 24), slice(left, left + 24))
        u, v = x[box] - cx, y[box] - cy
        a = 0.9 * np.cos(turn)
        along, across = u * np.cos(a) - v * np.sin(a), u * np.sin(a) + v * np.cos(a)
        leaf = np.hypot(along / 3.6, across / (0.7 + 1.1 * abs(np.sin(turn + 1)))) < 1
        paint(scene[box], leaf.astype(np.float32), rgb(colors[k % 3]))

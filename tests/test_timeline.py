"""Time lines: constants in pieces, exactly the best for their price."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.frame import Animation
from steadyhue.timeline import COMMIT, LOOK, held

Floats = NDArray[np.float64]


def clip(n: int, seed: int = 0, height: int = 7, width: int = 6) -> NDArray[np.uint8]:
    """Noise around steps in time, as RGBA."""
    rng = np.random.default_rng(seed)
    steps = rng.integers(40, 200, (n // 4 + 1, height, width, 3)).repeat(4, axis=0)[:n]
    pixels = np.clip(steps + rng.integers(-9, 10, steps.shape), 0, 255).astype(np.uint8)
    return np.concatenate([pixels, np.full((*pixels.shape[:3], 1), 255, np.uint8)], axis=3)


def near_error(frames: Floats, colors: Floats | None, y: int, x: int) -> float:
    """Squared error of the best constant, or of a given one, as the mean of 3 x 3 pixels."""
    _, height, width, _ = frames.shape
    total = 0.0
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            at = frames[:, min(max(y + dy, 0), height - 1), min(max(x + dx, 0), width - 1)]
            of = (
                at.mean(axis=0)
                if colors is None
                else colors[min(max(y + dy, 0), height - 1), min(max(x + dx, 0), width - 1)]
            )
            total += ((at - of) ** 2).sum() / 9
    return total


def least_cost(frames: Floats, start: Floats | None, price: float, y: int, x: int) -> float:
    n = len(frames)
    best = [0.0] + [np.inf] * n
    for j in range(1, n + 1):
        costs = [best[i] + near_error(frames[i:j], None, y, x) + price for i in range(j)]
        if start is not None:
            costs.append(near_error(frames[:j], start, y, x))
        best[j] = min(costs)
    return best[n]


def cost_of(
    shown: NDArray[np.uint8], frames: Floats, start: NDArray[np.uint8] | None, price: float,
    y: int, x: int,
) -> float:  # fmt: skip
    """What the pieces of a pixel cost that can be seen in its colors."""
    colors = shown[:, y, x]
    bounds = [0, *(np.flatnonzero((colors[1:] != colors[:-1]).any(axis=1)) + 1), len(colors)]
    total = 0.0
    for i, j in pairwise(bounds):
        goes_on = i == 0 and start is not None and (colors[0] == start[y, x, :3]).all()
        free = start[..., :3].astype(float) if goes_on and start is not None else None
        total += near_error(frames[i:j], free, y, x) + (0 if goes_on else price)
    return total


@pytest.mark.parametrize("price", [0.5, 300.0, 3000.0, 1e6])
@pytest.mark.parametrize("goes_on", [False, True])
def test_pieces_cost_the_least(price: float, goes_on: bool) -> None:
    frames = clip(9)
    start = clip(1, seed=3)[0] if goes_on else None
    shown = _native.hold_pixels(frames, start, price, 1.0, 0.0, 1)
    colors = frames[..., :3].astype(float)
    begin = None if start is None else start[..., :3].astype(float)
    for y in range(7):
        for x in range(6):
            least = least_cost(colors, begin, price, y, x)
            found = cost_of(shown[..., :3], colors, start, price, y, x)
            assert found == pytest.approx(least, rel=1e-4, abs=0.1)


def test_a_high_price_holds_the_mean() -> None:
    frames = clip(8)
    shown = _native.hold_pixels(frames, None, 1e9, 1.0, 1.0, 1)
    assert (shown == shown[0]).all()
    assert np.abs(shown[0].astype(float) - frames.astype(float).mean(axis=0)).max() <= 0.5


def test_threads_do_not_change_what_is_held() -> None:
    frames = clip(12, height=40)
    one = _native.hold_pixels(frames, None, 300.0, 1.0, 2.0, 1)
    assert np.array_equal(one, _native.hold_pixels(frames, None, 300.0, 1.0, 2.0, 3))


def test_pixels_that_are_ever_transparent_stay_as_they_are() -> None:
    frames = clip(6)
    frames[2, 3, 3] = 0
    shown = _native.hold_pixels(frames, None, 1e9, 1.0, 0.0, 1)
    assert np.array_equal(shown[:, 3, 3], frames[:, 3, 3])
    assert (shown[:, 0, 0] == shown[0, 0, 0]).all()


def test_nothing_goes_on_where_nothing_was_shown() -> None:
    start = np.zeros((7, 6, 4), np.uint8)
    shown = _native.hold_pixels(clip(5), start, 1e9, 1.0, 0.0, 1)
    assert (shown[..., 3] == 255).all()


def test_noise_is_held_for_less_than_what_moves() -> None:
    rng = np.random.default_rng(0)
    noise = np.full((8, 12, 12, 4), 255, np.uint8)
    noise[..., :3] = 120 + rng.integers(-9, 10, (8, 12, 12, 3))
    moving = noise.copy()
    moving[..., :3] = 120 + np.linspace(-9, 9, 8).astype(int)[:, None, None, None]
    error = [np.var(c[..., :3].astype(float), axis=0).sum(-1).mean() for c in (noise, moving)]
    assert 0.8 < error[0] / error[1] < 1.25  # a pixel alone can't tell them apart

    def repaints(frames: NDArray[np.uint8]) -> float:
        shown = _native.hold_pixels(frames, None, 700.0, 0.2, 8.0, 1)
        return float((shown[1:] != shown[:-1]).any(axis=-1).mean())

    assert repaints(noise) < 0.1 < repaints(moving)


def test_windows_join_where_nothing_changes() -> None:
    frames = clip(3 * LOOK)
    frames[:, :3] = frames[0, :3]
    shown = [frame.rgba() for _, frame, _ in held(Animation.from_arrays(list(frames)), 400.0)]
    assert len(shown) == 3 * LOOK > 2 * COMMIT
    assert all((picture[:2] == frames[0, :2]).all() for picture in shown)


def test_each_shot_is_held_by_itself() -> None:
    y, x = np.mgrid[:60, :80]
    hill = np.stack([x * 3, y * 4, x + y], axis=2).astype(np.uint8)
    shots = [np.repeat(picture[None], 9, axis=0) for picture in (hill, 255 - hill[:, ::-1] // 2)]
    stream = held(Animation.from_arrays([*shots[0], *shots[1]]), 1e9)
    together = [(frame.rgba()[..., :3], cut) for _, frame, cut in stream]
    assert [cut for _, cut in together].index(True) == 9
    for (picture, _), source in zip(together, [*shots[0], *shots[1]], strict=True):
        assert np.array_equal(picture, source)

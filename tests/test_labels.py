"""Labels over time: exact over runs of stillness, and the same however they are found."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import steadyhue as sh
from steadyhue import _native, labels
from steadyhue.color import grid_points
from steadyhue.modes.step import Prices

K = 3


def solved(
    errors: np.ndarray, steps: np.ndarray, linked: np.ndarray, shown: int | None
) -> tuple[list[int], float]:
    """Label one pixel over all frames by the kernels; errors are (T, K), steps (T, K, K)."""
    frames, before = [], None
    for cost, step, link in zip(errors, steps, linked, strict=True):
        order = np.argsort(cost, kind="stable")
        slots = np.zeros((1, 4), np.uint8)
        costs = np.full((1, 4), np.inf, np.float32)
        slots[0, :K], costs[0, :K] = order, cost[order]
        ids, link = np.zeros((1, 1), np.int32), np.full((1, 1), link, np.uint8)
        near, flags = _native.nearest_pixels(ids, slots, link, step, before, 0)
        before = near
        frames.append((ids, slots, costs, near, flags, step))
    start = None if shown is None else np.full((1, 1), shown, np.uint8)
    found, extra = _native.label_frames(frames, None, start, len(frames), 1, 1)
    return found.reshape(-1).tolist(), float(extra.sum())


def price(
    path: tuple[int, ...],
    errors: np.ndarray,
    steps: np.ndarray,
    linked: np.ndarray,
    shown: int | None,
) -> float:
    total, before = 0.0, shown
    for t, slot in enumerate(path):
        total += float(errors[t, slot])
        if before is not None and linked[t]:
            total += float(steps[t, before, slot])
        before = slot
    return total


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 5), st.none() | st.integers(0, K - 1))
def test_no_sequence_of_slots_costs_less(seed: int, length: int, shown: int | None) -> None:
    rng = np.random.default_rng(seed)
    errors = rng.integers(0, 20, (length, K)).astype(np.float32)
    steps = rng.integers(0, 6, (length, K, K)).astype(np.float32)
    linked = rng.integers(0, 2, length)
    path, extra = solved(errors, steps, linked, shown)
    least = price(tuple(path), errors, steps, linked, shown)
    for other in itertools.product(range(K), repeat=length):
        assert least <= price(other, errors, steps, linked, shown) + 1e-4
    assert extra == pytest.approx(sum(errors[t, s] - errors[t].min() for t, s in enumerate(path)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.0, 5.0), st.booleans())
def test_slots_that_are_left_out_are_never_worth_going_to(
    seed: int, strength: float, manhattan: bool
) -> None:
    """A slot whose error is above the nearest one's by two steps loses to it everywhere."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 256, (20, 3)).astype(np.int16)
    palette = rng.integers(0, 256, (4, 3)).astype(np.int16)
    shades = grid_points(palette.astype(np.uint8), "oklab")
    steps = Prices(repaint=strength, change=strength).steps(shades, shades)
    apart = points[:, None].astype(float) - palette
    error = np.abs(apart).sum(2) if manhattan else (apart**2).sum(2)
    slots, costs = _native.weigh_slots(
        points, np.ones(20, np.int64), palette, manhattan, -1, 0.01, steps
    )
    for row in range(20):
        count = int(np.isfinite(costs[row]).sum())
        kept = slots[row, :count].tolist()
        assert kept[0] == error[row].argmin()
        assert (np.diff(costs[row, :count]) >= 0).all()
        for slot in set(range(4)) - set(kept):
            more = 0.01 * (error[row, slot] - error[row].min())
            assert more >= 2 * steps[kept[0], slot] * (1 - 1e-5)


def clip(n: int = 14, seed: int = 0) -> sh.Animation:
    rng = np.random.default_rng(seed)
    base = rng.integers(0, 256, (24, 30, 3))
    frames = [np.clip(base + rng.integers(-5, 6, base.shape), 0, 255) for _ in range(n)]
    frames[n // 2][:6] = rng.integers(0, 256, (6, 30, 3))
    return sh.Animation.from_arrays([frame.astype(np.uint8) for frame in frames])


def test_a_longer_look_changes_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown() -> np.ndarray:
        return np.array([frame.indices for frame in sh.quantize(clip(), 6)])

    usual = shown()
    monkeypatch.setattr(labels, "LOOK", 40)
    assert (shown() == usual).mean() > 0.95


def test_noise_on_a_still_picture_repaints_nothing() -> None:
    frames = np.array([frame.rgba() for frame in sh.quantize(clip(12), 6, steadiness=0.9)])
    changed = (frames[1:] != frames[:-1]).any(axis=3)
    changed[5:7, :6] = False  # what did move
    assert changed.mean() < 0.01


def test_at_no_steadiness_every_pixel_shows_its_nearest() -> None:
    source = clip()
    for frame, out in zip(source, sh.quantize(source, 6, steadiness=0), strict=True):
        rgb = frame.rgba()[..., None, :3].astype(int)
        nearest = ((rgb - out.palette) ** 2).sum(axis=3).min(axis=2)
        got = ((rgb[:, :, 0] - out.palette[out.indices]) ** 2).sum(axis=2)
        assert (got == nearest).all()


def test_labels_are_the_same_for_any_number_of_threads() -> None:
    rng = np.random.default_rng(1)
    frames, before = [], None
    shades = grid_points(rng.integers(0, 256, (8, 3), np.uint8), "oklab")
    steps = Prices(repaint=0.5, change=1.0).steps(shades, shades)
    points = rng.integers(0, 256, (50, 3)).astype(np.int16)
    palette = rng.integers(0, 256, (8, 3)).astype(np.int16)
    for _ in range(4):
        ids = rng.integers(0, 50, (120, 90)).astype(np.int32)
        table = _native.weigh_slots(points, np.ones(50, np.int64), palette, False, -1, 1e-3, steps)
        linked = rng.integers(0, 2, ids.shape).astype(np.uint8)
        near, flags = _native.nearest_pixels(ids, table[0], linked, steps, before, 0)
        frames.append((ids, *table, near, flags, steps))
        before = near
    one = _native.label_frames(frames, None, None, 3, 1, 1)
    for threads in (2, 3, 7):
        other = _native.label_frames(frames, None, None, 3, 1, threads)
        assert np.array_equal(one[0], other[0])
        assert np.array_equal(one[1], other[1])

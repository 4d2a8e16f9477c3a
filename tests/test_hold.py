"""Holding centers over time, on a few numbers each."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyhue import _native, kmeans
from steadyhue.color import grid_points
from steadyhue.modes.hold import Moment, hold_centers
from steadyhue.modes.step import Prices

INF = float("inf")


def paths(means: list[float], weights: list[float], price: float, shown: float | None) -> list:
    """The held path of one slot in one dimension."""
    T = len(means)
    held = _native.fit_paths(
        np.array(means).reshape(T, 1, 1),
        np.array(weights).reshape(T, 1),
        np.full((T, 1), price),
        1.0,
        0.0,
        None if shown is None else np.array([[shown]]),
    )
    return held.reshape(T).tolist()


def cost_of(path: list, means: list, weights: list, price: float, shown: float | None) -> float:
    before = [path[0] if shown is None else shown, *path[:-1]]
    moves = sum(a != b for a, b in zip(before, path, strict=True))
    return price * moves + sum(
        w * (m - p) ** 2 for w, m, p in zip(weights, means, path, strict=True)
    )


def test_a_free_path_follows_its_means() -> None:
    assert paths([1.0, 5.0, 5.0, 2.0], [1.0] * 4, 0.0, None) == [1.0, 5.0, 5.0, 2.0]


def test_a_dear_path_stands_at_the_weighted_mean_or_where_it_was_shown() -> None:
    assert paths([1.0, 5.0, 3.0], [1.0, 2.0, 1.0], INF, None) == [3.5, 3.5, 3.5]
    assert paths([1.0, 5.0, 3.0], [1.0, 2.0, 1.0], INF, 9.0) == [9.0, 9.0, 9.0]


def test_a_path_moves_once_where_that_pays() -> None:
    assert paths([0.0, 0.0, 10.0, 10.0], [1.0] * 4, 99.0, None) == [0.0, 0.0, 10.0, 10.0]
    assert paths([0.0, 0.0, 10.0, 10.0], [1.0] * 4, 101.0, None) == [5.0] * 4
    # A flash of one frame is not worth going there and back.
    assert paths([0.0, 10.0, 0.0], [1.0] * 3, 60.0, 0.0) == [0.0] * 3


def test_a_slot_without_weight_fits_anywhere() -> None:
    assert paths([7.0, 3.0, 7.0], [1.0, 0.0, 1.0], 0.5, None) == [7.0, 7.0, 7.0]


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=5),
    st.integers(0, 40),
    st.none() | st.integers(0, 9),
)
def test_no_path_costs_less(steps: list[tuple[int, int]], price: int, shown: int | None) -> None:
    means, weights = [float(m) for m, _ in steps], [float(w) for _, w in steps]
    start = None if shown is None else float(shown)
    found = paths(means, weights, price, start)
    least = cost_of(found, means, weights, price, start)
    for cuts in itertools.product([False, True], repeat=len(steps)):
        pieces, path = [], []
        for t, cut in enumerate(cuts):
            pieces.append([t]) if cut or not pieces else pieces[-1].append(t)
        for piece in pieces:
            weight = sum(weights[t] for t in piece)
            mean = sum(weights[t] * means[t] for t in piece) / weight if weight else 0.0
            keep = start is not None and piece[0] == 0 and not cuts[0]
            path += [start if keep else mean] * len(piece)
        assert least <= cost_of(path, means, weights, price, start) + 1e-9


def moment(colors: list[list[int]], centers: np.ndarray, still: float = 1.0) -> Moment:
    points = np.array(colors, np.int16)
    weights = np.full(len(points), 10)
    found = kmeans.lloyd(points, weights, centers)
    counted = (weights * still).astype(np.int64)
    return Moment(points, weights, counted, found.centers, found.inertia, max(found.inertia, 1.0))


def noisy_moments(n: int, still: float = 1.0) -> list[Moment]:
    rng = np.random.default_rng(4)
    centers = np.array([[50.0] * 3, [150.0] * 3, [220.0] * 3])
    base = np.repeat(centers, 6, axis=0)
    frames = [(base + rng.normal(0, 6, base.shape)).round().astype(int) for _ in range(n)]
    return [moment(frame.tolist(), centers, still) for frame in frames]


def own(moments: list[Moment]) -> np.ndarray:
    return np.array([moment.centers for moment in moments])


@pytest.mark.parametrize("distance", ["euclidean", "manhattan"])
def test_centers_hold_still_on_a_noisy_still_picture(distance: kmeans.Distance) -> None:
    moments = noisy_moments(8)
    held, inertias = hold_centers(moments, own(moments), None, 1.5, distance=distance)
    assert (held == held[0]).all()
    assert inertias.shape == (8,)


def test_nothing_is_held_where_nothing_is_still() -> None:
    moments = noisy_moments(8, still=0.0)
    held, inertias = hold_centers(moments, own(moments), None, 1.5)
    assert (held[1:] != held[:-1]).any(axis=2).all()
    assert (inertias <= [m.inertia for m in moments]).all()


def test_a_higher_price_never_moves_more() -> None:
    counts = []
    for price in (0.0, 0.02, 0.1, 1.0, 10.0):
        moments = noisy_moments(12)
        held, _ = hold_centers(moments, own(moments), None, price)
        counts.append(int((held[1:] != held[:-1]).any(axis=2).sum()))
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0
    assert counts[-1] == 0


def test_a_price_by_distance_makes_a_step_shorter() -> None:
    means, ones = np.array([0.0, 0, 0, 10, 10, 10]).reshape(6, 1, 1), np.ones((6, 1))
    free, priced = (
        _native.fit_paths(means, ones, ones, 1.0, change, None).reshape(6) for change in (0.0, 3.0)
    )
    assert free.tolist() == [0, 0, 0, 10, 10, 10]
    # Each end gives way until the error of its three frames rises as fast as the price falls.
    assert priced == pytest.approx([0.5, 0.5, 0.5, 9.5, 9.5, 9.5], abs=1e-3)


def test_a_price_by_distance_never_moves_farther() -> None:
    ways = []
    for change in (0.0, 0.001, 0.01, 0.1):
        moments = noisy_moments(12)
        held, _ = hold_centers(moments, own(moments), None, 0.02, change)
        ways.append(float(np.sqrt(((held[1:] - held[:-1]) ** 2).sum(axis=2)).sum()))
    assert ways == sorted(ways, reverse=True)
    assert ways[0] > ways[-1]


def test_the_centers_shown_before_are_kept_to_the_bit() -> None:
    moments = noisy_moments(6)
    shown = moments[0].centers + 0.3
    held, _ = hold_centers(moments, own(moments), shown, 5.0)
    assert (held == shown).all()


def test_no_center_moves_at_a_pinned_moment() -> None:
    first, second = noisy_moments(2, still=0.0)
    run = [first, replace(first, pinned=True), second]
    held, _ = hold_centers(run, own(run), None, 0.0)
    assert (held[0] == held[1]).all()
    assert (held[1] != held[2]).any()


def test_a_frame_over_its_cap_weighs_more() -> None:
    quiet = noisy_moments(6)
    rng = np.random.default_rng(1)
    other = moment(rng.integers(0, 256, (18, 3)).tolist(), quiet[0].centers)
    moments = [*quiet[:3], other, *quiet[3:]]
    _, free = hold_centers(moments, own(moments), None, 50.0)
    _, capped = hold_centers(moments, own(moments), None, 50.0, cap=1.2)
    assert free[3] > 1.3 * other.best
    assert capped[3] < free[3]


def test_one_knob_is_all_prices() -> None:
    assert Prices.of(0) == Prices()
    assert Prices.of(0.5) == Prices(0.8, 1.25, 1.15, 1.15, 1.095)
    assert Prices.of(1).repaint > 40


def test_steps_between_colors_cost_by_their_size() -> None:
    one = grid_points(np.array([[0, 0, 0], [255, 255, 255]], np.uint8), "oklab")
    steps = Prices(repaint=0.5, change=1.3).steps(one, one[::-1].copy())
    assert steps.dtype == np.float32
    assert steps[0, 1] == steps[1, 0] == 0
    assert steps[0, 0] == pytest.approx(0.5 + 1.3 * 100, rel=1e-3)  # black to white is 1 in OKLab

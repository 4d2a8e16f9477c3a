"""Holding centers over time, on a few numbers each."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyhue import _native, kmeans
from steadyhue.modes.hold import Moment, Steadiness, hold_centers

INF = float("inf")


def paths(means: list[float], weights: list[float], price: float, shown: float | None) -> list:
    """The held path of one slot in one dimension."""
    T = len(means)
    held = _native.fit_paths(
        np.array(means).reshape(T, 1, 1),
        np.array(weights).reshape(T, 1),
        np.full((T, 1), price),
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
    clustering = kmeans.lloyd(points, weights, centers)
    counted = (weights * still).astype(np.int64)
    return Moment(points, weights, counted, clustering, clustering.inertia, 1.0)


def noisy_moments(n: int, still: float = 1.0, **kwargs: object) -> list[Moment]:
    rng = np.random.default_rng(4)
    centers = np.array([[50.0] * 3, [150.0] * 3, [220.0] * 3])
    base = np.repeat(centers, 6, axis=0)
    frames = [(base + rng.normal(0, 6, base.shape)).round().astype(int) for _ in range(n)]
    return [moment(frame.tolist(), centers, still) for frame in frames]


@pytest.mark.parametrize("distance", ["euclidean", "manhattan"])
def test_centers_hold_still_on_a_noisy_still_picture(distance: kmeans.Distance) -> None:
    held, inertias = hold_centers(noisy_moments(8), None, 1.5, distance=distance)
    assert (held == held[0]).all()
    assert inertias.shape == (8,)


def test_nothing_is_held_where_nothing_is_still() -> None:
    moments = noisy_moments(8, still=0.0)
    held, inertias = hold_centers(moments, None, 1.5)
    assert (held[1:] != held[:-1]).any(axis=2).all()
    assert (inertias <= [m.clustering.inertia for m in moments]).all()


def test_a_higher_price_never_moves_more() -> None:
    counts = []
    for price in (0.0, 0.02, 0.1, 1.0, 10.0):
        held, _ = hold_centers(noisy_moments(12), None, price)
        counts.append(int((held[1:] != held[:-1]).any(axis=2).sum()))
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0
    assert counts[-1] == 0


def test_the_centers_shown_before_are_kept_to_the_bit() -> None:
    moments = noisy_moments(6)
    shown = moments[0].clustering.centers + 0.3
    held, _ = hold_centers(moments, shown, 5.0)
    assert (held == shown).all()


def test_no_center_moves_at_a_fixed_moment() -> None:
    first, second = noisy_moments(2, still=0.0)
    fixed = replace(first, fixed=True)
    held, _ = hold_centers([first, fixed, second], None, 0.0)
    assert (held[0] == held[1]).all()
    assert (held[1] != held[2]).any()


def test_one_knob_is_three_prices() -> None:
    assert Steadiness.of(0) == Steadiness(0, 0, 0)
    assert Steadiness.of(0.5) == Steadiness(1.5, 2.0, 0.08)
    assert Steadiness.of(1).price > 100

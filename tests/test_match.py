from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from steadyhue import _native
from steadyhue.color import from_space, to_space
from steadyhue.palette import Palette
from steadyhue.palettemap import match, neighbors
from steadyhue.palettemap.alignment import _basis, align
from steadyhue.words import MATCHES

seeds = st.integers(0, 2**32 - 1)


def random_palette(rng: np.random.Generator, k: int) -> Palette:
    """Return k distinct colors."""
    codes = rng.choice(2**24, k, replace=False)
    colors = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], 1).astype(np.uint8)
    return Palette(colors, rng.integers(1, 1000, k))


def random_contact(rng: np.random.Generator, k: int) -> NDArray[np.int64]:
    contact = rng.integers(0, 100, (k, k))
    contact = contact + contact.T
    np.fill_diagonal(contact, 0)
    return contact


@settings(deadline=None)
@given(seed=seeds, rows=st.integers(1, 12), extra=st.integers(0, 12), ties=st.booleans())
def test_assignment_costs_as_little_as_scipy_finds(
    seed: int, rows: int, extra: int, ties: bool
) -> None:
    rng = np.random.default_rng(seed)
    shape = (rows, rows + extra)
    cost = rng.integers(0, 4, shape).astype(float) if ties else rng.normal(size=shape)
    columns = _native.one_to_one(cost)
    best = linear_sum_assignment(cost)
    assert len(set(columns.tolist())) == rows
    assert cost[np.arange(rows), columns].sum() == pytest.approx(cost[best].sum(), abs=1e-9)


def test_assignment_needs_as_many_columns_as_rows() -> None:
    with pytest.raises(ValueError, match="columns"):
        _native.one_to_one(np.zeros((3, 2)))


class Problem:
    """A random small matching problem, with its cost written out plainly."""

    def __init__(self, seed: int, n: int, m: int) -> None:
        rng = np.random.default_rng(seed)
        self.n, self.m = n, m
        self.unary = rng.random((n, m))
        self.pair = random_contact(rng, n) / 100
        light = rng.integers(0, 4, n)
        self.sign = np.sign(light[:, None] - light).astype(np.int8)
        self.places, self.target = rng.random((n, 3)), rng.random((m, 3))
        self.region, self.gap = random_contact(rng, n) / 50, random_contact(rng, m) / 100
        self.shown, self.share = rng.random(n) < 0.8, rng.dirichlet(np.ones(m))
        self.factors = (3.0, 2.0, 7.0, 0.5)

    def cost(self, s: NDArray[np.integer]) -> float:
        light, hue, order, spread = self.factors
        total = sum(self.unary[i, s[i]] for i in range(self.n))
        for i, k in product(range(self.n), repeat=2):
            moved = self.target[s[i]] - self.target[s[k]]
            change = moved - (self.places[i] - self.places[k])
            wrong = max(0.0, -float(self.sign[i, k]) * moved[0])
            terms = light * change[0] ** 2 + hue * (change[1:] ** 2).sum() + order * wrong**2
            total += self.pair[i, k] * terms + self.region[i, k] * self.gap[s[i], s[k]]
        used = self.target[s[self.shown]]
        left = [min([1.0, *((used - y) ** 2).sum(1)]) for y in self.target]
        return float(total + spread * self.share @ left)

    def search(self, start: NDArray[np.int32], sweeps: int = 50) -> tuple[NDArray[np.int32], float]:
        return _native.search_match(
            self.unary, self.pair, self.sign, self.places, self.target,
            self.region, self.gap, self.shown, self.share, self.factors, np.arange(self.n, dtype=np.int32), start, sweeps,
        )  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(seed=seeds, n=st.integers(1, 6), m=st.integers(1, 5))
def test_no_single_move_improves_a_match_and_its_cost_is_the_written_one(
    seed: int, n: int, m: int
) -> None:
    problem = Problem(seed, n, m)
    start = np.random.default_rng(seed).integers(0, m, n).astype(np.int32)
    found, cost = problem.search(start)
    assert cost == pytest.approx(problem.cost(found))
    assert cost <= problem.cost(start) + 1e-12
    for i, j in product(range(n), range(m)):
        other = found.copy()
        other[i] = j
        assert problem.cost(other) >= cost - 1e-9


def test_search_checks_its_arrays() -> None:
    problem = Problem(0, 3, 2)
    with pytest.raises(ValueError, match="no such color"):
        problem.search(np.full(3, 2, np.int32))
    with pytest.raises(ValueError, match="fit together"):
        problem.search(np.zeros(2, np.int32))


@pytest.mark.parametrize("method", MATCHES)
@settings(deadline=None, max_examples=15)
@given(seed=seeds, k=st.integers(1, 40))
def test_a_palette_matches_itself_slot_by_slot(method: str, seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    palette = random_palette(rng, k)
    found = match(palette, palette, method, adjacency=random_contact(rng, k)).slots
    if method in ("frequency", "lightness"):  # ties are told apart by color, not by slot
        key = palette.weights if method == "frequency" else to_space(palette.colors, "oklab")[:, 0]
        assert key[found].tolist() == key.tolist()
    else:
        assert found.tolist() == list(range(k))


@pytest.mark.parametrize("method", MATCHES)
@settings(deadline=None, max_examples=15)
@given(seed=seeds, n=st.integers(1, 20), m=st.integers(1, 20), spread=st.sampled_from([0.0, 1.0]))
def test_the_order_of_the_slots_changes_nothing(
    method: str, seed: int, n: int, m: int, spread: float
) -> None:
    rng = np.random.default_rng(seed)
    source, target, contact = random_palette(rng, n), random_palette(rng, m), random_contact(rng, n)
    plain = match(source, target, method, adjacency=contact, spread=spread).colors
    p, q = rng.permutation(n), rng.permutation(m)
    mixed = target.take(q)
    found = match(source.take(p), mixed, method, adjacency=contact[np.ix_(p, p)], spread=spread)
    assert found.colors.tolist() == plain[p].tolist()


@pytest.mark.parametrize("method", MATCHES)
@settings(deadline=None, max_examples=15)
@given(seed=seeds, n=st.integers(1, 20), m=st.integers(1, 20))
def test_splitting_a_color_in_two_changes_nothing(method: str, seed: int, n: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    source, target, contact = random_palette(rng, n), random_palette(rng, m), random_contact(rng, n)

    def split(palette: Palette) -> Palette:
        weights = np.append(palette.weights, palette.weights[0] / 2)
        weights[0] /= 2
        return Palette(np.append(palette.colors, palette.colors[:1], 0), weights)

    parted = np.zeros((n + 1, n + 1))  # half of the contact goes to the new slot
    parted[:n, :n] = contact
    parted[0] /= 2
    parted[:, 0] /= 2
    parted[n], parted[:, n] = parted[0], parted[:, 0]
    plain = match(source, target, method, adjacency=contact).colors
    twice = split(target)
    found = match(split(source), twice, method, adjacency=parted).colors
    assert found.tolist() == [*plain.tolist(), plain[0].tolist()]


@pytest.mark.parametrize("method", MATCHES)
def test_a_target_of_one_color_takes_everything(method: str) -> None:
    source = random_palette(np.random.default_rng(1), 9)
    assert match(source, Palette.from_hex("#336699"), method).slots.tolist() == [0] * 9


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("method", MATCHES)
def test_a_source_of_one_color_gets_the_first_in_rank_or_the_nearest(
    method: str, seed: int
) -> None:
    target = random_palette(np.random.default_rng(seed), 9)
    source = Palette.from_hex("#336699")
    found = match(source, target, method, spread=0)
    x, y = to_space(source.colors, "oklab"), to_space(target.colors, "oklab")
    if method == "tone" and found.grade is not None:
        x = found.grade.apply(x)
    # To tone, lightness counts half as much again as hue.
    apart = (y - x) ** 2 @ ([1.5, 1, 1] if method == "tone" else [1, 1, 1])
    cost = {"frequency": -target.weights, "lightness": y[:, 0]}.get(method, apart)
    assert found.slots.tolist() == [int(np.argmin(cost))]


@pytest.mark.parametrize("method", ["tone", "lightness"])
@pytest.mark.parametrize("grey", ["source", "target"])
def test_greys_keep_their_order_of_lightness(method: str, grey: str) -> None:
    rng = np.random.default_rng(3)
    ramp = Palette(np.arange(0, 256, 17, dtype=np.uint8)[:, None].repeat(3, 1))
    colors = random_palette(rng, 12)
    source, target = (ramp, colors) if grey == "source" else (colors, ramp)
    before = to_space(source.colors, "oklab")[:, 0]
    after = to_space(match(source, target, method).colors, "oklab")[:, 0]
    assert (np.diff(after[np.argsort(before)]) >= -0.01).all()


def test_frequency_gives_the_most_frequent_to_the_most_frequent() -> None:
    source = Palette.from_hex("#000,#fff,#f00")
    target = Palette(Palette.from_hex("#123,#456,#789").colors, [1, 3, 2])
    counted = Palette(source.colors, [10, 30, 20])
    assert match(counted, target, "frequency").slots.tolist() == [0, 1, 2]


def test_ranks_of_unequal_palettes_are_spread_evenly() -> None:
    greys = Palette.from_hex("#000,#333,#666,#999,#ccc,#fff")
    three = Palette.from_hex("#111,#777,#eee")
    assert match(greys, three, "lightness").slots.tolist() == [0, 0, 1, 1, 2, 2]
    assert match(three, greys, "lightness").slots.tolist() == [0, 3, 5]


def test_assignment_uses_every_target_color_and_gives_the_rest_their_nearest() -> None:
    source = Palette.from_hex("#000,#020202,#fff")
    target = Palette.from_hex("#000,#fff")
    assert match(source, target, "assignment").slots.tolist() == [0, 0, 1]
    assert sorted(match(target, source, "assignment").slots) == [0, 2]


def test_a_grade_is_undone_although_frequencies_differ() -> None:
    rng = np.random.default_rng(7)
    source = random_palette(rng, 24)
    lab = to_space(source.colors, "oklab")
    lab[:, 1:] *= 0.6
    source = Palette(from_space(lab, "oklab"), source.weights)
    graded = lab * [0.85, 1, 1] + [0.1, 0.0, 0.0]
    turn = np.deg2rad(15)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    graded[:, 1:] = graded[:, 1:] @ spin.T
    target = Palette(from_space(graded, "oklab"), rng.permutation(source.weights))
    assert (match(source, target).slots == np.arange(24)).mean() >= 0.9
    assert (match(source, target, "frequency").slots == np.arange(24)).mean() <= 0.3


def test_shades_of_one_object_stay_in_one_hue() -> None:
    # four touching reds; the target has a red ramp, and one green of the very lightness
    reds = Palette.from_hex("#4a0c0c,#7a1414,#a81c1c,#d62424")
    target = Palette.from_hex("#4f1f0c,#803214,#af4a1e,#2c6b2c,#dc6a32")
    contact = np.diag([50, 50, 50], 1) + np.diag([50, 50, 50], -1)
    assert match(reds, target, adjacency=contact).slots.tolist() == [0, 1, 2, 4]


def test_regions_of_different_hues_may_go_to_different_hues() -> None:
    # reds touch reds and blues touch blues; between them there is one border
    source = Palette.from_hex("#4a0c0c,#7a1414,#a81c1c,#0c0c4a,#14147a,#1c1ca8")
    target = Palette.from_hex(
        "#0c3a0c,#145a14,#1c7a1c,#249a24,#4a3a0c,#7a5a14,#a87a1c,#d69a24,#3a0c4a,#5a147a,#7a1ca8"
    )
    contact = np.zeros((6, 6))
    for a, b, times in ((0, 1, 50), (1, 2, 50), (3, 4, 50), (4, 5, 50), (2, 5, 2)):
        contact[a, b] = contact[b, a] = times
    found = match(source, target, adjacency=contact).slots
    ramps = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2]
    reds, blues = ({ramps[slot] for slot in part} for part in (found[:3], found[3:]))
    assert len(reds) == len(blues) == 1
    light = to_space(target.colors, "oklab")[found, 0]
    assert (np.diff(light[:3]) >= 0).all()
    assert (np.diff(light[3:]) >= 0).all()


def test_a_gradient_of_greys_gets_no_bands_of_other_hues() -> None:
    greys = Palette.from_hex("#111,#222,#333,#444,#555,#666,#777,#888,#999,#aaa,#bbb,#ccc")
    target = Palette.from_hex("#1c1410,#4a3a30,#8c7c6c,#d8ccc0,#fff8f0,#203a9c,#d02868,#8c8c1c")
    steps = np.eye(12, k=1) + np.eye(12, k=-1)
    used = set(match(greys, target, adjacency=100 * steps).slots.tolist())
    assert used <= set(range(5))


def test_what_is_held_stays_and_the_rest_is_matched_to_it() -> None:
    source, target = Palette.from_hex("#222,#666,#aaa"), Palette.from_hex("#111,#444,#777,#ddd")
    found = match(source, target, held=[-1, 2, -1]).slots.tolist()
    assert found[1] == 2
    assert found[0] < 2 <= found[2]
    assert match(source, target, held=[3, 3, 3]).slots.tolist() == [3, 3, 3]
    with pytest.raises(ValueError, match="held must be 3 slots"):
        match(source, target, held=[0, 1])
    with pytest.raises(ValueError, match="held must be 3 slots"):
        match(source, target, held=[0, 1, 4])


def test_greys_stay_grey_where_the_target_has_greys() -> None:
    source = Palette.from_hex("#222,#555,#888,#bbb,#eee,#a33,#3a3")
    target = Palette.from_hex(
        "#2b2018,#5e4a38,#94775a,#c9a882,#f4dcb8,#333,#666,#999,#ccc,#fff,#b44"
    )
    found = to_space(match(source, target).colors[:5], "oklab")
    assert np.hypot(*found[:, 1:].T).max() < 0.03


def test_spread_uses_target_colors_that_nothing_resembles() -> None:
    greys = Palette.from_hex("#000,#222,#444,#666,#888,#aaa,#ccc,#fff")
    target = Palette.from_hex("#111,#555,#999,#eee,#c33,#36c")
    few = set(match(greys, target).slots.tolist())
    more = set(match(greys, target, spread=1.0).slots.tolist())
    assert few < more == set(range(6))


def test_slots_without_pixels_get_a_target_like_their_neighbors_in_color() -> None:
    source = Palette(Palette.from_hex("#000,#fff,#fefefe").colors, [5, 5, 0])
    assert match(source, Palette.from_hex("#101010,#f0f0f0")).slots.tolist() == [0, 1, 1]


def test_alignment_of_equal_palettes_hardly_moves_them() -> None:
    rng = np.random.default_rng(2)
    lab = to_space(random_palette(rng, 30).colors, "oklab")
    weights = np.full(30, 1 / 30)
    assert align(lab, lab, weights, weights) is None
    near = lab + rng.normal(0, 0.004, lab.shape)
    grade = align(lab, near, weights, weights)
    assert grade is not None
    assert np.abs(grade.apply(lab) - lab).max() < 0.02


def test_a_fitted_grade_is_the_ridge_regression_of_its_soft_ties() -> None:
    rng = np.random.default_rng(5)
    x, y = rng.random((6, 3)), rng.random((9, 3))
    w, s = (part / part.sum() for part in (rng.random(6), rng.random(9)))
    ridge, radius, (light, outliers, backward) = np.full(7, 0.02), 0.3, (0.5, 0.003, 1.5)
    found = _native.fit_grade(
        x, y, w, s, np.array([radius]), ridge[:3], ridge[3:], (light, outliers, backward)
    )
    near = np.exp(((x[:, None] - y) ** 2) @ [light, 1, 1] / (-2 * radius**2))
    ties = near * s * (w / ((near * s).sum(1) + outliers))[:, None]
    back = near * w[:, None]
    ties += back * backward * s / (back.sum(0) + outliers)
    tone, hue = _basis(x)
    pull, step = ties.sum(1), ties @ y - ties.sum(1)[:, None] * x
    right = np.concatenate([tone.T @ step[:, 0], hue[0].T @ step[:, 1] + hue[1].T @ step[:, 2]])
    left = np.zeros((7, 7))
    left[:3, :3] = (tone.T * pull) @ tone
    left[3:, 3:] = sum((part.T * pull) @ part for part in hue)
    assert found == pytest.approx(np.linalg.solve(left + np.diag(ridge), right))


def test_neighbors_count_pairs_both_ways_and_skip_transparent_pixels() -> None:
    indices = np.array([[0, 0, 1], [2, 255, 1]], np.uint8)
    expected = [[2, 1, 1], [1, 2, 0], [1, 0, 0]]
    assert neighbors(indices, 3).tolist() == expected


def test_wrong_arguments_are_named() -> None:
    palette = Palette.from_hex("#000,#fff")
    with pytest.raises(ValueError, match="tone, frequency"):
        match(palette, palette, "rank")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="spread must lie in 0 to 1"):
        match(palette, palette, spread=2)
    with pytest.raises(ValueError, match=r"adjacency must be \(2, 2\)"):
        match(palette, palette, adjacency=np.zeros((3, 3)))

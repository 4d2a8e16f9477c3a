"""The match that keeps shades: alignment of the palettes, then relations between colors.

Equal frequency, equal lightness or a small distance each say little about which
target color makes sense where. Here the palettes are aligned as wholes first
(`align`), and a match is then judged by how well it keeps, besides the aligned
colors themselves, the *differences* between colors that touch in the picture:
the shades of one object are neighbors and near each other, so they must stay
near each other, and none may become darker than another that was darker before.

The pairwise terms make this a quadratic assignment problem, as in the
Gromov-Wasserstein distances of F. Mémoli (Found. Comput. Math. 11, 2011, doi
10.1007/s10208-011-9093-5); many source colors may share a target color. It is
NP-hard, so the result is a match that moving any one color cannot improve, and
not always the best of all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.palettemap.alignment import Grade, align
from steadyhue.palettemap.classic import by_rank, one_to_one

Floats = NDArray[np.float64]

# Colors count by weight^TEMPER: a large plain background is one color among
# others, and not most of the palette.
TEMPER = 0.45
_LEAST_WEIGHT = 1e-6  # of a color that no pixel has: enough to choose by its own cost

# Factors of the cost; all terms are squared OKLab differences.
_LIGHT = 1.5  # error of a color's lightness, against 1 for its hue
_PAIR_LIGHT = 12.0  # change of a difference in lightness between two colors that touch
_PAIR_HUE = 2.0  # change of a difference in hue
_ORDER = 50.0  # two colors whose order of lightness is turned around
_GREY = 30.0  # chroma of what was grey, where the target has greys
_GREY_CHROMA = 0.03  # OKLab chroma up to which a color passes for grey
_GREY_SHARE = 0.01  # of the target's colors, from which on it has greys
_SAME_LIGHT = 0.01  # lightness differences without an order: half of what can be seen
_NEAR = 0.2  # pairs farther apart than this in color count less: they are edges, not shades
_SPREAD = 0.3  # unused target colors, at spread 1
_SWEEPS = 30  # it stops by itself after 3 to 8


def match_tone(
    source: Floats,
    target: Floats,
    weights: Floats,
    shares: Floats,
    adjacency: Floats,
    spread: float,
) -> tuple[NDArray[np.intp], Grade | None]:
    """Return the target of each source color, and the grade that led to it.

    The arguments are those of `match`, all colors OKLab and distinct on each
    side. The grade is None where the colors match better as they are.
    """
    weights, shares = _tempered(weights), _tempered(shares)
    pairs = _pairs(source, weights, adjacency)
    difference = source[:, None, 0] - source[:, 0]
    order = (np.sign(difference) * (np.abs(difference) >= _SAME_LIGHT)).astype(np.int8)
    heaviest_first = np.argsort(-weights, kind="stable").astype(np.int32)
    factors = (_PAIR_LIGHT, _PAIR_HUE, _ORDER, _SPREAD * spread)

    tint = (1 - spread) * _tint(source, target, shares)

    def solve(places: Floats) -> tuple[float, NDArray[np.int32]]:
        cost = (places[:, None] - target) ** 2 @ np.array([_LIGHT, 1.0, 1.0]) + tint
        starts = [cost.argmin(1)]
        if spread > 0:  # moving single colors cannot trade places, so begin with every color used
            starts += [one_to_one(cost), by_rank(source[:, 0], target[:, 0])]
        found = []
        for start in starts:
            match, total = _native.search_match(
                weights[:, None] * cost, pairs, order, places, target, weights, shares, factors,
                heaviest_first, start.astype(np.int32), _SWEEPS,
            )  # fmt: skip
            found.append((total, match))
        return min(found, key=lambda pair: pair[0])

    grade = align(source, target, weights, shares)
    graded, plain = solve(grade.apply(source)), solve(source)
    if plain[0] <= graded[0]:  # as in a palette that is matched to itself
        return plain[1].astype(np.intp), None
    return graded[1].astype(np.intp), grade


def _tint(source: Floats, target: Floats, shares: Floats) -> Floats:
    """Return the cost (n, m) of giving a grey source color a target color that is not grey."""
    greyness = np.maximum(0, 1 - np.hypot(*source[:, 1:].T) / _GREY_CHROMA)
    beyond = np.maximum(0, np.hypot(*target[:, 1:].T) - _GREY_CHROMA)
    has_greys = shares[beyond == 0].sum() >= _GREY_SHARE
    tint: Floats = has_greys * _GREY * greyness[:, None] * beyond**2
    return tint


def _tempered(weights: Floats) -> Floats:
    tempered = np.maximum(weights / weights.sum(), _LEAST_WEIGHT) ** TEMPER
    result: Floats = tempered / tempered.sum()
    return result


def _pairs(colors: Floats, weights: Floats, adjacency: Floats) -> Floats:
    """Return how much each pair of colors matters: symmetric, zero diagonal."""
    pairs = adjacency if adjacency.any() else np.outer(weights, weights)
    pairs = pairs - np.diag(np.diag(pairs))
    pairs = pairs / max(pairs.sum(), 1e-300)
    squared = ((colors[:, None] - colors) ** 2).sum(-1)
    result: Floats = pairs / (1 + squared / _NEAR**2)
    return result

"""The match that keeps shades and objects: alignment of the palettes, then relations between colors.

Equal frequency, equal lightness or a small distance each say little about which
target color makes sense where. Here the palettes are aligned as wholes first
(`align`), and a match is then judged by how well it keeps, besides the aligned
colors themselves,

- the *differences* between colors that touch in the picture: the shades of one
  object are neighbors and near each other, so they must stay near each other, and
  none may become darker than another that was darker before;
- *regions*: touching colors of one hue are one thing, and get the colors of one
  ramp of the target, dark to light, whatever hue that is;
- and by how far the target's colors are from those that are used at all.

The pairwise terms make this a quadratic assignment problem, as in the
Gromov-Wasserstein distances of F. Mémoli (Found. Comput. Math. 11, 2011, doi
10.1007/s10208-011-9093-5); many source colors may share a target color, and some
stay unused, as in the relaxed transport of S. Ferradans et al. (SIAM J. Imaging
Sci. 7, 2014, arXiv 1307.5551). It is NP-hard, so the result is a match that moving
any one color cannot improve, and not always the best of all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.palettemap.alignment import Grade, align
from steadyhue.palettemap.classic import by_rank, one_to_one, squared_distances

Floats = NDArray[np.float64]

# Colors count by weight^TEMPER: a large plain background is one color among
# others, and not most of the palette.
TEMPER = 0.45
_LEAST_WEIGHT = 1e-6  # of a color that no pixel has: enough to choose by its own cost

# Factors of the cost; all terms are squared OKLab differences. Tuned on the pictures named so in
# benchmarks/transfer_pictures.py: truth, hue splits, inverted edges and coverage together.
_LIGHT = 3.0  # error of a color's lightness, against 1 for its hue
_PAIR_LIGHT = 12.0  # change of a difference in lightness between two colors that touch
_PAIR_HUE = 20.0  # change of a difference in hue: shades that touch keep theirs, whatever it is
_ORDER = 1000.0  # two colors whose order of lightness is turned around: as good as never
_GREY = 30.0  # chroma of what was grey, where the target has greys
_GREY_CHROMA = 0.03  # OKLab chroma up to which a color passes for grey
_GREY_SHARE = 0.01  # of the target's colors, from which on it has greys
_SAME_LIGHT = 0.01  # lightness differences without an order: half of what can be seen
_NEAR = 0.2  # pairs farther apart than this in color count less: they are edges, not shades
_SPREAD = 30.0  # squared distance of the target's colors to those that are used, at spread 1
_FEW = 8  # colors from which on spread counts in full: fewer would all flee to the middle
_CONTRAST = 0.2  # share of pairs of two hues from which on a source has hues of its own
_REGION = 0.14  # two colors of a region that get two hues
_ALIKE = 0.45  # hues farther apart than this are of different things: 26 degrees
_ONE_HUE, _TWO_HUES = 0.3, 0.6  # hues nearer than this have one name, farther apart two
_PALE = 0.06  # OKLab chroma at which a color is halfway from having no hue to having one
_TOUCH = 0.05  # share of a color's border from which on it touches another
_SWEEPS = 30  # it stops by itself after 3 to 8


def match_tone(
    source: Floats,
    target: Floats,
    weights: Floats,
    shares: Floats,
    adjacency: Floats,
    spread: float,
    held: NDArray[np.intp],
) -> tuple[NDArray[np.intp], Grade | None]:
    """Return the target of each source color, and the grade that led to it.

    The arguments are those of `match`, all colors OKLab and distinct on each
    side; of colors that are not held, `held` is -1. The grade is None where the colors match better as they are.
    """
    shown = weights > 0
    weights, shares = _tempered(weights), _tempered(shares)
    grade = align(source, target, weights, shares)
    places = source if grade is None else grade.apply(source)
    free = held < 0
    places = np.where(free[:, None], places, target[held])
    cost = (places[:, None] - target) ** 2 @ np.array([_LIGHT, 1.0, 1.0])
    cost += (1 - spread) * _tint(source, target, shares)
    difference = source[:, None, 0] - source[:, 0]
    full = _fullness(source, weights, spread) * min(1.0, (shown.sum() - 1) / _FEW)
    turns = np.argsort(-weights, kind="stable")
    problem = (
        weights[:, None] * cost,
        _pairs(source, weights, adjacency),
        (np.sign(difference) * (np.abs(difference) >= _SAME_LIGHT)).astype(np.int8),
        places,
        target,
        # Where all colors are there as they are, things have their own hues already.
        (grade is not None) * _REGION * _regions(source, weights, adjacency),
        _split(target),
        shown,
        shares,
        (_PAIR_LIGHT, _PAIR_HUE, _ORDER, full),
        turns[free[turns]].astype(np.int32),
    )
    # Moving single colors cannot trade places, so some starts use every color.
    starts = [cost.argmin(1), one_to_one(cost), by_rank(source[:, 0], target[:, 0])]
    found = [
        _native.search_match(*problem, np.where(free, start, held).astype(np.int32), _SWEEPS)
        for start in (starts if spread > 0 else starts[:1])
    ]
    best, _ = min(found, key=lambda pair: pair[1])
    return best.astype(np.intp), grade


def _fullness(source: Floats, weights: Floats, spread: float) -> float:
    """Return what target colors that go unused cost, by their squared distance.

    A source of one hue, such as a grey sky, is a gradient, and colors spread over it would be
    bands: it gets them only if that is asked for.
    """
    own = min(1.0, float(weights @ _split(source) @ weights) / _CONTRAST)
    asked = spread**2
    return float(_SPREAD * np.sqrt(spread) * (asked + (1 - asked) * own))


def _split(colors: Floats) -> Floats:
    """Return how plainly each pair of colors has two hues: 0 not at all, 1 to anyone's eyes."""
    hues = _hues(colors)
    apart = squared_distances(hues, hues)
    split: Floats = np.clip((apart - _ONE_HUE**2) / (_TWO_HUES**2 - _ONE_HUE**2), 0, 1)
    return split


def _hues(colors: Floats) -> Floats:
    """Return hue as a vector (n, 2): near 0 for greys, near length 1 for colors, dark or light."""
    hues: Floats = colors[:, 1:] / np.hypot(np.hypot(*colors[:, 1:].T), _PALE)[:, None]
    return hues


def _regions(colors: Floats, weights: Floats, adjacency: Floats) -> Floats:
    """Return how much each pair of colors is of one thing: symmetric, zero diagonal.

    They are if their hues are alike and they touch, or are joined by a path of
    colors of which each is like the next and touches it.
    """
    hues = _hues(colors)
    alike = np.exp(squared_distances(hues, hues) / (-2 * _ALIKE**2))
    joined = alike.copy()
    border = adjacency - np.diag(np.diag(adjacency))
    if border.any():
        total = np.maximum(border.sum(1), 1e-300)
        joined *= np.minimum(1, border / (_TOUCH * np.minimum(total[:, None], total)))
    for middle in range(len(colors)):  # the best path, which is as good as its worst step
        np.maximum(joined, np.minimum(joined[:, middle, None], joined[middle]), out=joined)
    region: Floats = alike * joined * np.outer(weights, weights)
    np.fill_diagonal(region, 0)
    return region


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

"""Which target color each source slot gets: one function, five methods."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from steadyhue.color import to_space
from steadyhue.palette import Palette
from steadyhue.palettemap.classic import by_rank, one_to_one, squared_distances
from steadyhue.palettemap.mapping import PaletteMap
from steadyhue.palettemap.tone import match_tone
from steadyhue.words import MATCHES, SPREAD, Match

Floats = NDArray[np.float64]
Slots = NDArray[np.intp]


def match(
    source: Palette,
    target: Palette,
    method: Match = "tone",
    *,
    adjacency: ArrayLike | None = None,
    spread: float = SPREAD,
    held: ArrayLike | None = None,
) -> PaletteMap:
    """Match every source slot to a target color.

    =============  =============================================================
    method         what it keeps
    =============  =============================================================
    ``tone``       shades and objects: the grade of the target as a whole, the
                   relations between the colors that touch, the order of
                   lightness, and one hue for what had one
    ``frequency``  the rank by weight: the most frequent gets the most frequent
    ``lightness``  the rank by lightness: the darkest gets the darkest
    ``nearest``    the color, as well as the target can
    ``assignment`` the colors as a whole, each target color used once (n <= m)
    =============  =============================================================

    The result depends on the colors and their weights only: not on the order of
    the slots, nor on whether a color stands in one slot or in several. All
    distances are OKLab.

    Parameters
    ----------
    source, target : Palette
        n and m colors with their weights; n and m may differ.
    method : str
        One of `MATCHES`.
    adjacency : (n, n) array or None
        For ``tone``: how many neighboring pixels have slots i and j
        (`neighbors`). Without it the weights alone say how much a pair matters.
    spread : float in [0, 1]
        For ``tone``: 0 lets target colors go unused where nothing in the source
        is like them; 1 comes as near to all of them as it can, at the cost of
        objects in one hue.
    held : (n,) array or None
        For ``tone``: the target slot that each source slot has and keeps, -1 where it has
        none yet. What is matched is matched to these.

    Returns
    -------
    PaletteMap
        The target color of each source slot.

    Raises
    ------
    ValueError
        If there is no such method, `spread` is out of range or `adjacency` or
        `held` has another shape.
    """
    if method not in MATCHES:
        raise ValueError(f"match must be one of {', '.join(MATCHES)}, got {method!r}")
    if not 0 <= spread <= 1:
        raise ValueError(f"spread must lie in 0 to 1, got {spread}")
    contact = np.zeros((len(source),) * 2) if adjacency is None else np.asarray(adjacency, float)
    if contact.shape != (len(source),) * 2:
        raise ValueError(f"adjacency must be ({len(source)}, {len(source)}), got {contact.shape}")
    kept = np.full(len(source), -1) if held is None else np.asarray(held, np.intp)
    if kept.shape != (len(source),) or not (kept < len(target)).all():
        raise ValueError(f"held must be {len(source)} slots of the target, or -1")
    colors, weights, color_of = _distinct(source)
    targets, shares, target_of = _distinct(target)
    x, y = to_space(colors, "oklab"), to_space(targets, "oklab")
    grade = None
    match method:
        case "tone":
            touching = np.zeros((len(x), len(x)))
            np.add.at(touching, (color_of[:, None], color_of), contact)
            fixed = np.full(len(x), -1)
            np.maximum.at(fixed, color_of, np.where(kept < 0, -1, target_of[kept]))
            chosen, grade = match_tone(x, y, weights, shares, touching, spread, fixed)
        case "frequency":
            chosen = by_rank(-weights, -shares)
        case "lightness":
            chosen = by_rank(x[:, 0], y[:, 0])
        case "nearest":
            chosen = squared_distances(x, y).argmin(1)
        case "assignment":
            chosen = one_to_one(squared_distances(x, y))
    first_slot = np.full(len(y), len(target))
    np.minimum.at(first_slot, target_of, np.arange(len(target)))
    return PaletteMap(source, target, first_slot[chosen][color_of], grade)


def _distinct(palette: Palette) -> tuple[NDArray[np.uint8], Floats, Slots]:
    """Return the distinct colors in a fixed order, their shares, and each slot's color."""
    colors, color_of = np.unique(palette.colors, axis=0, return_inverse=True)
    color_of = color_of.reshape(-1)
    shares = np.bincount(color_of, palette.shares, len(colors)).astype(np.float64)
    return colors, shares, color_of

"""Smooth transfer: every color moves with the palette colors around it.

A map of slots alone turns a gradient into bands. A blend moves each color by
the target's grade and by a soft mean of what the map still asks of the palette
colors near it, so that gradients stay gradients; then it is brought to where the
target's colors lie at its lightness, as near as they are to each other. It depends on
the color alone: what holds still in the source holds still in the result.

The soft mean of displacements is that of H. Chang et al., "Palette-based Photo
Recoloring", ACM Trans. Graph. 34, 2015, doi 10.1145/2766978.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from steadyhue.color import linear_from_oklab, srgb_from_linear, to_space
from steadyhue.palette import Palette
from steadyhue.palettemap.classic import squared_distances
from steadyhue.palettemap.mapping import PaletteMap

Floats = NDArray[np.float64]

SIZE = 33
"""Points along each edge of the look-up table; 99 % of colors come within 2 levels of the blend."""

# Reach of a palette color (OKLab): this many times the usual distance to the
# next one, within limits for palettes of nearly one color and of a few far apart.
_REACH = 1.4
_LEAST_REACH, _MOST_REACH = 0.02, 0.12
# Times that what a blend leaves undone at the palette colors is blended in as well: with more it
# arrives, and gradients get steeper.
_ROUNDS = 4
# How near a target color must be (OKLab) to say where a blended color may lie: twice the usual
# distance of 64 colors of a picture. Tuned on the pictures named so in benchmarks/.
_AROUND = 0.04
_LEAST_SHARE = 1e-6  # of a slot without pixels: it counts only where no other is near


def blend(palette_map: PaletteMap, colors: ArrayLike) -> Floats:
    """Move colors as the map moves the palette colors around them.

    Parameters
    ----------
    palette_map : PaletteMap
        Which target color each source color becomes.
    colors : (n, 3) array
        sRGB, 0 to 255.

    Returns
    -------
    (n, 3) float64 array
        sRGB, clipped to [0, 255].

    See Also
    --------
    table : the blend of the whole cube of colors.
    """
    x = to_space(palette_map.source.colors, "oklab")
    y = to_space(palette_map.colors, "oklab")
    oklab = to_space(colors, "oklab")
    grade = palette_map.grade
    moved, places = (oklab, x) if grade is None else (grade.apply(oklab), grade.apply(x))
    rest = y - places
    reach, weights = _reach(x), np.maximum(palette_map.source.shares, _LEAST_SHARE)

    def near(colors: Floats) -> Floats:
        """Return how much each palette color has to say on each color (n, k)."""
        apart = ((colors[:, None] - x) ** 2).sum(-1) / (-2 * reach**2)
        shares = np.exp(apart - apart.max(1, keepdims=True)) * weights
        result: Floats = shares / shares.sum(1, keepdims=True)
        return result

    among, missing = near(x), rest
    for _ in range(_ROUNDS):
        missing = missing - among @ missing
        rest = rest + missing
    for first in range(0, len(oklab), 4096):  # bounds the memory of the (n, k) shares
        part = slice(first, first + 4096)
        moved[part] += near(oklab[part]) @ rest
        if grade is not None:  # otherwise the target has them all as they are
            moved[part] = _among(moved[part], palette_map.target)
    return srgb_from_linear(linear_from_oklab(moved))


def _among(colors: Floats, target: Palette) -> Floats:
    """Bring OKLab colors (n, 3) as near in hue to the target's around them as those are to theirs.

    A nearly grey target makes them nearly grey; lightness, and so every edge, stays.
    """
    y = to_space(target.colors, "oklab")
    apart = squared_distances(colors, y) / (-2 * _AROUND**2)
    shares = np.exp(apart - apart.max(1, keepdims=True)) * np.maximum(target.shares, _LEAST_SHARE)
    shares /= shares.sum(1, keepdims=True)
    middle = shares @ y[:, 1:]
    spread = np.sqrt(np.maximum(shares @ (y[:, 1:] ** 2).sum(1) - (middle**2).sum(1), 0))
    off = colors[:, 1:] - middle
    kept = spread / np.maximum(np.hypot(*off.T), np.maximum(spread, 1e-12))
    return np.column_stack([colors[:, 0], middle + off * kept[:, None]])


def table(palette_map: PaletteMap) -> Floats:
    """Blend the whole cube of colors into a look-up table.

    Returns
    -------
    (SIZE, SIZE, SIZE, 3) float64 array
        sRGB in [0, 255] at evenly spaced red, green and blue.
    """
    axis = np.linspace(0, 255, SIZE)
    grid = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1)
    return blend(palette_map, grid.reshape(-1, 3)).reshape(grid.shape)


def _reach(x: Floats) -> float:
    """Return the width of a palette color's influence (OKLab)."""
    distinct = np.unique(x, axis=0)
    if len(distinct) == 1:
        return _MOST_REACH
    squared = ((distinct[:, None] - distinct) ** 2).sum(-1)
    np.fill_diagonal(squared, np.inf)
    usual = float(np.median(np.sqrt(squared.min(1))))
    return min(max(_REACH * usual, _LEAST_REACH), _MOST_REACH)

"""Smooth transfer: every color moves with the palette colors around it.

A map of slots alone turns a gradient into bands. A blend moves each color by
the target's grade and by a soft mean of what the map still asks of the palette
colors near it, so that gradients stay gradients. It depends on the color alone:
what holds still in the source holds still in the result.

The soft mean of displacements is that of H. Chang et al., "Palette-based Photo
Recoloring", ACM Trans. Graph. 34, 2015, doi 10.1145/2766978.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from steadyhue.color import linear_from_oklab, srgb_from_linear, to_space
from steadyhue.palettemap.mapping import PaletteMap

Floats = NDArray[np.float64]

SIZE = 33
"""Points along each edge of the look-up table; 99 % of colors come within 2 levels of the blend."""

# Reach of a palette color (OKLab): this many times the usual distance to the
# next one, within limits for palettes of nearly one color and of a few far apart.
_REACH = 2.0
_LEAST_REACH, _MOST_REACH = 0.02, 0.12
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
    for first in range(0, len(oklab), 4096):  # bounds the memory of the (n, k) shares
        part = slice(first, first + 4096)
        near = ((oklab[part, None] - x) ** 2).sum(-1) / (-2 * reach**2)
        shares = np.exp(near - near.max(1, keepdims=True)) * weights
        shares /= shares.sum(1, keepdims=True)
        moved[part] += shares @ rest
    return srgb_from_linear(linear_from_oklab(moved))


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

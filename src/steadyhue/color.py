"""Color spaces: sRGB, linear light, OKLab and CIELAB.

Every function takes and returns arrays whose last axis has the three channels.
sRGB is uint8 (or float on the same 0 to 255 scale); linear light is in [0, 1];
OKLab has L in [0, 1]; CIELAB (D65) has L* in [0, 100].

References
----------
sRGB: IEC 61966-2-1. OKLab: B. Ottosson, "A perceptual color space for image
processing", 2020, https://bottosson.github.io/posts/oklab. CIELAB: CIE 15.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from steadyhue.words import SPACES, Space

Floats = NDArray[np.float64]

# sRGB primaries and the D65 white (x 0.3127, y 0.3290), as IEC 61966-2-1 gives them.
_XYZ_FROM_LINEAR = np.array(
    [
        [0.41239079926595934, 0.357584339383878, 0.1804807884018343],
        [0.21263900587151027, 0.715168678767756, 0.07219231536073371],
        [0.01933081871559182, 0.11919477979462598, 0.9505321522496607],
    ]
)
_LINEAR_FROM_XYZ = np.linalg.inv(_XYZ_FROM_LINEAR)
_WHITE = _XYZ_FROM_LINEAR.sum(axis=1)

# Ottosson's M1 (from linear sRGB) and M2.
_LMS_FROM_LINEAR = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OKLAB_FROM_LMS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LINEAR_FROM_LMS = np.linalg.inv(_LMS_FROM_LINEAR)
_LMS_FROM_OKLAB = np.linalg.inv(_OKLAB_FROM_LMS)

_CIE_EPSILON = (6 / 29) ** 3
_CIE_SLOPE = (29 / 6) ** 2 / 3


def linear_from_srgb(srgb: ArrayLike) -> Floats:
    """Undo the sRGB transfer curve: 0 to 255 becomes linear light in [0, 1]."""
    value = np.asarray(srgb, np.float64) / 255.0
    return np.where(
        value <= 0.04045, value / 12.92, ((np.maximum(value, 0) + 0.055) / 1.055) ** 2.4
    )


def srgb_from_linear(linear: ArrayLike) -> Floats:
    """Apply the sRGB transfer curve: linear light becomes 0 to 255, clipped to the gamut."""
    value = np.clip(np.asarray(linear, np.float64), 0.0, 1.0)
    return 255.0 * np.where(value <= 0.0031308, 12.92 * value, 1.055 * value ** (1 / 2.4) - 0.055)


def oklab_from_linear(linear: ArrayLike) -> Floats:
    """Linear light to OKLab."""
    return _mixed(np.cbrt(_mixed(linear, _LMS_FROM_LINEAR)), _OKLAB_FROM_LMS)


def linear_from_oklab(oklab: ArrayLike) -> Floats:
    """OKLab to linear light; values outside [0, 1] are outside the sRGB gamut."""
    return _mixed(_mixed(oklab, _LMS_FROM_OKLAB) ** 3, _LINEAR_FROM_LMS)


def lab_from_linear(linear: ArrayLike) -> Floats:
    """Linear light to CIELAB (D65)."""
    xyz = _mixed(linear, _XYZ_FROM_LINEAR) / _WHITE
    f = np.where(xyz > _CIE_EPSILON, np.cbrt(xyz), _CIE_SLOPE * xyz + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def linear_from_lab(lab: ArrayLike) -> Floats:
    """CIELAB (D65) to linear light; values outside [0, 1] are outside the sRGB gamut."""
    value = np.asarray(lab, np.float64)
    y = (value[..., 0] + 16) / 116
    f = np.stack([y + value[..., 1] / 500, y, y - value[..., 2] / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, (f - 4 / 29) / _CIE_SLOPE)
    return _mixed(xyz * _WHITE, _LINEAR_FROM_XYZ)


def _mixed(values: ArrayLike, matrix: Floats) -> Floats:
    """Return a matrix times each color, summed in a fixed order: BLAS sums as its build likes."""
    value = np.asarray(values, np.float64)
    first, second, third = matrix.T
    mixed: Floats = value[..., :1] * first + value[..., 1:2] * second + value[..., 2:] * third
    return mixed


def to_space(srgb: ArrayLike, space: Space) -> Floats:
    """Convert sRGB (0 to 255) to a space.

    Raises
    ------
    ValueError
        If the space has no such name.
    """
    if space == "srgb":
        return np.asarray(srgb, np.float64)
    if space == "linear":
        return linear_from_srgb(srgb)
    if space == "oklab":
        return oklab_from_linear(linear_from_srgb(srgb))
    if space == "lab":
        return lab_from_linear(linear_from_srgb(srgb))
    raise ValueError(f"space must be one of {', '.join(SPACES)}, got {space!r}")


def from_space(values: ArrayLike, space: Space) -> NDArray[np.uint8]:
    """Convert values of a space to the nearest sRGB uint8, clipping what is out of gamut.

    Raises
    ------
    ValueError
        If the space has no such name.
    """
    if space == "srgb":
        srgb = np.asarray(values, np.float64)
    elif space == "linear":
        srgb = srgb_from_linear(values)
    elif space == "oklab":
        srgb = srgb_from_linear(linear_from_oklab(values))
    elif space == "lab":
        srgb = srgb_from_linear(linear_from_lab(values))
    else:
        raise ValueError(f"space must be one of {', '.join(SPACES)}, got {space!r}")
    return np.floor(np.clip(srgb, 0, 255) + 0.5).astype(np.uint8)


def oklab_difference(a: ArrayLike, b: ArrayLike) -> Floats:
    """Euclidean OKLab distance of two sRGB arrays (0 to 255); a just visible step is about 0.02."""
    difference = to_space(a, "oklab") - to_space(b, "oklab")
    distance: Floats = np.sqrt((difference**2).sum(axis=-1))
    return distance


# Clustering works on a grid of integers, so that sums are exact and the same on
# every machine.

GRID_UNITS: dict[Space, int] = {"srgb": 1, "linear": 16384, "oklab": 32000, "lab": 128}
"""Grid units per unit of each space: coordinates fit in int16, and every sRGB color comes back."""

_LINEAR_OF_LEVEL = linear_from_srgb(np.arange(256))


def grid_points(colors: NDArray[np.uint8], space: Space) -> NDArray[np.int16]:
    """Place colors on the integer grid of a space.

    Parameters
    ----------
    colors : (n, 3) uint8 array
        sRGB.
    space : {"srgb", "linear", "oklab", "lab"}
        The space; its unit is ``GRID_UNITS[space]`` steps long.

    Returns
    -------
    (n, 3) int16 array
        In sRGB the levels themselves, elsewhere coordinates rounded to the grid.

    Raises
    ------
    ValueError
        If the space has no such name.
    """
    if space == "srgb":
        return colors.astype(np.int16)
    linear = _LINEAR_OF_LEVEL[colors]
    if space == "oklab":
        values = oklab_from_linear(linear)
    elif space == "lab":
        values = lab_from_linear(linear)
    else:
        values = linear if space == "linear" else to_space(colors, space)
    values *= GRID_UNITS[space]
    return np.rint(values, out=values).astype(np.int16)


def extent(space: Space) -> float:
    """Return how far black is from white, in grid units."""
    black, white = grid_points(np.array([[0, 0, 0], [255, 255, 255]], np.uint8), space)
    return float(np.sqrt(((white.astype(np.float64) - black) ** 2).sum()))


def colors_from_grid(centers: ArrayLike, space: Space) -> NDArray[np.uint8]:
    """Convert grid coordinates, fractions allowed, to the nearest sRGB uint8.

    Raises
    ------
    ValueError
        If the space has no such name.
    """
    return from_space(np.asarray(centers, np.float64) / GRID_UNITS.get(space, 1), space)

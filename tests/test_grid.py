"""The integer grid that colors are clustered on."""

import numpy as np
import pytest

from steadyhue.color import GRID_UNITS, colors_from_grid, grid_points, to_space
from steadyhue.words import SPACES

every_space = pytest.mark.parametrize("space", SPACES)


def cube(step: int) -> np.ndarray:
    levels = np.unique(np.append(np.arange(0, 256, step), 255))
    return np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 3).astype(np.uint8)


@every_space
def test_colors_come_back_from_the_grid(space: str) -> None:
    colors = np.random.default_rng(0).integers(0, 256, (200_000, 3)).astype(np.uint8)
    colors = np.concatenate([colors, cube(15)])
    assert np.array_equal(colors_from_grid(grid_points(colors, space), space), colors)


@every_space
def test_the_grid_is_the_space_rounded(space: str) -> None:
    colors = cube(15)
    points = grid_points(colors, space)
    assert points.dtype == np.int16
    assert np.abs(points - to_space(colors, space) * GRID_UNITS[space]).max() <= 0.5 + 1e-9


@every_space
def test_squared_distances_fit_in_32_bits(space: str) -> None:
    points = grid_points(cube(51), space).astype(np.int64)
    assert ((points.max(axis=0) - points.min(axis=0)) ** 2).sum() < 2**31


def test_unknown_spaces_are_refused() -> None:
    with pytest.raises(ValueError, match="space must be one of srgb, linear, oklab, lab"):
        grid_points(np.zeros((1, 3), np.uint8), "hsv")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="space must be one of"):
        colors_from_grid(np.zeros((1, 3)), "hsv")  # type: ignore[arg-type]

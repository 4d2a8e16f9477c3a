import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reference
from steadyhue.color import grid_points
from steadyhue.remap import gather, nearest_slots
from steadyhue.words import SPACES

every_space = pytest.mark.parametrize("space", SPACES)


def colors(seed: int, n: int, step: int = 1) -> np.ndarray:
    values = np.random.default_rng(seed).integers(0, 256, (n, 3))
    return (values // step * step).astype(np.uint8)


@every_space
@pytest.mark.parametrize("k", [1, 2, 7, 16, 17, 255, 256])
@pytest.mark.parametrize("n", [0, 1, 15, 256, 600])
def test_slots_are_the_exact_nearest(n: int, k: int, space: str) -> None:
    some, palette = colors(1, n, 16), colors(2, k, 32)
    old = np.random.default_rng(3).integers(-1, k, n)
    points, centers = grid_points(some, space), grid_points(palette, space)
    for distance in ("euclidean", "manhattan"):
        for previous in (None, old):
            found = nearest_slots(some, palette, space, distance=distance, previous=previous)
            expected = reference.nearest(points, centers, distance, previous)
            assert np.array_equal(found, expected)


def test_a_palette_has_1_to_256_colors() -> None:
    with pytest.raises(ValueError, match="a palette has 1 to 256 colors, got 0"):
        nearest_slots(colors(0, 3), colors(0, 0))


@given(st.integers(0, 1000), st.integers(1, 40), st.integers(1, 20), st.integers(1, 300))
def test_gather_is_a_table_look_up(seed: int, width: int, height: int, n: int) -> None:
    random = np.random.default_rng(seed)
    ids = random.integers(-1, n, (height, width)).astype(np.int32)
    slots = random.integers(0, 256, n).astype(np.uint8)
    assert np.array_equal(gather(ids, slots, 255), reference.gather(ids, slots, 255))


@pytest.mark.parametrize("stray", [3, -2])
def test_ids_past_the_colors_are_refused(stray: int) -> None:
    with pytest.raises(ValueError, match="an id is past the colors"):
        gather(np.array([[0, stray]], np.int32), np.zeros(3, np.uint8))

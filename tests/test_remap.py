import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reference
from steadyhue.color import grid_points
from steadyhue.frame import Frame
from steadyhue.labels import hold_slots
from steadyhue.remap import gather, nearest_slots, tally
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


def noisy(seed: int, noise: int) -> tuple[Frame, Frame]:
    """Two frames that differ by noise, with some transparent pixels in each."""
    random = np.random.default_rng(seed)
    first = random.integers(0, 256, (12, 19, 4))
    second = first + random.integers(-noise, noise + 1, first.shape) * (
        random.random((12, 19, 1)) < 0.5
    )
    arrays = [np.clip(a, 0, 255).astype(np.uint8) for a in (first, second)]
    for array in arrays:
        array[..., 3] = np.where(random.random((12, 19)) < 0.1, 0, 255)
    return Frame.from_array(arrays[0]), Frame.from_array(arrays[1])


@every_space
@pytest.mark.parametrize("tolerance", [0, 3, 255])
@pytest.mark.parametrize("slack", [0.0, 200.0, 1e12])
def test_holding_is_the_reference_hold(space: str, tolerance: int, slack: float) -> None:
    before, now = noisy(tolerance, 6)
    palette = colors(5, 16)
    old = gather(before.ids, nearest_slots(before.colors, palette, space), 200)
    new = gather(now.ids, nearest_slots(now.colors, palette[::-1].copy(), space), 200)
    points = grid_points(now.colors, space)
    expected = reference.hold_slots(
        new,
        now.rgba(),
        points[now.ids],
        old,
        before.rgba(),
        grid_points(palette, space),
        tolerance,
        slack,
    )
    held = new.copy()
    at_first, weights = tally(now, new, palette), tally(now, new, palette).weights
    count, squares = hold_slots(
        held, now, old, before, palette, space, tolerance=tolerance, slack=slack, weights=weights
    )
    assert np.array_equal(held, expected)
    assert count == (held != new).sum()
    after = tally(now, held, palette)
    assert np.array_equal(weights, after.weights)
    assert squares == pytest.approx((after.error - at_first.error) * weights.sum())


def test_an_unchanged_pixel_keeps_its_slot_whatever_it_costs() -> None:
    frame = Frame.from_array(np.array([[[10, 10, 10], [20, 20, 20]]], np.uint8))
    other = Frame.from_array(np.array([[[10, 10, 10], [21, 20, 20]]], np.uint8))
    palette = np.array([[10, 10, 10], [20, 20, 20], [250, 0, 0]], np.uint8)
    indices = np.array([[0, 1]], np.uint8)
    shown = np.array([[2, 2]], np.uint8)
    assert hold_slots(indices, other, shown, frame, palette, tolerance=0, slack=np.inf)[0] == 1
    assert indices.tolist() == [[2, 1]]


def test_frames_of_different_size_are_refused() -> None:
    small, large = (Frame.from_array(np.zeros((h, 2, 3), np.uint8)) for h in (1, 2))
    with pytest.raises(ValueError, match="the frames differ in size"):
        hold_slots(
            np.zeros((2, 2), np.uint8),
            large,
            np.zeros((1, 2), np.uint8),
            small,
            np.zeros((1, 3), np.uint8),
            tolerance=0,
            slack=0.0,
        )


@pytest.mark.parametrize("stray", [3, -2])
def test_ids_past_the_colors_are_refused(stray: int) -> None:
    with pytest.raises(ValueError, match="an id is past the colors"):
        gather(np.array([[0, stray]], np.int32), np.zeros(3, np.uint8))

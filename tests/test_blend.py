from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhue.color import oklab_difference, to_space
from steadyhue.palette import Palette
from steadyhue.transfer import Blend, PaletteMap, blend, match


def random_palette(seed: int, k: int) -> Palette:
    rng = np.random.default_rng(seed)
    return Palette(rng.integers(0, 256, (k, 3)), rng.integers(0, 100, k))


def cube() -> np.ndarray:
    axis = np.arange(0, 256, 15, dtype=np.uint8)
    return np.stack(np.meshgrid(axis, axis, axis), -1).reshape(-1, 3)


def test_a_palette_blended_with_itself_changes_no_color() -> None:
    palette = random_palette(1, 10)
    assert Blend(match(palette, palette)).apply(cube()).tolist() == cube().tolist()


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 10**6), k=st.integers(1, 24))
def test_blends_stay_in_gamut_and_the_table_is_close_to_the_exact_blend(seed: int, k: int) -> None:
    found = match(random_palette(seed, k), random_palette(seed + 1, k))
    exact, table = blend(found, cube()), Blend(found).apply(cube())
    assert exact.min() >= 0
    assert exact.max() <= 255
    assert (np.abs(table - exact).max(1) <= 4).mean() > 0.9


def test_a_table_is_exact_at_its_points() -> None:
    found = match(random_palette(3, 12), random_palette(4, 12))
    points = np.array([[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 255]], np.uint8)
    assert Blend(found).apply(points).tolist() == np.floor(blend(found, points) + 0.5).tolist()


def test_without_a_grade_palette_colors_far_apart_reach_their_targets() -> None:
    source, target = Palette.from_hex("#000,#fff"), Palette.from_hex("#203040,#f0e0d0")
    moved = blend(PaletteMap(source, target, np.array([0, 1])), source.colors)
    assert moved == pytest.approx(target.colors.astype(float), abs=12)


def test_one_color_tints_everything_and_keeps_the_differences() -> None:
    source, target = Palette.from_hex("#808080"), Palette.from_hex("#806040")
    greys = np.arange(64, 200, 8, dtype=np.uint8)[:, None].repeat(3, 1)
    tinted = Blend(PaletteMap(source, target, np.array([0]))).apply(greys)
    light = to_space(tinted, "oklab")[:, 0]
    assert (np.diff(light) > 0).all()
    assert oklab_difference(tinted[8], target.colors[0]) < 0.02


def test_gradients_have_no_steps() -> None:
    ramp = np.linspace([30, 40, 90], [230, 200, 140], 256)
    source = Palette(ramp[::32].astype(np.uint8))
    target = Palette.from_hex("#102018,#305040,#608070,#a0b0a0,#e0e8e0")
    steps = oklab_difference(
        *(blend(match(source, target), ramp)[s] for s in (slice(1, None), slice(-1)))
    )
    assert steps.max() < 0.02


def test_slots_without_pixels_never_divide_by_zero() -> None:
    source = Palette([[0, 0, 0], [255, 255, 255]], [1, 0])
    assert np.isfinite(blend(match(source, source), cube())).all()


def test_shapes_are_kept() -> None:
    found = match(random_palette(5, 4), random_palette(6, 4))
    pixels = np.zeros((3, 5, 3), np.uint8)
    assert Blend(found).apply(pixels).shape == (3, 5, 3)
    assert Blend(found).apply(pixels).dtype == np.uint8

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhue.color import oklab_difference, to_space
from steadyhue.palette import Palette
from steadyhue.palettemap import PaletteMap, blend, match, table
from steadyhue.palettemap.blend import SIZE


def random_palette(seed: int, k: int) -> Palette:
    rng = np.random.default_rng(seed)
    return Palette(rng.integers(0, 256, (k, 3)), rng.integers(0, 100, k))


def cube() -> np.ndarray:
    axis = np.arange(0, 256, 15, dtype=np.uint8)
    return np.stack(np.meshgrid(axis, axis, axis), -1).reshape(-1, 3)


def test_a_palette_blended_with_itself_changes_no_color() -> None:
    palette = random_palette(1, 10)
    assert blend(match(palette, palette), cube()) == pytest.approx(cube(), abs=1e-6)


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 10**6), k=st.integers(1, 24))
def test_blends_stay_in_gamut(seed: int, k: int) -> None:
    blended = blend(match(random_palette(seed, k), random_palette(seed + 1, k)), cube())
    assert blended.min() >= 0
    assert blended.max() <= 255


def test_the_table_has_the_blend_of_evenly_spaced_colors() -> None:
    found = match(random_palette(3, 12), random_palette(4, 12))
    place = np.array([0, 5, SIZE - 1])
    expected = blend(found, 255 * place[None] / (SIZE - 1))
    assert table(found)[tuple(place)] == pytest.approx(expected[0])


def test_without_a_grade_palette_colors_far_apart_reach_their_targets() -> None:
    source, target = Palette.from_hex("#000,#fff"), Palette.from_hex("#203040,#f0e0d0")
    moved = blend(PaletteMap(source, target, np.array([0, 1])), source.colors)
    assert moved == pytest.approx(target.colors.astype(float), abs=12)


def test_one_color_tints_everything_and_keeps_the_differences() -> None:
    source, target = Palette.from_hex("#808080"), Palette.from_hex("#806040")
    greys = np.arange(64, 200, 8, dtype=np.uint8)[:, None].repeat(3, 1)
    tinted = blend(PaletteMap(source, target, np.array([0])), greys)
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


def test_a_nearly_grey_target_makes_nearly_grey_colors_of_all_lightness() -> None:
    source = Palette.from_hex("#102040,#a03020,#40a060,#e0c040")
    target = Palette(np.linspace([20, 20, 22], [240, 238, 236], 24).astype(np.uint8))
    moved = to_space(blend(match(source, target), cube()), "oklab")
    assert np.hypot(*moved[:, 1:].T).max() < 0.01
    assert np.ptp(moved[:, 0]) > 0.5

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from steadyhue.color import to_space
from steadyhue.figures.heat import FULL, flicker_map, heat_png
from steadyhue.frame import Frame, IndexedFrame

PALETTE = np.array([[0, 0, 0], [255, 255, 255], [250, 250, 250]], np.uint8)


def sources(*rows):
    return [Frame.from_array(np.array([row], np.uint8), 100) for row in rows]


def outputs(*rows, palettes=None):
    return [
        IndexedFrame(np.array([row], np.uint8), PALETTE if palettes is None else palettes[n], 100)
        for n, row in enumerate(rows)
    ]


def test_only_still_pixels_count():
    # The first pixel is still, the second moves by 7 levels, the third by 6.
    flicker = flicker_map(sources([9, 9, 9], [9, 16, 15]), outputs([0, 0, 0], [1, 1, 1]))
    assert flicker[0, [0, 2]] == pytest.approx(100.0, abs=1e-3)
    assert np.isnan(flicker[0, 1])


def test_flicker_is_the_mean_over_the_still_steps():
    flicker = flicker_map(sources([9], [9], [99], [99], [99]), outputs([0], [1], [0], [0], [0]))
    assert flicker[0, 0] == pytest.approx(100 / 3, abs=1e-3)


def test_a_color_that_drifts_in_its_slot_flickers():
    palettes = [np.array([[100, 100, 100]], np.uint8), np.array([[103, 100, 100]], np.uint8)]
    flicker = flicker_map(sources([9], [9]), outputs([0], [0], palettes=palettes))
    a, b = to_space(np.array([[100, 100, 100], [103, 100, 100]]), "oklab")
    assert flicker[0, 0] == pytest.approx(100 * np.linalg.norm(a - b))


def test_a_permuted_palette_does_not_flicker():
    palettes = [PALETTE, PALETTE[::-1]]
    assert flicker_map(sources([9], [9]), outputs([0], [2], palettes=palettes))[0, 0] == 0


def test_the_picture_fades_in_and_is_hottest_from_the_limit_on():
    data = heat_png(np.array([[0.0, np.nan, 1e-3, FULL / 2, FULL, 9 * FULL]]))
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))
    assert pixels[0, :, 3].tolist() == [0, 0, 31, 255, 255, 255]
    assert pixels[0, 4].tolist() == pixels[0, 5].tolist() == [252, 253, 191, 255]


def test_hotter_is_lighter():
    data = heat_png(np.linspace(0.2, FULL, 30)[None])
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))[..., :3]
    lightness = to_space(pixels[0], "oklab")[:, 0]
    assert (np.diff(lightness) > 0).all()

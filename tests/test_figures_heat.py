"""The heat map is clear, fades in, and gets lighter as it gets hotter."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from steadyhue.color import to_space
from steadyhue.figures.heat import FULL, heat_png


def test_the_picture_fades_in_and_is_hottest_from_the_limit_on() -> None:
    data = heat_png(np.array([[0.0, np.nan, 1e-3, FULL / 2, FULL, 9 * FULL]]))
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))
    assert pixels[0, :, 3].tolist() == [0, 0, 31, 255, 255, 255]
    assert pixels[0, 4].tolist() == pixels[0, 5].tolist() == [252, 253, 191, 255]


def test_hotter_is_lighter() -> None:
    data = heat_png(np.linspace(0.2, FULL, 30)[None])
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))[..., :3]
    lightness = to_space(pixels[0], "oklab")[:, 0]
    assert (np.diff(lightness) > 0).all()

"""Every pixel of small ribbons, and that SVG and pixels agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import ArrayLike

from steadyhue.figures.history import PaletteHistory
from steadyhue.figures.ribbon import Height, ribbon, ribbon_svg

K, A, B, C, W = [0, 0, 0], [200, 30, 30], [30, 200, 30], [30, 30, 220], [255, 255, 255]


def history(
    colors: ArrayLike, weights: ArrayLike, durations: ArrayLike, cuts: Sequence[int] = ()
) -> PaletteHistory:
    return PaletteHistory(
        np.array(colors, np.uint8), np.array(weights, np.int64), np.array(durations, float), cuts
    )


def test_every_pixel_of_a_small_ribbon() -> None:
    # Slot 0 is black throughout. Slot 1 is red for 100 ms, then green for 300 ms.
    clip = history([[K, A], [K, B]], [[1, 3], [2, 2]], [100, 300])
    assert ribbon(clip, 4, 4).tolist() == [
        [K, K, K, K],
        [A, K, K, K],
        [A, B, B, B],
        [A, B, B, B],
    ]


def test_equal_bands_ignore_the_weights() -> None:
    clip = history([[K, A], [K, B]], [[1, 3], [0, 4]], [100, 100])
    assert ribbon(clip, 2, 2, by="equal").tolist() == [[K, K], [A, B]]


def test_slots_keep_their_place_so_that_jumps_show() -> None:
    clip = history([[K, W], [W, K], [K, W]], [[1, 1], [1, 1], [1, 1]], [50, 50, 50])
    assert ribbon(clip, 3, 2).tolist() == [[K, W, K], [W, K, W]]


def test_a_cut_is_a_white_line_where_its_frame_begins() -> None:
    clip = history([[A], [C]], [[1], [1]], [100, 100], cuts=[1])
    assert ribbon(clip, 6, 1).tolist() == [[A, A, A, W, C, C]]


def test_a_frame_without_pixels_shows_its_palette() -> None:
    clip = history([[K, A]], [[0, 0]], [100])
    assert ribbon(clip, 1, 2).tolist() == [[K], [A]]


@pytest.mark.parametrize("by", ["weight", "equal"])
def test_svg_and_pixels_agree(by: Height) -> None:
    rng = np.random.default_rng(4)
    colors = rng.integers(0, 250, (6, 3, 3), np.uint8)
    colors[2:4, 1] = colors[1, 1]
    clip = history(colors, rng.integers(0, 9, (6, 3)), [100] * 6, cuts=[4])
    width, height = 60, 40
    picture = ribbon(clip, width, height, by)
    drawn = np.zeros_like(picture)
    for path in ElementTree.fromstring(ribbon_svg(clip, width, height, by)):
        if "fill" in path.attrib:
            fill(drawn, path.attrib["d"], list(bytes.fromhex(path.attrib["fill"][1:])))
    drawn[:, 40] = 255
    assert np.array_equal(drawn, picture)


def fill(picture: np.ndarray, d: str, color: list[int]) -> None:
    """Fill a path of M, H and V: the pixels whose middle lies inside."""
    x = y = 0.0
    corners = []
    for letter, rest in re.findall(r"([MHV])([^MHVZ]+)", d):
        numbers = [float(number) for number in rest.split()]
        x = numbers[0] if letter in "MH" else x
        y = numbers[-1] if letter in "MV" else y
        corners.append((x, y))
    for row in range(picture.shape[0]):
        for column in range(picture.shape[1]):
            crossings = sum(
                x0 == x1 and x0 > column + 0.5 and min(y0, y1) <= row + 0.5 < max(y0, y1)
                for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True)
            )
            if crossings % 2:
                picture[row, column] = color

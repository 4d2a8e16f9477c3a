"""Edges that look like those of a negative, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from steadyhue.color import to_space
from steadyhue.frame import Frame, IndexedFrame
from steadyhue.metrics.inversion import inversions

GREYS = np.array([[v, v, v] for v in (10, 90, 170, 250)], np.uint8)


def source() -> list[Frame]:
    ramp = np.repeat(GREYS[None], 3, axis=0)
    return [Frame.from_array(ramp, 100)]


def output(palette: np.ndarray) -> list[IndexedFrame]:
    return [IndexedFrame(np.array([[0, 1, 2, 3]] * 3, np.uint8), palette, 100)]


def test_the_same_shades_have_no_inversions() -> None:
    assert inversions(source(), output(GREYS)) == 0
    shades = np.array([[0, 0, 90], [0, 110, 0], [250, 80, 80], [255, 255, 255]], np.uint8)
    assert inversions(source(), output(shades)) == 0


def test_a_negative_is_all_inversions() -> None:
    assert inversions(source(), output(GREYS[::-1].copy())) == 1


def test_edges_count_by_their_height() -> None:
    # The middle step is turned around and nothing else is, at offsets of 1; none lie 4 apart.
    swapped = GREYS[[0, 2, 1, 3]]
    frame = source()[0]
    light = to_space(GREYS, "oklab")[:, 0]
    expected = (light[2] - light[1]) / (light[3] - light[0])
    assert inversions([frame], output(swapped)) == pytest.approx(expected)


def test_flat_results_and_flat_sources_invert_nothing() -> None:
    assert inversions(source(), output(GREYS[[2, 2, 2, 2]])) == 0
    flat = Frame.from_array(np.full((6, 6), 9, np.uint8), 10)
    shown = IndexedFrame(np.eye(6, dtype=np.uint8), GREYS, 10)
    assert inversions([flat], [shown]) == 0


def test_transparent_pixels_are_no_edges() -> None:
    pixels = np.full((3, 4, 4), 255, np.uint8)
    pixels[:, 1] = 0
    frame = Frame.from_array(pixels, 10)
    indices = np.array([[3, 4, 3, 3]] * 3, np.uint8)
    assert inversions([frame], [IndexedFrame(indices, GREYS, 10, 4)]) == 0

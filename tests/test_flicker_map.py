"""The flicker of every pixel, on pictures of one row."""

from __future__ import annotations

import numpy as np
import pytest

from steadyhue.color import to_space
from steadyhue.frame import Animation, Frame, IndexedFrame
from steadyhue.metrics import flicker_map, measure
from steadyhue.stillness import STILL

PALETTE = np.array([[0, 0, 0], [255, 255, 255], [250, 250, 250]], np.uint8)


def sources(*rows: list[int]) -> list[Frame]:
    return [Frame.from_array(np.array([row], np.uint8), 100) for row in rows]


def outputs(*rows: list[int], palettes: list[np.ndarray] | None = None) -> list[IndexedFrame]:
    return [
        IndexedFrame(np.array([row], np.uint8), PALETTE if palettes is None else palettes[n], 100)
        for n, row in enumerate(rows)
    ]


def test_only_still_pixels_count() -> None:
    # The first pixel is still, the second moves by 7 levels, the third by 6.
    flicker = flicker_map(sources([9, 9, 9], [9, 16, 15]), outputs([0, 0, 0], [1, 1, 1]))
    assert flicker[0, [0, 2]] == pytest.approx(100.0, abs=1e-3)
    assert np.isnan(flicker[0, 1])


def test_flicker_is_the_mean_over_the_still_steps() -> None:
    flicker = flicker_map(sources([9], [9], [99], [99], [99]), outputs([0], [1], [0], [0], [0]))
    assert flicker[0, 0] == pytest.approx(100 / 3, abs=1e-3)


def test_a_color_that_drifts_in_its_slot_flickers() -> None:
    palettes = [np.array([[100, 100, 100]], np.uint8), np.array([[103, 100, 100]], np.uint8)]
    flicker = flicker_map(sources([9], [9]), outputs([0], [0], palettes=palettes))
    a, b = to_space(np.array([[100, 100, 100], [103, 100, 100]]), "oklab")
    assert flicker[0, 0] == pytest.approx(100 * np.linalg.norm(a - b))


def test_a_permuted_palette_does_not_flicker() -> None:
    palettes = [PALETTE, PALETTE[::-1]]
    assert flicker_map(sources([9], [9]), outputs([0], [2], palettes=palettes))[0, 0] == 0


def test_pixels_that_never_hold_still_and_those_of_one_frame_have_no_flicker() -> None:
    assert np.isnan(flicker_map(sources([9], [99]), outputs([0], [0]))).all()
    assert np.isnan(flicker_map(sources([9, 9]), outputs([0, 1]))).all()


def test_the_mean_over_the_still_pixels_is_the_flicker_that_is_measured() -> None:
    rng = np.random.default_rng(3)
    frames = [row.tolist() for row in rng.integers(90, 100, (6, 40))]
    slots = [row.tolist() for row in rng.integers(0, 3, (6, 40))]
    steps = (np.abs(np.diff(frames, axis=0)) <= STILL).sum(axis=0)
    flicker = flicker_map(sources(*frames), outputs(*slots))[0]
    shown = [PALETTE[row][None] for row in slots]
    found = measure(
        Animation.from_arrays([np.array([row], np.uint8) for row in frames]),
        Animation.from_arrays(shown),
    )
    assert np.nansum(flicker * steps) / steps.sum() == pytest.approx(found.still.change)


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="no frames to compare"):
        flicker_map([], [])
    with pytest.raises(ValueError, match="shorter"):
        flicker_map(sources([9], [9]), outputs([0]))

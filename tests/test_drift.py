"""How far palette entries move, worked out by hand: black to white is 100 OKLab."""

from __future__ import annotations

import pytest

from steadyhue.metrics import palette_drift


def test_palette_drift_is_weighted_by_pixels() -> None:
    black, white = [0, 0, 0], [255, 255, 255]
    palettes = [[black, black], [black, white], [black, white]]
    assert palette_drift(palettes) == pytest.approx((50 + 0) / 2, abs=1e-4)
    assert palette_drift(palettes, [[1, 1], [3, 1], [2, 2]]) == pytest.approx(25 / 2, abs=1e-4)


def test_palette_drift_skips_cuts() -> None:
    assert palette_drift([[[0, 0, 0]], [[255, 255, 255]], [[255, 255, 255]]], cuts=[1]) == 0


def test_there_must_be_weights_for_each_palette() -> None:
    with pytest.raises(ValueError, match="got 1 weights for 2 palettes"):
        palette_drift([[[0, 0, 0]]] * 2, [[1]])


def test_slots_that_only_one_of_two_palettes_has_do_not_count() -> None:
    black, white = [0, 0, 0], [255, 255, 255]
    assert palette_drift([[black], [black, white], [black]]) == 0


def test_a_single_palette_does_not_drift() -> None:
    assert palette_drift([]) == palette_drift([[[0, 0, 0]]]) == 0

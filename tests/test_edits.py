"""Slots in other colors: in every frame, by color or by another slot."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import steadyhue as sh
from steadyhue.edits import Edits
from steadyhue.errors import OptionError

NOISE = np.random.default_rng(0).integers(0, 256, (4, 9, 9, 3), np.uint8)


def test_a_slot_is_recolored_in_every_frame_and_nothing_else() -> None:
    result = sh.quantize(NOISE, 5)
    edited = result.recolored({2: "#010203", 0: (9, 8, 7)})
    for before, after in zip(result, edited, strict=True):
        assert np.array_equal(before.indices, after.indices)
        expected = before.palette.copy()
        expected[2], expected[0] = (1, 2, 3), (9, 8, 7)
        assert np.array_equal(after.palette, expected)
    assert np.array_equal(edited.palettes[:, 2], [[1, 2, 3]] * 4)


def test_a_slot_takes_the_color_of_another_as_it_is_shown() -> None:
    result = sh.quantize(NOISE, 5)
    for before, after in zip(result, result.recolored({1: 3, 3: 4}), strict=True):
        assert np.array_equal(after.palette[1], before.palette[4])
        assert np.array_equal(after.palette[3], before.palette[4])
    for _, after in zip(result, result.recolored({1: 3, 3: "red"}), strict=True):
        assert after.palette[1].tolist() == [255, 0, 0]


def test_edits_add_up() -> None:
    edited = sh.quantize(NOISE, 5).recolored({0: "red"}).recolored({1: "navy", 0: "lime"})
    assert edited.edits == Edits.of({0: "lime", 1: "navy"})


@pytest.mark.parametrize(
    "slots", [{5: "red"}, {0: 5}, {0: 0}, {0: 1, 1: 0}, {-1: "red"}, {0: "redd"}, {0: (1, 2)},
              {0: (1, 2, 300)}, {0: None}, {True: "red"}, {"0": "red"}, {256: "red"},
              None, "red", [0]]
)  # fmt: skip
def test_edits_that_mean_nothing_are_refused(slots: Any) -> None:
    with pytest.raises(OptionError):
        sh.quantize(NOISE, 5).recolored(slots)


@pytest.mark.parametrize("text", ["3", "3=", "=red", "x=red", "3=redd", "3=#12", "3==4", "3=300"])
def test_texts_that_are_no_edits_are_refused(text: str) -> None:
    with pytest.raises(OptionError):
        Edits.parse([text])


def test_edits_come_back_from_texts() -> None:
    edits = Edits.of({3: "#ff0000", 4: 3, 10: "#555555"})
    assert Edits.parse(edits.texts()) == edits


def test_a_frame_with_fewer_colors_keeps_its_own() -> None:
    flat = np.zeros((1, 4, 4, 3), np.uint8)
    (frame,) = sh.quantize(flat, 3, mode="independent").recolored({2: "red"})
    assert not frame.rgba()[..., :3].any()

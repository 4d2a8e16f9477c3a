"""Palettes over time, as arrays and as text."""

from __future__ import annotations

import json

import numpy as np
import pytest

from steadyhue.figures.history import PaletteHistory
from steadyhue.pipeline import FrameReport


def frame(
    palette: list[list[int]], weights: list[int], duration: float = 50.0, cut: bool = False
) -> FrameReport:
    return FrameReport(np.array(palette, np.uint8), np.array(weights), 0.0, duration, cut, (), 1)


def test_short_palettes_end_in_empty_slots() -> None:
    history = PaletteHistory.of(
        [frame([[9, 9, 9]], [3]), frame([[1, 1, 1], [2, 2, 2]], [1, 2], cut=True)]
    )
    assert history.colors.tolist() == [[[9, 9, 9], [0, 0, 0]], [[1, 1, 1], [2, 2, 2]]]
    assert history.weights.tolist() == [[3, 0], [1, 2]]
    assert list(history.cuts) == [1]


def test_the_first_frame_is_no_cut() -> None:
    assert list(PaletteHistory.of([frame([[9, 9, 9]], [3], cut=True)]).cuts) == []


def test_frames_of_no_duration_count_as_browsers_show_them() -> None:
    history = PaletteHistory.of([frame([[0, 0, 0]], [1], d) for d in (0, 10, 20, 50)])
    assert history.starts.tolist() == [0, 100, 200, 220, 270]


def test_slots_are_ordered_by_their_mean_luma_not_by_one_frame() -> None:
    history = PaletteHistory.of(
        [
            frame([[200, 200, 200], [100, 100, 100]], [1, 1]),
            frame([[90, 90, 90], [150, 150, 150]], [1, 1]),
            frame([[200, 200, 200], [100, 100, 100]], [1, 1]),
        ]
    )
    assert history.by_lightness().tolist() == [1, 0]


def test_json_and_csv_say_frame_slot_color_and_weight() -> None:
    history = PaletteHistory.of([frame([[255, 0, 16], [0, 1, 2]], [3, 1])])
    assert json.loads(history.to_json()) == {
        "frames": [
            {
                "frame": 0,
                "duration": 50.0,
                "slots": [
                    {"color": "#ff0010", "weight": 0.75},
                    {"color": "#000102", "weight": 0.25},
                ],
            }
        ],
        "cuts": [],
    }
    assert history.to_csv() == "frame,slot,color,weight\n0,0,#ff0010,3\n0,1,#000102,1\n"


def test_no_frames_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one frame"):
        PaletteHistory.of([])

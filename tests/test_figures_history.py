from __future__ import annotations

import json

import numpy as np
import pytest

from steadyhue.figures.history import PaletteHistory
from steadyhue.frame import IndexedFrame


def frame(indices, palette, duration=50.0, transparent=None):
    return IndexedFrame(
        np.array(indices, np.uint8), np.array(palette, np.uint8), duration, transparent
    )


def test_weights_are_pixel_counts_and_transparent_pixels_count_nowhere():
    history = PaletteHistory.of(
        [frame([[0, 1], [1, 2]], [[1, 2, 3], [4, 5, 6]], transparent=2)], cuts=[]
    )
    assert history.weights.tolist() == [[1, 2]]
    assert history.colors.tolist() == [[[1, 2, 3], [4, 5, 6]]]


def test_a_transparent_index_inside_the_palette_counts_nowhere():
    history = PaletteHistory.of([frame([[0, 1, 1]], [[0, 0, 0], [9, 9, 9]], transparent=1)])
    assert history.weights.tolist() == [[1, 0]]


def test_short_palettes_end_in_empty_slots():
    history = PaletteHistory.of([frame([[0]], [[9, 9, 9]]), frame([[1]], [[1, 1, 1], [2, 2, 2]])])
    assert history.colors.tolist() == [[[9, 9, 9], [0, 0, 0]], [[1, 1, 1], [2, 2, 2]]]
    assert history.weights.tolist() == [[1, 0], [0, 1]]


def test_frames_of_no_duration_count_as_browsers_show_them():
    history = PaletteHistory.of([frame([[0]], [[0, 0, 0]], d) for d in (0, 10, 20, 50)])
    assert history.starts.tolist() == [0, 100, 200, 220, 270]


def test_slots_are_ordered_by_their_mean_luma_not_by_one_frame():
    history = PaletteHistory.of(
        [
            frame([[0, 1]], [[200, 200, 200], [100, 100, 100]]),
            frame([[0, 1]], [[90, 90, 90], [150, 150, 150]]),
            frame([[0, 1]], [[200, 200, 200], [100, 100, 100]]),
        ]
    )
    assert history.by_lightness().tolist() == [1, 0]


def test_json_and_csv_say_frame_slot_color_and_weight():
    history = PaletteHistory.of([frame([[0, 0, 0, 1]], [[255, 0, 16], [0, 1, 2]])], cuts=[])
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


def test_no_frames_are_refused():
    with pytest.raises(ValueError, match="at least one frame"):
        PaletteHistory.of([])

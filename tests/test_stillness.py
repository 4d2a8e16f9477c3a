"""What holds still: the rules, and that all who test for stillness agree."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from steadyhue.frame import Frame
from steadyhue.metrics.difference import Colored, change
from steadyhue.stillness import STILL, still_pixels, still_weights


def grey(*levels: int) -> Frame:
    """Return a frame of one row."""
    return Frame.from_array(np.array([levels], np.uint8))


def test_a_still_pixel_moves_by_at_most_six_levels() -> None:
    before, after = grey(100, 100, 100, 100), grey(100, 106, 107, 93)
    assert STILL == 6
    assert still_pixels(after, before).tolist() == [[True, True, False, False]]
    assert still_pixels(before, after).tolist() == [[True, True, False, False]]


def test_every_channel_must_hold_still() -> None:
    pixels = np.full((1, 3, 3), 50, np.uint8)
    moved = pixels + 7 * np.eye(3, dtype=np.uint8)
    assert not still_pixels(Frame.from_array(moved), Frame.from_array(pixels)).any()


def test_without_tolerance_only_static_pixels_are_still() -> None:
    assert still_pixels(grey(9, 10), grey(9, 9), tolerance=0).tolist() == [[True, False]]


def test_transparent_pixels_are_not_still() -> None:
    opaque = np.full((1, 4, 4), 255, np.uint8)
    before, after = opaque.copy(), opaque.copy()
    before[0, [0, 2]] = 0
    after[0, [1, 2]] = 0
    found = still_pixels(Frame.from_array(after), Frame.from_array(before), tolerance=255)
    assert found.tolist() == [[False, False, False, True]]


@pytest.mark.parametrize("ask", [still_pixels, still_weights])
def test_frames_of_two_sizes_are_refused(ask: Callable[[Frame, Frame], np.ndarray]) -> None:
    with pytest.raises(ValueError, match="the frames differ in size"):
        ask(grey(1, 2), grey(1, 2, 3))


sizes = st.shared(st.tuples(st.integers(1, 5), st.integers(1, 5), st.just(4)))
pictures = hnp.arrays(np.uint8, sizes, elements=st.integers(0, 24)).map(
    lambda array: np.concatenate([array[..., :3], (array[..., 3:] > 4) * np.uint8(255)], axis=2)
)


@given(pictures, pictures, st.integers(0, 25))
def test_all_who_test_for_stillness_agree(
    before: np.ndarray, after: np.ndarray, tolerance: int
) -> None:
    moved = np.abs(after[..., :3].astype(int) - before[..., :3]).max(axis=2)
    opaque = (after[..., 3] > 0) & (before[..., 3] > 0)
    frame, previous = Frame.from_array(after), Frame.from_array(before)
    still = still_pixels(frame, previous, tolerance=tolerance)
    assert still.dtype == bool
    assert np.array_equal(still, opaque & (moved <= tolerance))
    counts = np.bincount(frame.ids[still], minlength=len(frame.colors))
    assert np.array_equal(still_weights(frame, previous, tolerance=tolerance), counts)
    step = change(*(Colored.of(f) for f in (previous, frame, previous, frame)))
    assert step.still.pixels == still_weights(frame, previous).sum()
    assert step.static.pixels == still_pixels(frame, previous, tolerance=0).sum()

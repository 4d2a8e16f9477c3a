"""What every kernel promises: arguments are checked, and what still means."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from steadyhue import _native

IDS = np.zeros((2, 3), np.int32)
COLORS = np.zeros((1, 3), np.uint8)
SLOTS = np.zeros((2, 3), np.uint8)


@given(
    hnp.arrays(np.int32, (2, 7, 9), elements=st.integers(-1, 5)),
    hnp.arrays(np.uint8, (2, 6, 3)),
    st.sampled_from([0, 1, 6, 128, 255]),
)
def test_a_pixel_is_still_if_opaque_in_both_frames_and_no_channel_moved_far(
    ids: np.ndarray, colors: np.ndarray, tolerance: int
) -> None:
    frame = (ids[1], colors[1], ids[0], colors[0], tolerance)
    moved = np.abs(colors[1][ids[1]].astype(int) - colors[0][ids[0]]).max(axis=-1)
    still = (ids >= 0).all(axis=0) & (moved <= tolerance)
    found = _native.still_pixels(*frame)
    assert found.dtype == np.uint8
    assert np.array_equal(found, still)
    weights = np.bincount(ids[1][ids[1] >= 0], minlength=6)
    counted = _native.count_flagged(ids[1], weights, found)
    assert counted.tolist() == np.bincount(ids[1][still], minlength=6).tolist()


def dithered(indices: np.ndarray, ids: np.ndarray = IDS) -> None:
    linear = np.zeros((1, 3), np.float32)
    encode = np.zeros(_native.ENCODE_STEPS, np.float32)
    _native.diffuse_errors(ids, linear, linear, linear, encode, 1.0, SLOTS, -1, indices)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: _native.still_pixels(IDS, COLORS, IDS[:1], COLORS, 6), "differ in size"),
        (lambda: _native.still_pixels(IDS, COLORS, IDS + 1, COLORS, 6), "an id is past the colors"),
        (lambda: _native.still_pixels(IDS - 2, COLORS, IDS, COLORS, 6), "an id is past the colors"),
        (lambda: _native.still_pixels(IDS, COLORS[:, :2].copy(), IDS, COLORS, 6), "3 channels"),
        (lambda: _native.still_pixels(IDS, COLORS, IDS, COLORS, 256), r"tolerance must be in \[0"),
        (lambda: _native.still_pixels(IDS, COLORS, IDS, COLORS, -1), r"tolerance must be in \[0"),
        (lambda: _native.tally(IDS, COLORS, SLOTS, COLORS[:0]), "a palette has 1 to 256 colors"),
        (lambda: _native.pooled_colors(COLORS, np.ones(2, np.int64)), "every color needs a weight"),
        (lambda: dithered(SLOTS.copy(), IDS[:1]), "differ in size"),
        (lambda: _native.box_use(SLOTS, SLOTS, (1, 0, 3, 2)), "outside the canvas"),
        (lambda: _native.box_use(SLOTS, SLOTS, (-1, 0, 3, 2)), "a number out of range"),
        (lambda: _native.box_use(SLOTS, SLOTS + 3, (0, 0, 3, 2)), "a mark is over 2"),
        (lambda: _native.lzw_encode(SLOTS + 4, SLOTS, (0, 0, 3, 2), 2, -1, False), "over literal"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(call: Callable[[], object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        call()


def test_points_and_weights_are_of_one_kind() -> None:
    grid, real = np.zeros((4, 3), np.int16), np.zeros((4, 3))
    centers, labels = np.zeros((1, 3)), np.zeros(4, np.int32)
    for points, weights in ((grid, np.ones(4)), (real, np.ones(4, np.int64))):
        with pytest.raises(ValueError, match="grid have int64 weights, others float64"):
            _native.lloyd_step(points, weights, centers, labels, 1)
    with pytest.raises(TypeError):
        _native.assign(real.astype(np.float32), centers, labels, False, 1)


@pytest.mark.parametrize("kind", [np.int64, np.uint16])
def test_what_is_changed_in_place_is_never_a_converted_copy(kind: type) -> None:
    with pytest.raises(TypeError):
        dithered(SLOTS.astype(kind))
    with pytest.raises(TypeError):
        _native.paint(SLOTS.astype(kind), SLOTS, np.zeros(256, np.uint32), (0, 0, 3, 2))
    with pytest.raises(TypeError):
        _native.free_pixels(
            IDS, COLORS, SLOTS[0, :1], np.zeros(1, np.uint8), 6, SLOTS, SLOTS.astype(kind)
        )

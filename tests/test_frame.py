import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from steadyhue.errors import LimitError
from steadyhue.formats import Limits
from steadyhue.frame import Animation, Frame, IndexedFrame

pixels = hnp.arrays(
    np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([3, 4]))
)


@given(pixels)
def test_a_frame_gives_its_opaque_pixels_back(array: np.ndarray) -> None:
    rgba = Frame.from_array(array).rgba()
    opaque = array[..., 3] >= 128 if array.shape[2] == 4 else np.ones(array.shape[:2], bool)
    assert np.array_equal(rgba[..., 3], np.where(opaque, 255, 0))
    assert np.array_equal(rgba[opaque][:, :3], array[opaque][:, :3])
    assert not rgba[~opaque].any()


@given(pixels)
def test_colors_are_distinct_and_weights_count_their_pixels(array: np.ndarray) -> None:
    frame = Frame.from_array(array)
    assert len(np.unique(frame.colors, axis=0)) == len(frame.colors)
    assert np.array_equal(
        np.bincount(frame.ids[frame.ids >= 0], minlength=len(frame.colors)), frame.weights
    )


def test_grey_pixels_are_equal_channels() -> None:
    assert Frame.from_array(np.array([[7, 9]], np.uint8)).rgba().tolist() == [
        [[7, 7, 7, 255], [9, 9, 9, 255]]
    ]


@pytest.mark.parametrize(
    "bad", [np.zeros((2, 2, 3)), np.zeros((2, 2, 2), np.uint8), np.zeros((0, 2, 3), np.uint8)]
)
def test_other_arrays_are_refused(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="pixels must be"):
        Frame.from_array(bad)


def test_an_index_named_transparent_shows_nothing() -> None:
    frame = IndexedFrame(
        np.array([[0, 1, 2]], np.uint8), np.array([[1, 2, 3], [4, 5, 6]], np.uint8), transparent=2
    )
    assert frame.rgba().tolist() == [[[1, 2, 3, 255], [4, 5, 6, 255], [0, 0, 0, 0]]]


def test_an_animation_can_be_read_twice() -> None:
    clip = Animation.from_arrays(np.zeros((3, 2, 2, 3), np.uint8), [10, 20, 30], loop=2)
    assert [f.duration for f in clip] == [f.duration for f in clip] == [10, 20, 30]
    assert (clip.size, clip.loop, clip.n_frames) == ((2, 2), 2, 3)


def test_limits_name_the_file_and_the_reason() -> None:
    with pytest.raises(
        LimitError, match="big.gif: a canvas of 10x10 is over the limit of 99 pixels"
    ):
        Limits(canvas=99).check("big.gif", 10, 10)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from steadyhue.errors import FormatError, LimitError, OptionError
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


PIXELS = np.zeros((3, 2, 2, 3), np.uint8)


@pytest.mark.parametrize(
    "times", [np.int64(20), np.float32(20), np.full(3, 20), iter([20, 20, 20]), 20]
)
def test_times_may_be_numbers_of_numpy(times: object) -> None:
    assert [frame.duration for frame in Animation.from_arrays(PIXELS, times)] == [20.0] * 3


@pytest.mark.parametrize(
    "bad",
    [
        *({"durations": times} for times in (-3, np.nan, [1, 2, np.inf], "x", ["a"] * 3, None)),
        {"durations": [1, 2]},
        {"durations": True},
        *({"loop": loop} for loop in (-1, "x", 1.5, None)),
    ],
    ids=str,
)
def test_what_is_no_time_and_no_count_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(OptionError, match="^[^\n]*(duration|loop)[^\n]*$"):
        Animation.from_arrays(PIXELS, **bad)


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        ([], "at least one frame"),
        (3, "not an int"),
        (None, "not None"),
        (PIXELS / 255, "arrays: frame 0: .* multiply values in 0..1 by 255"),
        ([PIXELS[0], PIXELS[0, :1]], "one size"),
        ([PIXELS[0], PIXELS[0, 0, 0]], "frame 1: pixels must be .* got shape"),
        (["a.gif"], "uint8"),
    ],
    ids=["none", "number", "None", "floats", "sizes", "row", "path"],
)
def test_what_is_no_picture_is_refused_at_once(frames: object, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        Animation.from_arrays(frames)


def test_limits_name_the_file_and_the_reason() -> None:
    with pytest.raises(
        LimitError, match="big.gif: a canvas of 10x10 is over the limit of 99 pixels"
    ):
        Limits(canvas=99).check("big.gif", 10, 10)

from pathlib import Path

import numpy as np
import pytest

from clips import DURATIONS, HOLE, assert_same_pixels, indexed_clip
from steadyhue.errors import FormatError, LimitError
from steadyhue.formats import Limits, Timing, open_animation, open_labels, open_sink


def test_pixels_come_back(tmp_path: Path) -> None:
    frames = indexed_clip()
    with open_sink(tmp_path / "out.npy", 53, 37) as sink:
        for frame in frames:
            sink.write(frame)
    assert_same_pixels(frames, open_animation(tmp_path / "out.npy"))
    stack = np.load(tmp_path / "out.npy")
    assert stack.shape == (6, 37, 53, 4)


@pytest.mark.parametrize(
    ("shape", "n_frames"), [((5, 4, 6, 3), 5), ((5, 4, 6, 4), 5), ((5, 4, 6), 5), ((4, 6, 3), 1)]
)
def test_stacks_of_every_shape_are_read(
    tmp_path: Path, shape: tuple[int, ...], n_frames: int
) -> None:
    stack = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    np.save(tmp_path / "stack.npy", stack)
    clip = open_animation(tmp_path / "stack.npy", timing=Timing(fps=20))
    frames = list(clip)
    assert len(frames) == n_frames
    assert clip.size == (6, 4)
    assert {frame.duration for frame in frames} == {50}


# The shape of an array, and the pictures it has: their number and size.
SHAPES = {
    (4, 6): (1, 6, 4),
    (4, 6, 3): (1, 6, 4),
    (4, 6, 4): (1, 6, 4),
    (3, 6, 3): (1, 6, 3),
    (5, 4, 6): (5, 6, 4),
    (5, 4, 6, 1): (5, 6, 4),
    (5, 4, 6, 3): (5, 6, 4),
    (5, 4, 6, 4): (5, 6, 4),
    (1, 4, 6, 3): (1, 6, 4),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_says_what_an_array_holds(tmp_path: Path, shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    np.save(tmp_path / "array.npy", array)
    for source in (array, tmp_path / "array.npy", (tmp_path / "array.npy").read_bytes()):
        clip = open_animation(source)
        assert (clip.n_frames, *clip.size) == SHAPES[shape]
        assert len(list(clip)) == len(clip)


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.zeros((3, 8, 9), np.uint8), "may be one picture, channels first, or 3 grey ones"),
        (np.zeros((4, 8, 9), np.uint8), "channels first"),
        (np.zeros((8, 9, 1), np.uint8), "may be one grey picture or 8 narrow ones"),
        (np.zeros((8, 9, 2), np.uint8), "may be one grey picture or 8 narrow ones"),
        (np.zeros((7, 3, 8, 9), np.uint8), "channels come last"),
        (np.zeros((2, 2, 2, 3)), "multiply values in 0..1 by 255"),
        (np.zeros((2, 2, 2, 3), np.int64), "must be uint8, got int64"),
        (np.zeros((2, 2), bool), "must be uint8, got bool"),
        (np.zeros((0, 2, 2, 3), np.uint8), "neither a picture"),
        (np.zeros(7, np.uint8), "neither a picture"),
        (np.zeros((2, 2, 2, 2, 3), np.uint8), "neither a picture"),
        (np.zeros((2, 2, 2, 2), np.uint8), "not a stack of pictures"),
    ],
)
def test_other_arrays_are_refused_in_one_sentence(
    tmp_path: Path, array: np.ndarray, sentence: str
) -> None:
    np.save(tmp_path / "other.npy", array)
    for source, name in ((tmp_path / "other.npy", "other.npy"), (array, "array")):
        with pytest.raises(FormatError, match=f"{name}: [^\n]*{sentence}[^\n]*$"):
            open_animation(source)


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "objects.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(FormatError, match="not a NumPy array that can be read"):
        open_animation(tmp_path / "objects.npy")


def test_a_cut_off_stack_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "cut.npy", np.zeros((9, 9, 9, 3), np.uint8))
    data = (tmp_path / "cut.npy").read_bytes()
    for keep in (20, 200):
        (tmp_path / "cut.npy").write_bytes(data[:keep])
        with pytest.raises(FormatError, match="not a NumPy array that can be read"):
            open_animation(tmp_path / "cut.npy")


def test_limits_hold(tmp_path: Path) -> None:
    np.save(tmp_path / "big.npy", np.zeros((9, 9, 9, 3), np.uint8))
    with pytest.raises(LimitError, match="9 frames are over the limit of 8"):
        open_animation(tmp_path / "big.npy", limits=Limits(frames=8))


def test_labels_are_slots_with_their_palettes(tmp_path: Path) -> None:
    frames = indexed_clip()
    with open_labels(tmp_path / "labels.npz", 53, 37) as sink:
        for frame in frames:
            sink.write(frame)
    with np.load(tmp_path / "labels.npz") as arrays:
        assert np.array_equal(arrays["labels"], [frame.indices for frame in frames])
        assert np.array_equal(arrays["palettes"], [frame.palette for frame in frames])
        assert arrays["durations"].tolist() == DURATIONS
        assert arrays["transparent"].tolist() == [HOLE] * 6

import math

import numpy as np
import pytest

from steadyhue.errors import OptionError
from steadyhue.formats.raster import Raster, flatten, resize
from steadyhue.frame import Frame


def checker(height: int, width: int) -> np.ndarray:
    """Black and white pixels in turn: half the light of white."""
    board = (np.indices((height, width)).sum(axis=0) % 2 * 255).astype(np.uint8)
    return np.repeat(board[..., None], 3, axis=2)


def test_a_checkerboard_shrinks_to_half_the_light() -> None:
    # Half of linear light is sRGB 188; a resize of the codes themselves gives 128.
    middle = resize(checker(64, 64), 16, 16)[4:-4, 4:-4]
    assert np.abs(middle.astype(int) - 188).max() <= 2


def test_a_flat_color_stays_exactly() -> None:
    for value in range(0, 256, 5):
        assert (resize(np.full((9, 9, 3), value, np.uint8), 4, 3) == value).all()
        assert (resize(np.full((9, 9), value, np.uint8), 4, 3) == value).all()


def test_transparent_pixels_lend_no_color() -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:, :4] = 200, 100, 50, 255
    pixels[:, 4:] = 0, 255, 0, 0
    small = resize(pixels, 3, 3)
    seen = small[small[..., 3] > 32][:, :3].astype(int)
    assert np.abs(seen - [200, 100, 50]).max() <= 1


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"width": 50}, (50, 25)),
        ({"height": 10}, (20, 10)),
        ({"width": 50, "height": 10}, (20, 10)),
        ({"width": 500}, (100, 50)),
        ({"width": 1}, (1, 1)),
    ],
)
def test_bounds_keep_the_shape_and_never_enlarge(
    bounds: dict[str, int], expected: tuple[int, int]
) -> None:
    assert Raster(**bounds).size(100, 50) == expected


def test_a_matte_leaves_nothing_transparent() -> None:
    pixels = np.array([[[255, 0, 0, 128], [0, 0, 0, 0], [1, 2, 3, 255]]], np.uint8)
    assert flatten(pixels, (0, 0, 255)).tolist() == [[[128, 0, 127], [0, 0, 255], [1, 2, 3]]]
    frame = Raster(matte=(0, 0, 255)).refit(Frame.from_array(pixels))
    assert not frame.has_transparency
    assert frame.rgba()[0, 1].tolist() == [0, 0, 255, 255]


def test_the_alpha_threshold_decides_what_is_transparent() -> None:
    pixels = np.array([[[9, 9, 9, 99], [9, 9, 9, 100]]], np.uint8)
    assert Raster(alpha_threshold=100).frame(pixels).rgba()[0, :, 3].tolist() == [0, 255]


def test_a_frame_that_fits_is_not_touched() -> None:
    frame = Frame.from_array(checker(4, 4), 70)
    assert Raster(width=4).refit(frame) is frame


BAD = {
    "width": [0, True, 4.5, math.nan, "4"],
    "height": [-1, math.inf],
    "alpha_threshold": [300, -1, 1.5, math.nan, "128", None],
    "matte": [(1, 2), (1, 2, 256), (0.5, 0.5, 0.5), 7, np.array(4), [[1], [2], [3]]],
    "fit": ["squeeze", 3, [], np.zeros(2)],
}


@pytest.mark.parametrize(("name", "value"), [(name, v) for name in BAD for v in BAD[name]])
def test_options_out_of_range_or_of_another_kind_are_refused(name: str, value: object) -> None:
    with pytest.raises(OptionError, match=f"{name} must be [^\n]*$"):
        Raster(**{name: value})


def test_numbers_of_numpy_are_numbers() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (8, 6, 4), np.uint8)
    taken = Raster(np.int64(3), np.int16(9), np.uint8(100), tuple(np.uint8([1, 2, 3])))
    assert taken == Raster(3, 9, 100, (1, 2, 3)) == Raster(3, 9, 100, [1, 2, 3])
    assert taken.size(6, 8) == (3, 4)
    expected = Raster(3, 9, 100, (1, 2, 3)).frame(pixels).rgba()
    assert np.array_equal(taken.frame(pixels).rgba(), expected)

"""Where shots begin: the rules, by hand-made frames, and that a clip is the sequence of its shots."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image

from corpus import files, needs_corpus
from steadyhue import _native
from steadyhue.cuts import REACH, Coarse, is_cut, marked
from steadyhue.formats import open_animation
from steadyhue.frame import Frame

Picture = NDArray[np.uint8]


def shot(seed: int) -> Picture:
    """Return a picture of its own colors: 24 x 32 blocks of 5 x 5 pixels."""
    rng = np.random.default_rng(seed)
    base = rng.integers(0, 206, 3)
    color = base + rng.integers(0, 50, (6, 8, 1)) * rng.integers(0, 2, 3)
    return np.repeat(np.repeat(color, 20, axis=0), 20, axis=1).astype(np.uint8)


def plain(color: int | Sequence[int], height: int = 120, width: int = 160) -> Picture:
    return np.full((height, width, 3), color, np.uint8)


def cuts(pictures: Sequence[Picture]) -> list[int]:
    frames = [Frame.from_array(picture) for picture in pictures]
    found = list(marked(frames))
    assert [frame for frame, _ in found] == frames
    return [number for number, (_, cut) in enumerate(found) if cut]


def dithered(picture: Picture, seed: int, colors: int = 4) -> Picture:
    """Return a picture in so many levels a channel, by noise that is new with every seed."""
    step = 255 / (colors - 1)
    noise = np.random.default_rng(seed).uniform(-0.5, 0.5, picture.shape)
    return (np.clip(np.rint(picture / step + noise), 0, colors - 1) * step).astype(np.uint8)


# What a cut is


def test_a_join_of_two_shots_is_a_cut() -> None:
    assert cuts([shot(1)] * 3 + [shot(2)] * 3 + [shot(3)] * 3) == [3, 6]


def test_frames_of_one_shot_each_are_cuts() -> None:
    assert cuts([shot(seed) for seed in range(1, 6)]) == [1, 2, 3, 4]


def test_the_first_frame_is_no_cut() -> None:
    assert cuts([shot(1)]) == cuts([]) == []


def test_a_join_of_dithered_shots_is_a_cut() -> None:
    pictures = [shot(1)] * 4 + [shot(2)] * 4
    assert cuts([dithered(picture, seed) for seed, picture in enumerate(pictures)]) == [4]


# What is none


def test_dithering_that_is_new_in_every_frame_is_no_cut() -> None:
    pictures = [dithered(shot(1), seed, 2) for seed in range(9)]
    assert (pictures[0] != pictures[1]).any(axis=2).mean() > 0.2
    assert cuts(pictures) == []


def test_noise_is_no_cut() -> None:
    rng = np.random.default_rng(0)
    assert cuts([rng.integers(0, 256, (120, 160, 3)).astype(np.uint8) for _ in range(9)]) == []


def test_a_pan_is_no_cut() -> None:
    wide = np.concatenate([shot(seed) for seed in (1, 1, 1)], axis=1)
    assert cuts([wide[:, x : x + 160] for x in range(0, 320, 15)]) == []


@pytest.mark.parametrize("steps", [5, 8, 16])
def test_a_fade_is_no_cut(steps: int) -> None:
    picture = shot(1) * 0.8
    out = [(picture * (1 - i / steps)).astype(np.uint8) for i in range(steps + 1)]
    assert cuts([*out, *out[::-1]]) == []


def test_a_light_switched_on_is_no_cut() -> None:
    assert cuts([(shot(1) * 0.5).astype(np.uint8)] * 4 + [shot(1)] * 4) == []


@pytest.mark.parametrize("length", range(1, REACH))
def test_a_picture_that_comes_back_within_three_frames_is_no_cut(length: int) -> None:
    assert cuts([shot(1)] * 4 + [plain(255)] * length + [shot(1)] * 4) == []


def test_a_picture_that_comes_back_later_is_two_cuts() -> None:
    assert cuts([shot(1)] * 4 + [plain(255)] * REACH + [shot(1)] * 4) == [4, 4 + REACH]


def test_two_pictures_in_turn_are_one_shot() -> None:
    assert cuts([shot(1), shot(2)] * 6) == []


def test_an_object_that_enters_is_no_cut() -> None:
    picture = shot(1)
    entered = picture.copy()
    entered[40:90, 50:110] = 255 - entered[40:90, 50:110]
    assert cuts([picture] * 3 + [entered] * 3) == []


def test_a_picture_of_which_half_holds_still_goes_on() -> None:
    other = shot(2)
    other[:65] = shot(1)[:65]
    assert cuts([shot(1)] * 3 + [other] * 3) == []


# Transparency and small pictures


def sprite(left: int, color: Sequence[int]) -> Picture:
    picture = np.zeros((120, 160, 4), np.uint8)
    picture[30:90, left : left + 60] = [*color, 255]
    return picture


def test_a_sprite_that_moves_is_no_cut() -> None:
    assert cuts([sprite(left, (200, 30, 90)) for left in (0, 30, 60, 90)]) == []


def test_a_sprite_that_changes_its_color_is_no_cut() -> None:
    assert cuts([sprite(40, color) for color in np.eye(3, dtype=int) * 250]) == []


def test_nothing_to_be_seen_is_no_cut() -> None:
    empty = np.zeros((120, 160, 4), np.uint8)
    assert cuts([empty] * 3) == cuts([shot(1), empty, shot(1)]) == []


def test_opaque_shots_with_transparent_corners_have_cuts() -> None:
    pictures = [np.dstack([shot(seed), plain(255)[..., :1]]) for seed in (1, 1, 2, 2)]
    for picture in pictures:
        picture[:20, :20] = 0
    assert cuts(pictures) == [2]


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (20, 30)])
def test_a_small_picture_has_a_cut_where_its_colors_are_far_away(size: tuple[int, int]) -> None:
    assert cuts([plain(10, *size)] * 2 + [plain(40, *size)] * 2) == []
    assert cuts([plain(10, *size)] * 2 + [plain(200, *size)] * 2) == [2]


# How they are looked for


def test_frames_are_pulled_ahead_only_where_there_may_be_a_cut() -> None:
    pulled = []

    def frames(pictures: Sequence[Picture]):
        for number, picture in enumerate(pictures):
            pulled.append(number)
            yield Frame.from_array(picture)

    found = marked(frames([shot(1)] * 6 + [shot(2)] * 9))
    for number in range(6):
        next(found)
        assert len(pulled) == number + 1
    next(found)
    assert len(pulled) == 6 + REACH


@given(st.lists(st.integers(1, 4), max_size=14))
def test_a_clip_is_the_sequence_of_its_shots(seeds: list[int]) -> None:
    pictures = [shot(seed) for seed in seeds]
    found = cuts(pictures)
    for start, end in zip([0, *found], [*found, len(pictures)], strict=True):
        assert cuts(pictures[start:end]) == []
    for cut in found:
        assert cuts(pictures[cut:]) == [other - cut for other in found if other > cut]
        assert cuts(pictures[:cut]) == [other for other in found if other < cut]


def test_a_pair_is_judged_alone_where_no_more_is_known() -> None:
    one, two = Frame.from_array(shot(1)), Frame.from_array(shot(2))
    assert is_cut(one, two)
    assert not is_cut(one, one)


def test_frames_resemble_each_other_both_ways() -> None:
    seen = [Coarse.of(Frame.from_array(shot(seed))) for seed in range(9)]
    assert all(a.resembles(a) for a in seen)
    assert all(a.resembles(b) == b.resembles(a) for a in seen for b in seen)


# The kernel


shapes = st.tuples(st.integers(1, 9), st.integers(1, 700))


@given(shapes, st.data())
def test_cells_sum_their_opaque_pixels(shape: tuple[int, int], data: st.DataObject) -> None:
    pixels = np.full((*shape, 4), 255, np.uint8)
    pixels[0] = data.draw(hnp.arrays(np.uint8, (shape[1], 4)))
    rows, columns = (data.draw(st.integers(1, min(side, 5))) for side in shape)
    frame = Frame.from_array(pixels)
    opaque = frame.rgba().astype(np.int64)
    opaque[..., 3] //= 255
    found = _native.sum_cells(frame.ids, frame.colors, rows, columns)
    for row in range(rows):
        for column in range(columns):
            top, bottom = (r * shape[0] // rows for r in (row, row + 1))
            left, right = (c * shape[1] // columns for c in (column, column + 1))
            expected = opaque[top:bottom, left:right].sum(axis=(0, 1))
            assert np.array_equal(found[row, column], expected)


def test_a_cell_has_at_least_one_pixel() -> None:
    frame = Frame.from_array(plain(1, 2, 3))
    for rows, columns in ((3, 1), (1, 4), (0, 1)):
        with pytest.raises(ValueError, match="at least one pixel"):
            _native.sum_cells(frame.ids, frame.colors, rows, columns)


# Real clips


@needs_corpus
@pytest.mark.parametrize("path", files("natural/*.gif") + files("flat/*.gif"), ids=str)
def test_clips_of_one_shot_have_no_cut(path: Path) -> None:
    assert not any(cut for _, cut in marked(open_animation(path)))


@needs_corpus
def test_joined_clips_have_cuts_where_they_are_joined_dithered_or_not() -> None:
    pictures: list[Picture] = []
    joins = []
    for path in files("natural/intel_*.gif"):
        joins.append(len(pictures))
        for frame, _ in zip(open_animation(path), range(6), strict=False):
            image = Image.fromarray(frame.rgba()).convert("RGB")
            pictures.append(np.asarray(image.resize((240, 136))))
    assert cuts(pictures) == joins[1:]
    assert cuts([dithered(picture, n) for n, picture in enumerate(pictures)]) == joins[1:]

"""Clips side by side: where each picture lies, and that its colors stay."""

from __future__ import annotations

import numpy as np
import pytest

from steadyhue.figures.sheet import (
    CAPTION,
    GAP,
    INK,
    PAPER,
    IndexedStrip,
    Strip,
    beside,
    contact_sheet,
    panels,
)
from steadyhue.frame import IndexedFrame

HEIGHT, WIDTH = 6, 50


def frames(count: int, red: int) -> list[np.ndarray]:
    """Frame n is of one color: (red, n, 0)."""
    pictures = np.full((count, HEIGHT, WIDTH, 4), 255, np.uint8)
    pictures[..., 0] = red
    pictures[..., 1] = np.arange(count)[:, None, None]
    pictures[..., 2] = 0
    return list(pictures)


def test_a_sheet_is_rows_of_evenly_spaced_frames_on_paper() -> None:
    sheet = contact_sheet([Strip("a", "", frames(9, 10)), Strip("b", "", frames(9, 20))], 3)
    assert sheet.shape == (GAP + 2 * (CAPTION + HEIGHT + GAP), GAP + 3 * (WIDTH + GAP), 3)
    expected = np.full_like(sheet, PAPER)
    for row, red in enumerate((10, 20)):
        top = GAP + row * (CAPTION + HEIGHT + GAP) + CAPTION
        for column, n in enumerate((1, 4, 7)):
            left = GAP + column * (WIDTH + GAP)
            expected[top : top + HEIGHT, left : left + WIDTH] = (red, n, 0)
    outside = np.ones(sheet.shape[0], bool)
    for row in range(2):
        top = GAP + row * (CAPTION + HEIGHT + GAP)
        outside[top : top + CAPTION] = False
    assert np.array_equal(sheet[outside], expected[outside])
    assert (sheet[GAP : GAP + CAPTION] == INK).all(axis=-1).any()  # the caption is written


def test_titles_differ_only_in_their_captions() -> None:
    one, two = (contact_sheet([Strip(title, "", frames(2, 9))]) for title in ("one", "two"))
    differ = (one != two).any(axis=(1, 2))
    assert differ.any()
    assert not differ[:GAP].any()
    assert not differ[GAP + CAPTION :].any()


def test_a_sheet_of_few_frames_repeats_none() -> None:
    assert contact_sheet([Strip("", "", frames(2, 9))], 6).shape[1] == GAP + 2 * (WIDTH + GAP)


def reduced(count: int, color: list[int]) -> list[IndexedFrame]:
    """Frame n has slot 0 of one color and one pixel, at column n, of slot 1."""
    clip = []
    for n in range(count):
        indices = np.zeros((HEIGHT, WIDTH), np.uint8)
        indices[0, n] = 1
        clip.append(IndexedFrame(indices, np.array([color, [n, 0, 0]], np.uint8), 40.0 + n))
    return clip


def test_clips_beside_each_other_stay_in_step_and_keep_their_colors() -> None:
    red, blue = [200, 0, 0], [0, 0, 200]
    strips = [
        IndexedStrip("a", "", reduced(5, red)),
        IndexedStrip("b", "", reduced(5, blue)),
    ]
    pictures = list(beside(strips))
    places, size = panels(2, WIDTH, HEIGHT)
    assert [picture.duration for picture in pictures] == [40, 41, 42, 43, 44]
    for n, picture in enumerate(pictures):
        shown = picture.rgba()[..., :3]
        assert shown.shape == (*size, 3)
        for color, (left, top) in zip((red, blue), places, strict=True):
            expected = np.full((HEIGHT, WIDTH, 3), color)
            expected[0, n] = [n, 0, 0]
            assert np.array_equal(shown[top : top + HEIGHT, left : left + WIDTH], expected)
        assert (shown[:GAP] == PAPER).all()


def test_paper_shows_through_transparent_pixels() -> None:
    picture = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    sheet = contact_sheet([Strip("", "", [picture])])
    assert (sheet == PAPER).all()
    clear = IndexedFrame(np.full((HEIGHT, WIDTH), 3, np.uint8), np.zeros((2, 3), np.uint8), 9, 3)
    (shown,) = beside([IndexedStrip("", "", [clear])])
    assert (shown.rgba()[..., :3] == PAPER).all()


def test_more_colors_than_a_picture_holds_are_refused() -> None:
    frame = IndexedFrame(np.zeros((HEIGHT, WIDTH), np.uint8), np.zeros((121, 3), np.uint8))
    with pytest.raises(ValueError, match="more than 240 colors"):
        list(beside([IndexedStrip("", "", [frame])] * 2))


def test_panels_fill_a_wide_screen() -> None:
    assert panels(4, 320, 180)[1] == (GAP + 2 * (CAPTION + 180 + GAP), GAP + 2 * (320 + GAP))
    places, _ = panels(5, 320, 180)
    assert len(set(places)) == 5


@pytest.mark.parametrize(
    ("strips", "message"),
    [
        ([], "no frames"),
        ([Strip("", "", [])], "no frames"),
        ([Strip("", "", [np.zeros((n, 2, 4), np.uint8)]) for n in (2, 3)], "one size"),
        ([IndexedStrip("", "", reduced(n, [0, 0, 0])) for n in (2, 3)], "same number of frames"),
    ],
)
def test_what_cannot_be_laid_side_by_side_is_refused(
    strips: list[Strip] | list[IndexedStrip], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        list(beside(strips))

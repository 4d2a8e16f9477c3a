from __future__ import annotations

import numpy as np
import pytest

from steadyhue.figures.sheet import CAPTION, GAP, INK, PAPER, Strip, beside, contact_sheet, panels

HEIGHT, WIDTH = 6, 50


def frames(count, red):
    """Frame n is of one color: (red, n, 0)."""
    pictures = np.full((count, HEIGHT, WIDTH, 4), 255, np.uint8)
    pictures[..., 0] = red
    pictures[..., 1] = np.arange(count)[:, None, None]
    pictures[..., 2] = 0
    return list(pictures)


def test_a_sheet_is_rows_of_evenly_spaced_frames_on_paper():
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


def test_titles_differ_only_in_their_captions():
    one, two = (contact_sheet([Strip(title, "", frames(2, 9))]) for title in ("one", "two"))
    differ = (one != two).any(axis=(1, 2))
    assert differ.any()
    assert not differ[:GAP].any()
    assert not differ[GAP + CAPTION :].any()


def test_a_sheet_of_few_frames_repeats_none():
    assert contact_sheet([Strip("", "", frames(2, 9))], 6).shape[1] == GAP + 2 * (WIDTH + GAP)


def test_clips_beside_each_other_stay_in_step():
    pictures = list(beside([Strip("a", "", frames(5, 10)), Strip("b", "", frames(5, 20))]))
    places, size = panels(2, WIDTH, HEIGHT)
    assert len(pictures) == 5
    for n, picture in enumerate(pictures):
        assert picture.shape == (*size, 3)
        for red, (left, top) in zip((10, 20), places, strict=True):
            assert (picture[top : top + HEIGHT, left : left + WIDTH] == (red, n, 0)).all()


def test_paper_shows_through_transparent_pixels():
    picture = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    (sheet,) = beside([Strip("", "", [picture])])
    assert (sheet == PAPER).all()


def test_panels_fill_a_wide_screen():
    assert panels(4, 320, 180)[1] == (GAP + 2 * (CAPTION + 180 + GAP), GAP + 2 * (320 + GAP))
    places, _ = panels(5, 320, 180)
    assert len(set(places)) == 5


@pytest.mark.parametrize(
    ("strips", "message"),
    [
        ([], "no frames"),
        ([Strip("", "", [])], "no frames"),
        ([Strip("", "", [np.zeros((n, 2, 4), np.uint8)]) for n in (2, 3)], "one size"),
        ([Strip("", "", frames(n, 0)) for n in (2, 3)], "same number of frames"),
    ],
)
def test_what_cannot_be_laid_side_by_side_is_refused(strips, message):
    with pytest.raises(ValueError, match=message):
        list(beside(strips))

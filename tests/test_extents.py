"""Where colors are: boxes that never leave out a pixel, kept up by what changes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from steadyhue.box import NOTHING, inside
from steadyhue.extents import Extents

HEIGHT, WIDTH = 20, 30


def is_outside(box: tuple[int, int, int, int]) -> np.ndarray:
    outside = np.ones((HEIGHT, WIDTH), bool)
    outside[inside(box)] = False
    return outside


@given(st.integers(0, 1 << 32), st.sampled_from([np.int32, np.uint8]))
def test_no_pixel_of_a_chosen_value_is_outside_its_box(seed: int, kind: type) -> None:
    rng = np.random.default_rng(seed)
    n = 256 if kind is np.uint8 else 12
    picture = rng.integers(0, 4, (HEIGHT, WIDTH)).astype(kind)
    extents = Extents()
    for _ in range(6):
        size = rng.integers(1, 9, 2)
        top, left = rng.integers(0, (HEIGHT - 9, WIDTH - 9))
        box = int(left), int(top), int(size[1]), int(size[0])
        lowest = 0 if kind is np.uint8 else -1  # which is transparent
        picture[inside(box)] = rng.integers(lowest, 12, size)
        extents.move(box)
        chosen = rng.integers(0, 6, n) == 0
        found = extents.around(picture, chosen, box)
        values = np.flatnonzero(chosen)
        assert not (np.isin(picture, values) & is_outside(found)).any()


def test_what_is_nowhere_has_no_box() -> None:
    picture = np.zeros((HEIGHT, WIDTH), np.int32)
    chosen = np.array([False, True])
    assert Extents().around(picture, chosen) == NOTHING
    assert Extents().around(picture, chosen, (3, 4, 5, 6)) == (3, 4, 5, 6)


def test_a_box_is_that_of_all_chosen_and_of_what_changed() -> None:
    picture = np.zeros((HEIGHT, WIDTH), np.uint8)
    picture[3, 4] = picture[9, 20] = 7
    chosen = np.arange(256) == 7
    assert Extents().around(picture, chosen) == (4, 3, 17, 7)
    assert Extents().around(picture, chosen, (0, 12, 2, 2)) == (0, 3, 21, 11)


def test_where_most_changes_nothing_is_looked_for() -> None:
    picture = np.zeros((HEIGHT, WIDTH), np.uint8)
    everything = 0, 0, WIDTH, HEIGHT
    assert Extents().around(picture, np.arange(256) == 7, (0, 0, WIDTH, 11)) == everything

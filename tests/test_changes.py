"""What a source knows of changes saves work and alters nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gifs
import steadyhue as sh
from steadyhue import _native
from steadyhue.box import NOTHING
from steadyhue.cuts import Coarse, marked
from steadyhue.formats import open_animation
from steadyhue.formats.raster import Raster
from steadyhue.formats.timing import Timing
from steadyhue.frame import Animation, Frame
from steadyhue.stillness import flagged_weights, seen_still

WIDTH, HEIGHT = 48, 36

PALETTES = st.binary(min_size=48, max_size=48)


@st.composite
def recordings(draw: st.DrawFn) -> bytes:
    """Draw a GIF whose images are mostly small, with any disposals, holes and tables."""
    rng = np.random.default_rng(draw(st.integers(0, 1 << 32)))
    file = gifs.screen(WIDTH, HEIGHT, draw(PALETTES))
    whole = rng.integers(0, 4, (HEIGHT // 6, WIDTH // 6)).repeat(6, 0).repeat(6, 1)
    file += gifs.image(0, 0, WIDTH, HEIGHT, whole.reshape(-1).tolist(), b"", literal_width=4)
    for _ in range(draw(st.integers(1, 14))):
        size = 1 + rng.integers(0, 7 if draw(st.integers(0, 4)) else 36, 2)
        left, top = rng.integers(0, (WIDTH, HEIGHT))
        indices = rng.integers(0, draw(st.sampled_from([1, 3, 16])), size[0] * size[1]).tolist()
        table = draw(PALETTES) if draw(st.integers(0, 4)) == 0 else b""
        file += gifs.control(
            draw(st.sampled_from([0, 1, 1, 2, 3])), draw(st.sampled_from([None, 0]))
        )
        file += gifs.image(
            int(left), int(top), int(size[0]), int(size[1]), indices, table, literal_width=4
        )
    return file + b";"


def forgotten(clip: Animation) -> Animation:
    """Return the clip with nothing known of changes: all work is done on whole pictures."""
    return Animation(
        partial(_forgotten, clip), width=clip.width, height=clip.height, n_frames=clip.n_frames
    )


def _forgotten(clip: Animation) -> Iterator[Frame]:
    return (replace(frame, ids=frame.ids.copy(), change=None) for frame in clip)


def assert_alike(one: sh.Result, other: sh.Result) -> None:
    for a, b in zip(one, other, strict=True):
        assert np.array_equal(a.indices, b.indices)
        assert np.array_equal(a.palette, b.palette)
        assert a.transparent == b.transparent
    for mine, yours in zip(one.report, other.report, strict=True):
        assert mine.to_dict() == yours.to_dict()


@given(recordings())
def test_pictures_differ_only_inside_the_box_of_their_change(data: bytes) -> None:
    for before, after in pairwise(open_animation(data)):
        left, top, width, height = after.changed_since(before)
        differing = (before.rgba() != after.rgba()).any(axis=2)
        differing[top : top + height, left : left + width] = False
        assert not differing.any()


@given(recordings())
def test_stillness_and_cuts_are_those_of_whole_pictures(data: bytes) -> None:
    clip = open_animation(data)
    for (before, after), (a, b) in zip(pairwise(clip), pairwise(forgotten(clip)), strict=True):
        flags = seen_still(after, before)
        assert np.array_equal(flags, seen_still(b, a))
        still = flagged_weights(after, flags.view(np.uint8), after.changed_since(before))
        assert np.array_equal(still, flagged_weights(b, flags.view(np.uint8)))
        assert np.array_equal(Coarse.of(after, (before, Coarse.of(before))).sums, Coarse.of(b).sums)
    assert [cut for _, cut in marked(clip)] == [cut for _, cut in marked(forgotten(clip))]


@settings(max_examples=25)
@given(recordings(), st.sampled_from([2, 5, 256]), st.sampled_from(["steady", "seeded", "global"]))
def test_results_are_those_of_whole_pictures(data: bytes, colors: int, mode: sh.Mode) -> None:
    clip = open_animation(data)
    assert_alike(
        sh.quantize(clip, colors, mode=mode), sh.quantize(forgotten(clip), colors, mode=mode)
    )


@settings(max_examples=15)
@given(recordings(), st.sampled_from(["blue-noise", "floyd-steinberg"]))
def test_dithered_results_are_those_of_whole_pictures(data: bytes, dither: sh.Dither) -> None:
    clip = open_animation(data)
    assert_alike(
        sh.quantize(clip, 4, dither=dither), sh.quantize(forgotten(clip), 4, dither=dither)
    )


@settings(max_examples=15)
@given(
    recordings(),
    st.sampled_from([Timing(every=2), Timing(fps=3), Timing(fps=25), Timing(start=50)]),
    st.sampled_from([Raster(), Raster(width=20), Raster(matte=(9, 9, 9))]),
)
def test_frames_left_out_repeated_or_resized_know_no_change_that_is_not_theirs(
    data: bytes, timing: Timing, raster: Raster
) -> None:
    # A start behind the end is an error.
    assume(timing.start < sum(frame.duration for frame in open_animation(data)))
    clip = open_animation(data, timing=timing, raster=raster)
    assert_alike(sh.quantize(clip, 4), sh.quantize(forgotten(clip), 4))


def test_an_image_that_shows_nothing_new_makes_no_new_picture() -> None:
    same = gifs.control(1) + gifs.image(1, 1, 2, 2, [0] * 4)
    first, second = open_animation(gifs.screen() + gifs.image(0, 0, 4, 4, [0] * 16) + same + b";")
    assert second.ids is first.ids
    assert second.changed_since(first) == NOTHING


def test_what_is_known_of_changes_is_forgotten_where_frames_are_left_out() -> None:
    dots = b"".join(gifs.image(x, 0, 1, 1, [x]) for x in (1, 2, 3))
    clip = open_animation(gifs.screen() + gifs.image(0, 0, 4, 4, [0] * 16) + dots + b";")
    first, second, third, _ = clip
    assert second.changed_since(first) == (1, 0, 1, 1)
    assert third.changed_since(first) == (0, 0, 4, 4)


@pytest.mark.parametrize("place", [(0, 0), (2, 5), (6, 3)])
def test_a_box_of_differences_is_tight(place: tuple[int, int]) -> None:
    one = np.zeros((7, 6), np.uint8)
    other = one.copy()
    assert _native.differing_box(one, other) == NOTHING
    other[place] = 1
    assert _native.differing_box(one, other) == (place[1], place[0], 1, 1)

"""What holds still: the rules, and that all who test for stillness agree."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from corpus import files, needs_corpus
from steadyhue.formats import open_animation
from steadyhue.frame import Frame
from steadyhue.metrics.difference import Colored, change
from steadyhue.modes import planner
from steadyhue.pipeline import quantize_frames
from steadyhue.settings import Settings
from steadyhue.stillness import (
    STILL,
    flagged_weights,
    seen_still,
    seen_through,
    still_pixels,
)


def grey(*levels: int) -> Frame:
    """Return a frame of one row."""
    return Frame.from_array(np.array([levels], np.uint8))


def test_a_still_pixel_moves_by_at_most_six_levels() -> None:
    before, after = grey(100, 100, 100, 100), grey(100, 106, 107, 93)
    assert STILL == 6
    assert still_pixels(after, before).tolist() == [[True, True, False, False]]
    assert still_pixels(before, after).tolist() == [[True, True, False, False]]


def test_every_channel_must_hold_still() -> None:
    pixels = np.full((1, 3, 3), 50, np.uint8)
    moved = pixels + 7 * np.eye(3, dtype=np.uint8)
    assert not still_pixels(Frame.from_array(moved), Frame.from_array(pixels)).any()


def test_without_tolerance_only_static_pixels_are_still() -> None:
    assert still_pixels(grey(9, 10), grey(9, 9), tolerance=0).tolist() == [[True, False]]


def test_transparent_pixels_are_not_still() -> None:
    opaque = np.full((1, 4, 4), 255, np.uint8)
    before, after = opaque.copy(), opaque.copy()
    before[0, [0, 2]] = 0
    after[0, [1, 2]] = 0
    found = still_pixels(Frame.from_array(after), Frame.from_array(before), tolerance=255)
    assert found.tolist() == [[False, False, False, True]]


@pytest.mark.parametrize("ask", [still_pixels, seen_through, seen_still])
def test_frames_of_two_sizes_are_refused(ask: Callable[[Frame, Frame], np.ndarray]) -> None:
    with pytest.raises(ValueError, match="the frames differ in size"):
        ask(grey(1, 2), grey(1, 2, 3))


sizes = st.shared(st.tuples(st.integers(1, 5), st.integers(1, 5), st.just(4)))
pictures = hnp.arrays(np.uint8, sizes, elements=st.integers(0, 24)).map(
    lambda array: np.concatenate([array[..., :3], (array[..., 3:] > 4) * np.uint8(255)], axis=2)
)


@given(pictures, pictures, st.integers(0, 25))
def test_all_who_test_for_stillness_agree(
    before: np.ndarray, after: np.ndarray, tolerance: int
) -> None:
    moved = np.abs(after[..., :3].astype(int) - before[..., :3]).max(axis=2)
    opaque = (after[..., 3] > 0) & (before[..., 3] > 0)
    frame, previous = Frame.from_array(after), Frame.from_array(before)
    still = still_pixels(frame, previous, tolerance=tolerance)
    assert still.dtype == bool
    assert np.array_equal(still, opaque & (moved <= tolerance))
    counts = np.bincount(frame.ids[still], minlength=len(frame.colors))
    assert np.array_equal(flagged_weights(frame, still.view(np.uint8)), counts)
    step = change(*(Colored.of(f) for f in (previous, frame, previous, frame)))
    flags = still_pixels(frame, previous).view(np.uint8)
    assert step.still.pixels == flagged_weights(frame, flags).sum()
    assert step.static.pixels == still_pixels(frame, previous, tolerance=0).sum()


# Seen through dithering


GRADIENT = np.add.outer(np.linspace(0, 60, 120), np.linspace(60, 180, 160))
"""Levels of grey of a picture that holds still."""


def noise(seed: int, spread: float) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, spread, GRADIENT.shape)


def frame_of(levels: np.ndarray) -> Frame:
    return Frame.from_array(np.clip(levels, 0, 255).astype(np.uint8))


def dithered(levels: np.ndarray, seed: int = 0, colors: int = 8) -> Frame:
    """Return a picture in few colors, its errors diffused; another seed, another pattern."""
    image = Image.fromarray(np.clip(levels + noise(seed, 1), 0, 255).astype(np.uint8))
    palette = Image.new("P", (1, 1))
    greys = np.repeat(np.linspace(0, 255, colors).astype(np.uint8), 3).tolist()
    palette.putpalette(greys)
    mixed = image.convert("RGB").quantize(
        palette=palette, dither=Image.Dither.FLOYDSTEINBERG, colors=colors
    )
    return Frame.from_array(np.asarray(mixed.convert("RGB")))


@pytest.mark.parametrize("colors", [4, 8, 16])
def test_a_picture_dithered_anew_holds_still_to_who_looks(colors: int) -> None:
    before, after = dithered(GRADIENT, 1, colors), dithered(GRADIENT, 2, colors)
    assert still_pixels(after, before).mean() < 0.85
    assert seen_still(after, before).mean() > 0.85


def test_a_noisy_picture_holds_still_to_who_looks() -> None:
    before, after = (frame_of(GRADIENT + noise(seed, 12)) for seed in (1, 2))
    assert still_pixels(after, before).mean() < 0.5
    assert seen_still(after, before).mean() > 0.95


def test_what_moves_in_a_dithered_picture_is_not_still() -> None:
    before, after = GRADIENT.copy(), GRADIENT.copy()
    before[40:80, 40:80] = 20
    after[40:80, 60:100] = 20
    seen = seen_still(dithered(after, 2), dithered(before, 1))
    assert not seen[44:76, 44:56].any()  # was covered
    assert not seen[44:76, 84:96].any()  # is covered now
    assert seen[:30].mean() > 0.8


def test_a_change_of_light_is_not_seen_through() -> None:
    assert seen_through(dithered(GRADIENT * 1.2, 2), dithered(GRADIENT, 1)) is None


@pytest.mark.parametrize("high", [2, 256])
def test_a_television_without_a_signal_does_not_hold_still(high: int) -> None:
    rng = np.random.default_rng(0)
    before, after = (
        Frame.from_array((rng.integers(0, high, (120, 160)) * (255 // (high - 1))).astype(np.uint8))
        for _ in range(2)
    )
    assert seen_through(after, before) is None


def test_a_moving_line_is_not_seen_through() -> None:
    frames = []
    for at in range(4):
        picture = np.full((120, 160), 200, np.uint8)
        picture[:, at::9] = 60
        frames.append(Frame.from_array(picture))
    assert all(seen_through(b, a) is None for a, b in pairwise(frames))


def test_a_checkerboard_in_turn_is_not_seen_through() -> None:
    board = (np.indices((120, 160)).sum(axis=0) % 2 * 255).astype(np.uint8)
    assert seen_through(Frame.from_array(255 - board), Frame.from_array(board)) is None


def test_a_moving_texture_is_not_seen_through() -> None:
    rng = np.random.default_rng(3)
    coarse = np.asarray(
        Image.fromarray(rng.integers(40, 215, (40, 60)).astype(np.uint8)).resize(
            (180, 120), Image.Resampling.BICUBIC
        )
    )
    before, after = (Frame.from_array(coarse[:, x : x + 160].copy()) for x in (0, 3))
    assert seen_through(after, before) is None


@given(pictures, pictures)
def test_small_pictures_are_not_seen_through(before: np.ndarray, after: np.ndarray) -> None:
    frame, previous = Frame.from_array(after), Frame.from_array(before)
    assert np.array_equal(seen_still(frame, previous), still_pixels(frame, previous))


def test_a_hole_is_no_pattern() -> None:
    for side in (5, 16, 40):
        before = np.full((side, side, 4), 255, np.uint8)
        before[..., :3] = 5
        before[1::3, 1::3] = 0
        after = before.copy()
        after[::3, ::3, 0] = 21
        assert seen_through(Frame.from_array(after), Frame.from_array(before)) is None
    before = np.full((3, 5, 4), (5, 5, 5, 255), np.uint8)
    after = before.copy()
    before[1, 2] = 0
    after[1, 3, 0] = 21
    assert seen_through(Frame.from_array(after), Frame.from_array(before)) is None


def test_transparent_pixels_are_not_seen_through() -> None:
    frames = []
    for seed in (1, 2):
        pixels = dithered(GRADIENT, seed).rgba()
        pixels[20:60, 10 * seed : 10 * seed + 40] = 0
        frames.append(Frame.from_array(pixels))
    through = seen_through(frames[1], frames[0])
    assert through is not None
    assert not through[(frames[0].ids < 0) | (frames[1].ids < 0)].any()


def test_a_noisy_clip_is_repainted_less_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [frame_of(GRADIENT + noise(seed, 12)) for seed in range(6)]
    settings = Settings.of(4)

    def repainted() -> float:
        made = quantize_frames(frames, planner(settings, frames), settings)
        shown = [frame.rgba() for frame, _ in made]
        return float(np.mean([(a != b).any(axis=2).mean() for a, b in pairwise(shown)]))

    found = repainted()
    monkeypatch.setattr("steadyhue.pipeline.seen_still", still_pixels)
    assert found < 0.85 * repainted()


DITHERED = ("comma_sim", "mp_iris", "geogif_capecod")


@needs_corpus
@pytest.mark.parametrize("path", files("natural/*.gif") + files("flat/*.gif"), ids=str)
def test_clips_that_are_not_dithered_anew_stay_as_they_are(path: Path) -> None:
    frames = [frame for frame, _ in zip(open_animation(path), range(12), strict=False)]
    found = any(seen_through(b, a) is not None for a, b in pairwise(frames))
    assert not found or path.stem in DITHERED

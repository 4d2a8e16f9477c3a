"""What is written comes back exactly."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyhue.formats.gif import GifWriter, read_gif
from steadyhue.frame import IndexedFrame


def written(frames: list[IndexedFrame], loop: int = 0) -> bytes:
    out = io.BytesIO()
    with GifWriter(out, frames[0].width, frames[0].height, loop) as writer:
        for frame in frames:
            writer.write(frame)
    return out.getvalue()


@st.composite
def clips(draw: st.DrawFn) -> list[IndexedFrame]:
    """Few pixels, few colors, many coincidences: duplicates, holes, palettes that come and go."""
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    frames: list[IndexedFrame] = []
    for _ in range(draw(st.integers(1, 5))):
        if frames and draw(st.booleans()):
            palette, k = frames[-1].palette, len(frames[-1].palette)
        else:
            k = draw(st.sampled_from([1, 2, 3, 4, 5, 8, 255, 256]))
            step = draw(st.sampled_from([1, 2]))
            palette = (np.arange(3 * k).reshape(k, 3) * step % 256).astype(np.uint8)
        transparent = draw(st.none() | st.integers(0, min(k, 255)))
        used = draw(st.lists(st.integers(0, k - 1), min_size=1, max_size=3))
        if transparent is not None:
            used.append(transparent)
        pixels = draw(
            st.lists(st.sampled_from(used), min_size=height * width, max_size=height * width)
        )
        if frames and draw(st.booleans()):
            pixels[1:] = frames[-1].indices.ravel()[1:].tolist()
        indices = np.array(pixels, np.uint8).reshape(height, width)
        duration = draw(st.integers(0, 30)) * 10.0
        frames.append(IndexedFrame(indices, palette, duration, transparent))
    return frames


@given(clips(), st.sampled_from([0, 1, 2, 65536]))
def test_pictures_durations_and_loop_come_back(frames: list[IndexedFrame], loop: int) -> None:
    clip = read_gif(written(frames, loop))
    back = list(clip)
    assert (clip.loop, clip.n_frames) == (loop, len(frames))
    assert [frame.duration for frame in back] == [frame.duration for frame in frames]
    for ours, theirs in zip(frames, back, strict=True):
        assert np.array_equal(ours.rgba(), theirs.rgba())


def test_an_identical_frame_is_a_patch_of_one_pixel() -> None:
    frame = IndexedFrame(np.zeros((40, 50), np.uint8), np.array([[1, 2, 3]], np.uint8), 50.0)
    once, twice = written([frame]), written([frame, frame])
    assert len(twice) - len(once) < 30
    assert read_gif(twice).n_frames == 2


def test_rounding_of_durations_is_carried_forward() -> None:
    picture = np.zeros((1, 1), np.uint8), np.zeros((1, 3), np.uint8)
    back = read_gif(written([IndexedFrame(*picture, 33.4)] * 100))
    assert sum(frame.duration for frame in back) == 3340
    assert {frame.duration for frame in back} == {30, 40}


@pytest.mark.parametrize(("width", "height", "loop"), [(0, 1, 0), (1, 65536, 0), (1, 1, -1)])
def test_what_no_gif_can_say_is_refused(width: int, height: int, loop: int) -> None:
    with pytest.raises(ValueError, match="a GIF"):
        GifWriter(io.BytesIO(), width, height, loop)


def test_frames_of_another_size_are_refused() -> None:
    frame = IndexedFrame(np.zeros((2, 2), np.uint8), np.zeros((1, 3), np.uint8))
    with pytest.raises(ValueError, match="one size"):
        GifWriter(io.BytesIO(), 3, 2).write(frame)


def test_a_file_without_frames_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one frame"), GifWriter(io.BytesIO(), 1, 1):
        pass

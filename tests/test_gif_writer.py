"""What is written comes back exactly."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from corpus import files, needs_corpus
from readers import by_gifsicle, by_pillow, by_pyav, gifsicle, needs_gifsicle, written
from steadyhue.formats import open_animation
from steadyhue.formats.gif import GifWriter
from steadyhue.frame import IndexedFrame


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
    clip = open_animation(written(frames, loop))
    back = list(clip)
    assert (clip.loop, clip.n_frames) == (loop, len(frames))
    assert [frame.duration for frame in back] == [frame.duration for frame in frames]
    for ours, theirs in zip(frames, back, strict=True):
        assert np.array_equal(ours.rgba(), theirs.rgba())


def test_an_identical_frame_is_a_patch_of_one_pixel() -> None:
    frame = IndexedFrame(np.zeros((40, 50), np.uint8), np.array([[1, 2, 3]], np.uint8), 50.0)
    once, twice = written([frame]), written([frame, frame])
    assert len(twice) - len(once) < 30
    assert open_animation(twice).n_frames == 2


def test_another_index_of_the_same_color_changes_nothing() -> None:
    black = np.zeros((4, 3), np.uint8)
    indices = np.zeros((40, 50), np.uint8)
    frames = [IndexedFrame(indices, black, 100)]
    for slot in (1, 2, 3) * 20:
        indices = indices.copy()
        indices[20:24, 30:37] = slot
        frames.append(IndexedFrame(indices, black, 100))
    shown = by_pillow(written(frames), Path())
    assert len(shown) == len(frames)
    assert all((picture == shown[0]).all() for picture in shown)


def test_rounding_of_durations_is_carried_forward() -> None:
    picture = np.zeros((1, 1), np.uint8), np.zeros((1, 3), np.uint8)
    back = open_animation(written([IndexedFrame(*picture, 33.4)] * 100))
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
    with (
        pytest.raises(ValueError, match="at least one frame"),
        closing(GifWriter(io.BytesIO(), 1, 1)),
    ):
        pass


def patchwork(k: int, n: int = 6, transparent: bool = False) -> list[IndexedFrame]:
    """Frames that differ in patches, with palettes that change now and then, and a duplicate."""
    rng = np.random.default_rng(k)
    palette = rng.permutation(np.arange(256))[: 3 * k].astype(np.uint8) if k < 86 else None
    palettes = [
        rng.integers(0, 256, (k, 3), np.uint8)
        if palette is None
        else np.roll(palette, i).reshape(k, 3)
        for i in range(2)
    ]
    indices = rng.integers(0, k, (24, 31)).astype(np.uint8)
    frames = []
    for i in range(n):
        if i != 3:  # frame 3 repeats frame 2
            indices = indices.copy()
            top, left = rng.integers(0, 16, 2)
            indices[top : top + 8, left : left + 9] = rng.integers(0, k)
            if transparent:
                indices[indices == k] = 0
                indices[top + 2 : top + 5, left : left + 4] = k
        frames.append(
            IndexedFrame(indices, palettes[i // 4], 30.0 + 10 * i, k if transparent else None)
        )
    return frames


@pytest.mark.parametrize("transparent", [False, True])
@pytest.mark.parametrize("k", [2, 3, 10, 16, 255, 256])
@pytest.mark.parametrize(
    "read", [by_pillow, by_pyav, pytest.param(by_gifsicle, marks=needs_gifsicle)]
)
def test_other_readers_see_the_same_pixels(
    k: int,
    transparent: bool,
    read: Callable[[bytes, Path], list[np.ndarray]],
    tmp_path: Path,
) -> None:
    if transparent and k == 256:
        pytest.skip("no index is left to be transparent")
    frames = patchwork(k, transparent=transparent)
    back = read(written(frames), tmp_path)
    assert len(back) == len(frames)
    for ours, theirs in zip(frames, back, strict=True):
        expected = ours.rgba()
        theirs = np.where(theirs[..., 3:] > 0, theirs, 0)
        assert np.array_equal(theirs, expected)


@pytest.mark.parametrize("k", [1, 2, 10, 256])
def test_palettes_and_indices_of_whole_frames_come_back_bit_by_bit(k: int) -> None:
    rng = np.random.default_rng(k)
    palette = rng.integers(0, 256, (k, 3), np.uint8)
    indices = rng.integers(0, k, (20, 30)).astype(np.uint8)
    image = Image.open(io.BytesIO(written([IndexedFrame(indices, palette)])))
    assert image.mode in ("P", "L")
    assert np.array_equal(np.array(image), indices)
    if image.mode == "P":
        assert np.array_equal(np.array(image.getpalette()).reshape(-1, 3)[:k], palette)


def test_pillow_reads_delays_and_loop() -> None:
    frames = patchwork(10)
    image = Image.open(io.BytesIO(written(frames, loop=4)))
    assert image.info["loop"] == 3
    for i, frame in enumerate(frames):
        image.seek(i)
        assert image.info["duration"] == frame.duration


def test_a_palette_is_written_again_only_where_it_differs() -> None:
    same = [IndexedFrame(np.full((4, 4), i % 3, np.uint8), palette_of(3)) for i in range(50)]
    other = [IndexedFrame(f.indices, palette_of(3) + np.uint8(i % 2)) for i, f in enumerate(same)]
    assert len(written(other)) - len(written(same)) >= 25 * 12


def palette_of(k: int) -> np.ndarray:
    return (np.arange(3 * k).reshape(k, 3) * 7).astype(np.uint8)


@needs_gifsicle
@needs_corpus
@pytest.mark.parametrize("k", [4, 10])
@pytest.mark.parametrize(
    "path", files("natural/[acjm]*.gif") + files("flat/[fghm]*.gif"), ids=lambda path: path.stem
)
def test_files_are_as_small_as_gifsicle_makes_them(path: Path, k: int) -> None:
    """One palette for all frames: gifsicle may merge palettes, we must not."""
    palette: np.ndarray | None = None
    frames = []
    for frame, _ in zip(open_animation(path), range(12), strict=False):
        if palette is None:
            palette = frame.colors[np.argsort(-frame.weights, kind="stable")[: 8 * k : 8]]
        distances = ((frame.colors[:, None].astype(int) - palette.astype(int)) ** 2).sum(2)
        table = np.append(distances.argmin(1), len(palette)).astype(np.uint8)
        transparent = len(palette) if frame.has_transparency else None
        frames.append(IndexedFrame(table[frame.ids], palette, frame.duration, transparent))
    data = written(frames)
    # Single frames may lose a little more than 2 %; 64 bytes are for tiny files.
    assert len(data) <= 1.025 * len(gifsicle(data, "-O3")) + 64


GROWTH = """
import io, resource, sys
from contextlib import closing
import numpy as np
from steadyhue.formats import open_animation
from steadyhue.formats.gif import GifWriter
from steadyhue.frame import IndexedFrame

n, path = int(sys.argv[1]), sys.argv[2]
rng = np.random.default_rng(1)
with open(path, "wb") as file, closing(GifWriter(file, 100, 100, 0)) as writer:
    for _ in range(n):
        palette = rng.integers(0, 256, (64, 3), np.uint8)
        writer.write(IndexedFrame(rng.integers(0, 64, (100, 100), np.uint8), palette, 40.0))
assert sum(1 for _ in open_animation(path)) == n
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_number_of_frames(tmp_path: Path) -> None:
    def peak(n: int) -> int:
        args = [sys.executable, "-c", GROWTH, str(n), str(tmp_path / "clip.gif")]
        return int(subprocess.run(args, capture_output=True, check=True).stdout)

    assert peak(1500) - peak(150) < 10_000  # kB

"""Where pixels become transparent, every reader shows the same: ours, Chromium's, Pillow's, others'."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from readers import by_pillow, by_pyav, gifsicle, needs_gifsicle, written
from steadyhue.api import quantize
from steadyhue.formats import open_animation
from steadyhue.formats.gif import GifWriter
from steadyhue.frame import IndexedFrame


def patches(k: int, first: int) -> list[IndexedFrame]:
    """Twelve frames: a patch moves over still ground, and a hole from frame `first` on."""
    rng = np.random.default_rng(2)
    palette = rng.integers(30, 256, (k, 3), np.uint8)  # no color is black
    ground = rng.integers(0, k, (5, 7)).repeat(8, 0).repeat(8, 1).astype(np.uint8)
    frames = []
    for number in range(12):
        indices, transparent = ground.copy(), None
        indices[2:9, 4 * number : 4 * number + 6] = number % k
        if number >= first and (number - first) % 4 != 3:
            indices[20:30, 3 * number : 3 * number + 9] = transparent = k
        frames.append(IndexedFrame(indices, palette, 50.0, transparent))
    return frames


def assert_shown(frames: list[IndexedFrame], read: list[np.ndarray]) -> None:
    assert len(read) == len(frames)
    for ours, theirs in zip(frames, read, strict=True):
        assert np.array_equal(np.where(theirs[..., 3:] > 0, theirs, 0), ours.rgba())


def by_us(data: bytes, _: Path) -> list[np.ndarray]:
    return [frame.rgba() for frame in open_animation(data)]


def by_gifsicle(data: bytes, folder: Path) -> list[np.ndarray]:
    return by_us(gifsicle(data, "-O2"), folder)


READERS = [by_us, by_pillow, by_pyav, pytest.param(by_gifsicle, marks=needs_gifsicle)]


@pytest.mark.parametrize("first", [0, 1, 3, 11])
@pytest.mark.parametrize("k", [3, 4, 16, 255])
@pytest.mark.parametrize("read", READERS)
def test_a_moving_hole_leaves_nothing_behind(
    read: Callable[[bytes, Path], list[np.ndarray]], k: int, first: int, tmp_path: Path
) -> None:
    frames = patches(k, first)
    assert_shown(frames, read(written(frames), tmp_path))


@needs_gifsicle
@pytest.mark.parametrize("k", [1, 8, 255])
def test_gifsicle_unfolds_what_begins_with_a_hole(k: int, tmp_path: Path) -> None:
    """Its whole frames clear to a color themselves, where Pillow looks at them."""
    frames = patches(k, 0)
    assert_shown(frames, by_us(gifsicle(written(frames), "--unoptimize"), tmp_path))


@pytest.mark.parametrize("suffix", ["png", "webp"])
@pytest.mark.parametrize("read", READERS)
def test_moving_patches_of_other_formats_come_out_right(
    suffix: str, read: Callable[[bytes, Path], list[np.ndarray]], tmp_path: Path
) -> None:
    pictures = []
    for number in range(12):
        pixels = np.zeros((30, 60, 4), np.uint8)
        pixels[5:15, 4 * number : 4 * number + 10] = 200, 30 + 10 * number, 40, 255
        pictures.append(Image.fromarray(pixels))
    path = tmp_path / f"patch.{suffix}"
    pictures[0].save(
        path, save_all=True, append_images=pictures[1:], duration=60, disposal=1, lossless=True
    )
    result = quantize(path, 4)
    frames = list(result)
    result.save(tmp_path / "out.gif")
    assert_shown(frames, read((tmp_path / "out.gif").read_bytes(), tmp_path))


class Pipe(io.BytesIO):
    def seekable(self) -> bool:
        return False


def test_a_pipe_differs_in_the_opening_only() -> None:
    """Going back is for readers that look at the first frame; the rest streams."""
    pipe = Pipe()
    frames = patches(4, 3)
    with closing(GifWriter(pipe, frames[0].width, frames[0].height)) as writer:
        for frame in frames:
            writer.write(frame)
    data = written(frames)
    assert len(pipe.getvalue()) == len(data)
    assert sum(a != b for a, b in zip(pipe.getvalue(), data, strict=True)) == 2


def test_what_is_appended_to_a_file_stays_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "some"
    path.write_bytes(b"before")
    frames = patches(4, 3)
    with (
        path.open("ab") as file,
        closing(GifWriter(file, frames[0].width, frames[0].height)) as writer,
    ):
        for frame in frames:
            writer.write(frame)
    data = path.read_bytes()
    assert data.startswith(b"beforeGIF89a")
    assert len(data) == len(written(frames)) + 6


def test_an_index_is_found_where_all_colors_are_used(tmp_path: Path) -> None:
    """Of 256 colors some pixels stay as they are, so the changed ones leave an index."""
    palette = np.random.default_rng(3).integers(1, 256, (256, 3), np.uint8)
    ground = np.arange(256, dtype=np.uint8).reshape(16, 16)
    frames = [IndexedFrame(np.roll(ground, 1, 0), palette, 50.0)]
    frames.append(IndexedFrame(np.roll(ground, 5, 0), palette, 50.0))
    frames[1].indices[:, 8:] = frames[0].indices[:, 8:]
    hole = frames[1].indices.copy()
    hole[2:5, 2:12] = 7
    frames.append(IndexedFrame(hole, palette, 50.0, 7))
    assert_shown(frames, by_pyav(written(frames), tmp_path))


class Half:
    """What some libraries call a file."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> int:
        self.data += data
        return len(data)


def test_something_that_can_only_be_written_to_is_enough() -> None:
    frames, file = patches(4, 3), Half()
    with closing(GifWriter(file, frames[0].width, frames[0].height)) as writer:
        for frame in frames:
            writer.write(frame)
    assert len(file.data) == len(written(frames))


def test_a_file_that_is_compressed_on_the_way_is_not_gone_back_to(tmp_path: Path) -> None:
    frames = patches(4, 3)
    with (
        gzip.open(tmp_path / "out.gz", "wb") as file,
        closing(GifWriter(file, frames[0].width, frames[0].height)) as writer,
    ):
        for frame in frames:
            writer.write(frame)
    data = gzip.decompress((tmp_path / "out.gz").read_bytes())
    assert len(data) == len(written(frames))

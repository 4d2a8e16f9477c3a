"""Opening by content and suffix, and every format through to every other."""

import io
import sys
from pathlib import Path

import numpy as np
import pytest

from clips import DURATIONS, assert_same_pixels, indexed_clip
from corpus import files, needs_corpus
from steadyhue.errors import FormatError, LimitError, OutputError
from steadyhue.formats import Limits, Raster, Timing, open_animation, open_sink
from steadyhue.frame import Frame, IndexedFrame


def write(path: Path | str, frames: list[IndexedFrame], loop: int = 0) -> None:
    with open_sink(path, frames[0].width, frames[0].height, loop=loop) as sink:
        for frame in frames:
            sink.write(frame)


def few_colors(frame: Frame) -> IndexedFrame:
    """Reduce a frame to 27 fixed colors, transparency kept."""
    levels = np.array([0, 128, 255], np.uint8)
    palette = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), -1).reshape(27, 3)
    slots = (frame.colors.astype(int) + 64) // 128 @ [9, 3, 1]
    indices = np.append(slots, 27).astype(np.uint8)[frame.ids]
    return IndexedFrame(
        indices, palette, frame.duration, transparent=27 if frame.has_transparency else None
    )


def test_a_gif_comes_back(tmp_path: Path) -> None:
    frames = indexed_clip()
    write(tmp_path / "out.gif", frames, loop=3)
    clip = open_animation(tmp_path / "out.gif")
    assert (clip.size, clip.loop, clip.n_frames) == ((53, 37), 3, 6)
    assert [frame.duration for frame in assert_same_pixels(frames, clip)] == DURATIONS


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    write(tmp_path / "out.png", indexed_clip())
    (tmp_path / "out.png").rename(tmp_path / "out.gif")
    assert_same_pixels(indexed_clip(), open_animation(tmp_path / "out.gif"))


def test_timing_and_raster_apply_to_gifs(tmp_path: Path) -> None:
    write(tmp_path / "out.gif", indexed_clip())
    clip = open_animation(
        tmp_path / "out.gif",
        timing=Timing(start=20, every=2),
        raster=Raster(height=10, matte=(1, 2, 3)),
    )
    frames = list(clip)
    assert clip.size == (14, 10)
    assert [frame.duration for frame in frames] == [20, 140, 530]
    assert {(frame.width, frame.has_transparency) for frame in frames} == {(14, False)}


class Piped:
    """What `sys.stdin` and `sys.stdout` are when they are pipes."""

    def __init__(self, data: bytes = b"") -> None:
        self.buffer = io.BytesIO(data)

    def isatty(self) -> bool:
        return False


def test_standard_streams_are_read_twice_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = indexed_clip()
    output = Piped()
    monkeypatch.setattr(sys, "stdout", output)
    write("-", frames)
    monkeypatch.setattr(sys, "stdin", Piped(output.buffer.getvalue()))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    clip = open_animation("-")
    assert clip.name == "standard input"
    for _ in range(2):
        assert_same_pixels(frames, clip)
    del clip
    assert not list(tmp_path.iterdir())


def test_a_terminal_gets_no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Piped())
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with pytest.raises(OutputError, match="standard output is a terminal"):
        open_sink("-", 1, 1)


def test_bad_standard_input_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Piped(b"hello"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(FormatError, match="standard input: not a picture"):
        open_animation("-")
    assert not list(tmp_path.iterdir())


def test_unknown_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.gif").write_text("hello")
    (tmp_path / "empty.gif").touch()
    with pytest.raises(FormatError, match=r"notes\.gif: not a picture or video of a known kind"):
        open_animation(tmp_path / "notes.gif")
    with pytest.raises(FormatError, match=r"empty\.gif: the file is empty"):
        open_animation(tmp_path / "empty.gif")
    with pytest.raises(FormatError, match=r"none\.gif: cannot be read: No such file"):
        open_animation(tmp_path / "none.gif")


def test_limits_reach_every_format(tmp_path: Path) -> None:
    for suffix in ("gif", "png", "webp", "npy", "mkv"):
        write(tmp_path / f"out.{suffix}", indexed_clip())
        with pytest.raises(LimitError, match=rf"out\.{suffix}: .* over the limit"):
            open_animation(tmp_path / f"out.{suffix}", limits=Limits(canvas=1000))


@needs_corpus
@pytest.mark.parametrize("suffix", ["gif", "png", "webp", "mkv", "%04d.png"])
@pytest.mark.parametrize(
    "source",
    [*files("flat/*_loading.gif"), *files("flat/pillow_*.gif"), *files("video/*rot90*")],
    ids=lambda path: path.name,
)
def test_real_clips_go_through_every_lossless_format(
    tmp_path: Path, source: Path, suffix: str
) -> None:
    frames = [few_colors(frame) for frame in open_animation(source)]
    target = tmp_path / "out" / suffix if "%" in suffix else tmp_path / f"out.{suffix}"
    write(target, frames)
    read = assert_same_pixels(frames, open_animation(target))
    expected = np.cumsum([frame.duration for frame in frames])
    assert np.cumsum([frame.duration for frame in read]) == pytest.approx(expected, abs=5.1)

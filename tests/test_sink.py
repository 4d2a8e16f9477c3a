import io
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from steadyhue.errors import OutputError
from steadyhue.formats import open_sink
from steadyhue.formats.sink import FileSink
from steadyhue.frame import IndexedFrame

FRAME = IndexedFrame(np.zeros((2, 3), np.uint8), np.zeros((1, 3), np.uint8), 10)


class Letters:
    """A format that writes one letter a frame and a full stop."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def write(self, frame: IndexedFrame) -> None:
        self.file.write(b"x")

    def close(self) -> None:
        self.file.write(b".")


def test_the_target_appears_when_all_is_written(tmp_path: Path) -> None:
    target = tmp_path / "out.x"
    with FileSink(target, Letters) as sink:
        sink.write(FRAME)
        sink.write(FRAME)
        assert not target.exists()
    assert target.read_bytes() == b"xx."
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_interruption_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, error: type[BaseException]
) -> None:
    target = tmp_path / "out.x"
    target.write_text("old")

    def interrupted() -> None:
        with FileSink(target, Letters, force=True) as sink:
            sink.write(FRAME)
            raise error

    with pytest.raises(error):
        interrupted()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_writer_that_cannot_start_leaves_nothing(tmp_path: Path) -> None:
    def refuse(file: BinaryIO) -> Letters:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        FileSink(tmp_path / "out.x", refuse)
    assert not list(tmp_path.iterdir())


def test_existing_files_need_force(tmp_path: Path) -> None:
    target = tmp_path / "out.x"
    target.write_text("old")
    with pytest.raises(OutputError, match="already exists; --force"):
        FileSink(target, Letters)
    with FileSink(target, Letters, force=True) as sink:
        sink.write(FRAME)
    assert target.read_text() == "x."


def test_no_frames_are_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no frames"), FileSink(tmp_path / "out.x", Letters):
        pass
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="its folder does not exist"):
        FileSink(tmp_path / "missing" / "out.x", Letters)


def test_links_are_followed_and_devices_written_in_place(tmp_path: Path) -> None:
    target, link = tmp_path / "real.x", tmp_path / "link.x"
    target.write_text("old")
    link.symlink_to(target)
    with FileSink(link, Letters, force=True) as sink:
        sink.write(FRAME)
    assert link.is_symlink()
    assert target.read_text() == "x."
    with FileSink("/dev/null", Letters) as sink:
        sink.write(FRAME)
    assert Path("/dev/null").is_char_device()


def test_an_open_file_is_written_and_left_open() -> None:
    file = io.BytesIO()
    with FileSink(file, Letters) as sink:
        sink.write(FRAME)
    assert file.getvalue() == b"x."


def test_frames_that_a_format_cannot_hold_are_refused(tmp_path: Path) -> None:
    for suffix, side in (("webp", 16384), ("gif", 65536)):
        with pytest.raises(OutputError, match=rf"out\.{suffix}: a (WebP|GIF) is .* not {side}x1"):
            open_sink(tmp_path / f"out.{suffix}", side, 1)
    with pytest.raises(OutputError, match="no format that can be written has the suffix '.x'"):
        open_sink(tmp_path / "out.x", 1, 1)
    assert not list(tmp_path.iterdir())


def test_a_suffix_that_is_unknown_is_answered_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"\.gif, \.png, .*\.mkv and numbered pictures"):
        open_sink(tmp_path / "out.jpg", 1, 1)
    with pytest.raises(OutputError, match=r"numbered pictures are written as \.png"):
        open_sink(tmp_path / "%d.gif", 1, 1)

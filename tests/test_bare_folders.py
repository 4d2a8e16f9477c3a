"""Where the file system has neither links nor locks, nothing is lost either."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from clips import indexed_clip
from steadyhue.errors import OutputError
from steadyhue.formats import open_animation, open_sink, swap
from steadyhue.formats.replacing import Replacement
from steadyhue.formats.swap import JOURNAL, settle

fcntl = pytest.importorskip("fcntl")

PATIENCE = 0.5  # seconds; the real ones are for runs, not for tests


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refuse)
    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(swap, "PATIENCE", PATIENCE)


def write(target: Path, count: int, *, force: bool = False) -> None:
    with open_sink(target, 53, 37, force=force) as sink:
        for frame in indexed_clip()[:count]:
            sink.write(frame)


def test_files_and_pictures_are_written_and_replaced(tmp_path: Path) -> None:
    for target in (tmp_path / "out.gif", tmp_path / "frames" / "%d.png"):
        write(target, 3)
        write(target, 2, force=True)
        assert len(list(open_animation(target))) == 2
    assert not list(tmp_path.rglob(".steadyhue-*"))


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "out.gif"
    replacement = Replacement(target, "out.gif")
    target.write_text("mine")
    with pytest.raises(OutputError, match=r"out\.gif: was written by another run"):
        replacement.commit()
    replacement.discard()
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


def moving(folder: Path) -> Path:
    """A run between two renames: the old picture is out, the new one not yet in."""
    stage = folder / ".steadyhue-0.partial"
    (stage / "old").mkdir(parents=True)
    (stage / "new").mkdir()
    old = stage / "old" / "1.png"
    old.write_text("old")
    found = old.stat()
    identity = [found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns]
    (stage / JOURNAL).write_text(json.dumps({"old": {"1.png": identity}, "new": {}}))
    return stage


def test_a_run_that_may_be_alive_is_waited_for(tmp_path: Path) -> None:
    stage = moving(tmp_path)
    ended = threading.Timer(PATIENCE / 5, (stage / JOURNAL).unlink)
    ended.start()
    settle(tmp_path)
    ended.join()
    assert (stage / "old" / "1.png").read_text() == "old"  # not ours to undo


def test_a_run_that_does_not_end_is_undone(tmp_path: Path) -> None:
    moving(tmp_path)
    settle(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["1.png"]


def test_two_runs_never_move_files_at_once(tmp_path: Path) -> None:
    sink = open_sink(tmp_path / "%d.png", 53, 37)
    sink.write(indexed_clip()[0])
    stage = moving(tmp_path)
    with pytest.raises(OutputError, match="another run moves files"):
        sink.close()
    sink.discard()
    assert [path.name for path in tmp_path.iterdir()] == [stage.name]


KILLED = """
import os, sys, fcntl
def refuse(*_): raise OSError(95, "Operation not supported")
fcntl.flock = os.link = refuse
sys.argv = sys.argv[1:]
exec(compile(open(sys.argv[0]).read(), sys.argv[0], "exec"))
"""


@pytest.mark.parametrize("number", [14, 18, 20, 22, 26])
def test_killed_among_the_renames_old_or_new_is_there(tmp_path: Path, number: int) -> None:
    clip, target = tmp_path / "clip.gif", tmp_path / "frames" / "%d.png"
    write(clip, 3)
    write(target, 2)
    words = ["quantize", str(clip), "-k", "8", "-o", str(target), "-f"]
    killer = str(Path(__file__).with_name("killed.py"))
    command = [sys.executable, "-c", KILLED, killer, "kill", str(number), str(tmp_path / "count")]
    command += words
    assert subprocess.run(command, capture_output=True, check=False).returncode == 99
    time.sleep(PATIENCE)  # so that its journal is old
    assert len(list(open_animation(target))) in (2, 3)

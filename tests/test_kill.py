"""Killed at any touch of the file system, a run leaves old or new, and the next one succeeds."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from clips import indexed_clip
from steadyhue.cli import main
from steadyhue.formats import open_animation, open_sink
from steadyhue.frame import IndexedFrame

KILLER = Path(__file__).with_name("killed.py")


def write(target: Path, frames: list[IndexedFrame]) -> None:
    with open_sink(target, 53, 37, loop=2) as sink:
        for frame in frames:
            sink.write(frame)


def shown(target: Path) -> list[bytes]:
    return [frame.rgba().tobytes() for frame in open_animation(target)]


def killed(number: int, folder: Path, *arguments: str) -> int | None:
    """Kill a run before touch `number`; return how many touches there were if it ended first."""
    count = folder / "count"
    command = [sys.executable, str(KILLER), "kill", str(number), str(count), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 99:
        return None
    assert done.returncode == 0, done.stderr
    return int(count.read_text())


@pytest.mark.parametrize("target", ["out.gif", "frames/%02d.png"])
def test_killed_anywhere_old_or_new_is_there_and_the_next_run_succeeds(
    tmp_path: Path, target: str
) -> None:
    clip = tmp_path / "clip.gif"
    write(clip, indexed_clip()[:3])
    old = indexed_clip(seed=1)[:2]
    new: list[bytes] = []
    number, total = 0, None
    while total is None:
        folder = tmp_path / str(number)
        (folder / target).parent.mkdir(parents=True)
        write(folder / target, old)
        mine = (folder / target).with_name("mine.txt")
        mine.write_text("mine")
        before = shown(folder / target)
        arguments = ["quantize", str(clip), "-k", "8", "-o", str(folder / target), "--force"]
        total = killed(number, folder, *arguments)
        after = shown(folder / target)
        if total is not None:
            new = after
        assert after == before or len(after) == 3, f"killed at {number}"
        again = CliRunner().invoke(main, arguments)
        assert again.exit_code == 0, f"killed at {number}: {again.output}"
        assert len(shown(folder / target)) == 3
        assert mine.read_text() == "mine"
        number += 1
    assert number > (5 if target == "out.gif" else 40)
    for each in range(number):
        assert shown(tmp_path / str(each) / target) == new


@pytest.mark.parametrize("target", ["out.gif", "frames/%02d.png"])
def test_told_to_end_anywhere_old_or_new_is_there_and_nothing_else(
    tmp_path: Path, target: str
) -> None:
    clip = tmp_path / "clip.gif"
    write(clip, indexed_clip()[:2])
    old = indexed_clip(seed=1)[:1]
    number, code = 0, -1
    while code != 0:
        folder = tmp_path / str(number)
        (folder / target).parent.mkdir(parents=True)
        write(folder / target, old)
        before, names = shown(folder / target), sorted(folder.rglob("*"))
        arguments = ["quantize", str(clip), "-k", "8", "-o", str(folder / target), "--force"]
        command = [sys.executable, str(KILLER), "term", str(number), str(tmp_path / "count")]
        done = subprocess.run([*command, *arguments], capture_output=True)
        code = done.returncode
        assert code in (0, 128 + signal.SIGTERM), f"told to at {number}: {done.stderr!r}"
        assert not done.stderr, f"told to at {number}"
        after = shown(folder / target)
        assert after == before or len(after) == 2, f"told to at {number}"
        if after == before:
            assert sorted(folder.rglob("*")) == names, f"told to at {number}"
        assert not list(folder.rglob(".steadyhue-*")), f"told to at {number}"
        number += 1
    assert number > (5 if target == "out.gif" else 30)


def test_killed_anywhere_a_run_over_many_goes_on_where_it_was(tmp_path: Path) -> None:
    clips = [tmp_path / "a.gif", tmp_path / "b.gif"]
    for seed, clip in enumerate(clips):
        write(clip, indexed_clip(seed=seed)[:1])
    number, total = 0, None
    while total is None:
        out = tmp_path / str(number)
        out.mkdir()
        words = ["quantize", *map(str, clips), "-o", str(out), "-k"]
        assert CliRunner().invoke(main, [*words, "4"]).exit_code == 0
        total = killed(number, tmp_path, *words, "5")  # other options: all is made again
        again = CliRunner().invoke(main, [*words, "5"])
        assert again.exit_code == 0, f"killed at {number}: {again.output}"
        last = CliRunner().invoke(main, [*words, "5"])
        assert last.output.startswith("2 kept"), f"killed at {number}: {last.output}"
        number += 1
    assert number > 15

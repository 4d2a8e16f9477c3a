"""What is written never costs anything that was there."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import steadyhue as sh
from clips import indexed_clip
from steadyhue import api
from steadyhue.cli import main
from steadyhue.errors import OutputError
from steadyhue.formats import open_animation, open_sink
from steadyhue.formats.outputs import check_outputs
from steadyhue.formats.replacing import Replacement, write_whole
from steadyhue.formats.swap import JOURNAL, settle
from steadyhue.unfinished import UNFINISHED, discard_unfinished


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def sentence(result: Result) -> str:
    assert result.exit_code in (1, 2), result.output
    assert "Traceback" not in result.output
    return result.output.splitlines()[-1]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.gif"
    with open_sink(path, 53, 37) as sink:
        for frame in indexed_clip()[:3]:
            sink.write(frame)
    return path


@pytest.fixture(autouse=True)
def nothing_unfinished() -> Iterator[None]:
    yield
    assert UNFINISHED == []


def test_names_beside_are_never_followed_and_folders_of_the_user_never_emptied(
    clip: Path, tmp_path: Path
) -> None:
    victim, frames = tmp_path / "victim", tmp_path / "frames"
    (victim / "sub").mkdir(parents=True)
    (victim / "bashrc").write_text("x")
    frames.mkdir()
    (frames / ".partial").symlink_to(victim)
    (tmp_path / ".out.gif.partial").symlink_to(victim / "bashrc")
    assert run("quantize", clip, "-o", frames / "%04d.png").exit_code == 0
    assert run("quantize", clip, "-o", tmp_path / "out.gif").exit_code == 0
    assert (victim / "bashrc").read_text() == "x"
    assert (victim / "sub").is_dir()


def test_a_name_beside_that_is_taken_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").write_text("x")
    monkeypatch.setattr("os.urandom", bytes)
    (tmp_path / f".steadyhue-{'0' * 16}.partial").symlink_to(tmp_path / "mine")
    with pytest.raises(OutputError, match="File exists"):
        Replacement(tmp_path / "out", "out")
    assert (tmp_path / "mine").read_text() == "x"


@pytest.mark.parametrize("force", [False, True])
def test_two_runs_to_one_target_leave_one_whole_result(tmp_path: Path, force: bool) -> None:
    for target in (tmp_path / "out.gif", tmp_path / "frames" / "%d.png"):
        first, second = indexed_clip(), indexed_clip(seed=1)[:4]
        if force:
            with open_sink(target, 53, 37) as sink:
                sink.write(first[0])
        late = open_sink(target, 53, 37, force=force)
        with open_sink(target, 53, 37, force=force) as sink:
            for frame in second:
                late.write(frame)
                sink.write(frame)
        with pytest.raises(OutputError, match=r"another run meanwhile"), late:
            late.write(first[0])
        assert open_animation(target).n_frames == 4
        assert not list(target.parent.glob(".*"))


def test_mode_and_owner_stay_and_new_files_follow_the_umask(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("old")
    old.chmod(0o640)
    before = os.umask(0o027)
    try:
        write_whole(new, b"new")
        os.umask(0)
        write_whole(old, b"new", force=True)
    finally:
        os.umask(before)
    assert stat.S_IMODE(new.stat().st_mode) == 0o640
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    if os.geteuid() == 0:
        os.chown(old, 1234, 2345)
        write_whole(old, b"newer", force=True)
        assert (old.stat().st_uid, old.stat().st_gid) == (1234, 2345)


def test_a_device_is_written_in_place_whole_or_not() -> None:
    write_whole(Path("/dev/null"), b"x")
    assert Path("/dev/null").is_char_device()


def test_a_full_disk_is_told_with_the_name(clip: Path, tmp_path: Path) -> None:
    full = tmp_path / "full.gif"
    full.symlink_to("/dev/full")
    said = sentence(run("quantize", clip, "-o", full))
    assert said == f"Error: {full}: No space left on device"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-o", "o.gif", "--report", "o.gif"], "asked for twice"),
        (["-o", "o.gif", "--report", "./sub/../o.gif"], "asked for twice"),
        (["-o", "o.gif", "--report", "r.json", "--save-palette", "r.json"], "asked for twice"),
        (["-o", "o.gif", "--save-labels", "link.npz", "--report", "l.npz"], "asked for twice"),
        (["-o", "clip.gif", "-f"], "is read, too"),
        (["-o", "o.gif", "--report", "clip.gif", "-f"], "is read, too"),
        (["-o", "hard.gif", "-f"], "is read, too"),
        (["-o", "o.gif", "--palette", "p.hex", "--report", "p.hex", "-f"], "is read, too"),
        (["-o", "o.gif", "--report", "none/r.json"], "its folder does not exist"),
        (["-o", "o.gif", "--report", "old.json"], "already exists; --force"),
        (["-o", "sub/%d.png", "--report", "sub/animation.json"], "one of the pictures"),
        (["-o", "sub/%d.png", "--report", "sub/2.png"], "one of the pictures"),
        (["-o", "x%d%d.png"], "one number in the name"),
        (["-o", "x%99999999d.png"], "at most 20 digits"),
        (["-o", "x%d.gif"], "written as .png"),
        (["-o", "x.jpg"], "there are .gif, .png"),
        (["-o", "sub"], "sub/clip.gif"),
        (
            ["-o", "there/%d.png"],
            "animation.json: already exists; --force (force=True in Python) replaces it",
        ),
        (["-o", "way/%d.png", "-f"], "3.png: is in the way, and is not a file"),
    ],
)
def test_bad_outputs_are_refused_before_any_work(
    clip: Path, options: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clip.parent)
    for folder in ("sub", "there", "way/3.png"):
        Path(folder).mkdir(parents=True)
    Path("there/animation.json").write_text("mine")
    Path("sub/clip.gif").write_text("mine")
    Path("old.json").write_text("mine")
    Path("p.hex").write_text("ff0000")
    Path("link.npz").symlink_to("l.npz")
    os.link("clip.gif", "hard.gif")
    monkeypatch.setattr("steadyhue.result.Pass.__iter__", lambda _: pytest.fail("work has begun"))
    before = {path: path.is_file() and path.read_bytes() for path in Path().rglob("*")}
    result = run("quantize", "clip.gif", *options)
    assert result.exit_code in (1, 2)
    assert said in result.output
    after = {path: path.is_file() and path.read_bytes() for path in Path().rglob("*")}
    after.pop(Path("sub/.steadyhue.json"), None)
    assert after == before


def test_an_unwritable_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(OutputError, match="may not be written to"):
        check_outputs([tmp_path / "o.gif"])


def test_other_percent_signs_stand_for_themselves(clip: Path, tmp_path: Path) -> None:
    assert run("quantize", clip, "-o", tmp_path / "100%_%d.png").exit_code == 0
    assert (tmp_path / "100%_3.png").is_file()


def test_pictures_that_the_pattern_does_not_make_are_left(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "1.png").write_text("mine")
    assert run("quantize", clip, "-o", tmp_path / "%04d.png", "-f").exit_code == 0
    assert (tmp_path / "1.png").read_text() == "mine"


def test_the_pictures_that_are_read_are_not_written_over(clip: Path, tmp_path: Path) -> None:
    pattern = tmp_path / "frames" / "%d.png"
    run("quantize", clip, "-o", pattern)
    for source in (pattern, pattern.parent, pattern.parent / "*.png"):
        assert "is read, too" in sentence(run("quantize", source, "-o", pattern, "-f"))


def test_a_map_and_a_table_are_replaced_only_by_force(clip: Path, tmp_path: Path) -> None:
    out, saved = tmp_path / "out.gif", tmp_path / "map.json"
    saved.write_text("edited by hand")
    words = ("transfer", clip, "--from", "f00,0f0", "-o", out)
    assert "already exists; --force" in sentence(run(*words, "--map", saved))
    assert saved.read_text() == "edited by hand"
    other = tmp_path / "s.gif"
    other.write_bytes(clip.read_bytes())
    words = ("transfer", clip, "--from", other, "-o", out, "-f")
    assert "is read, too" in sentence(run(*words, "--map", other))
    assert "is read, too" in sentence(run(*words, "--save-lut", clip))
    assert "does not exist" in sentence(run(*words, "--save-lut", tmp_path / "no" / "x.cube"))
    assert not out.exists()


def test_demo_compare_and_palette_write_over_nothing(clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    mine = folder / "clip-seeded-4.gif"
    mine.write_text("mine")
    assert "already exists" in sentence(run("demo", clip, "-o", folder))
    assert "choose another folder" in sentence(run("demo", clip, "-o", tmp_path, "-f"))
    assert mine.read_text() == "mine"
    for command in ("compare", "palette"):
        link = tmp_path / "link.png"
        link.unlink(missing_ok=True)
        os.link(clip, link)
        assert "is read, too" in sentence(run(command, clip, "-o", link, "-f"))


def test_saving_over_the_source_is_refused_in_python_too(clip: Path) -> None:
    with pytest.raises(OutputError, match="is read"):
        api.quantize(clip, 4).save(clip, force=True)
    labels = clip.with_name("labels.npz")
    api.quantize(clip, 4).save(clip.with_name("o.gif"), labels=labels)
    labels.with_name("link.gif").symlink_to(labels)
    with pytest.raises(OutputError, match="twice"):
        api.quantize(clip, 4).save(labels.with_name("link.gif"), labels=labels, force=True)


@pytest.mark.parametrize("name", ["a\0b.gif", "x" * 300 + ".gif", "\ud800.gif", ""])
def test_names_that_no_file_can_have_are_refused_in_one_sentence(clip: Path, name: str) -> None:
    with pytest.raises(OutputError, match="^[^\n]+$"):
        api.quantize(clip, 4).save(name)
    with pytest.raises(sh.SteadyhueError, match="^[^\n]+$"):
        sh.open(name)


@pytest.mark.parametrize("thing", [3, None, [], b"o.gif", StringIO(), object()])
def test_what_takes_no_bytes_is_no_output(clip: Path, thing: object) -> None:
    with pytest.raises(sh.OptionError, match="open in mode 'wb'|open it in mode 'wb'"):
        api.quantize(clip, 4).save(thing)


def test_files_that_cannot_be_written_to_are_refused_before_any_work(
    clip: Path, tmp_path: Path
) -> None:
    with (tmp_path / "o.gif").open("wb") as closed:
        pass
    with pytest.raises(sh.OptionError, match="o.gif: is closed"):
        api.quantize(clip, 4).save(closed)
    with clip.open("rb") as file, pytest.raises(sh.OptionError, match="not open for writing"):
        api.quantize(clip, 4).save(file)


def test_slots_of_pixels_have_one_suffix(clip: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="written as .npz"):
        api.quantize(clip, 4).save(tmp_path / "o.gif", labels=tmp_path / "o.txt")
    assert not (tmp_path / "o.gif").exists()
    none = tmp_path / "none.gif"
    said = sentence(run("quantize", none, "-o", "o.gif", "--save-labels", "o.txt"))
    assert "written as .npz" in said


def test_what_is_unfinished_can_be_put_down_at_any_time(tmp_path: Path) -> None:
    for target in (tmp_path / "out.gif", tmp_path / "frames" / "%d.png"):
        sink = open_sink(target, 53, 37)
        sink.write(indexed_clip()[0])
    discard_unfinished()
    assert list(tmp_path.rglob("*")) == []
    assert len(UNFINISHED) == 2  # a thread in the midst of making one may come after that
    UNFINISHED.clear()


def test_a_journal_that_fits_nothing_moves_nothing(tmp_path: Path) -> None:
    stage = tmp_path / ".steadyhue-0.partial"
    (stage / "old").mkdir(parents=True)
    (stage / "new").mkdir()
    mine = tmp_path / "1.png"
    mine.write_text("mine")
    (stage / "old" / "2.png").write_text("old")
    for names in ({"1.png": [1, 2, 3, 4]}, {"../x": [1, 2, 3, 4]}, {"1.png": "nonsense"}, 7):
        (stage / JOURNAL).write_text(json.dumps({"old": {"2.png": [1, 2, 3, 4]}, "new": names}))
        settle(tmp_path)
        assert mine.read_text() == "mine"
        assert (stage / "old" / "2.png").read_text() == "old"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("quantize clip.gif -o - >&-", 1),
        ("quantize - -o o.gif <&-", 1),
        ("quantize clip.gif -o o.gif 2>&-", 0),
        ("quantize none.gif -o o.gif 2>&-", 1),
        ("quantize --bad 2>&-", 2),
        ("quantize clip.gif -o o.gif <&- >&- 2>&-", 0),
    ],
)
def test_closed_streams_get_no_traceback(clip: Path, words: str, code: int) -> None:
    command = f"{sys.executable} -m steadyhue {words}"
    done = subprocess.run(
        command, shell=True, cwd=clip.parent, capture_output=True, stdin=subprocess.DEVNULL
    )
    assert done.returncode == code, done.stderr
    assert done.stderr.count(b"\n") <= 1
    if code == 0:
        assert open_animation(clip.with_name("o.gif")).n_frames == 3

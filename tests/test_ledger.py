"""A run goes on where it was by what made each output, not by times."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clips import indexed_clip
from steadyhue.batches.ledger import NAME, Ledger, state_of
from steadyhue.cli import main
from steadyhue.formats import open_animation, open_sink

WHY = "made from the same inputs with the same options; --force makes them anew"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["quantize", *map(str, arguments)])


def clip(path: Path, seed: int = 0) -> Path:
    path.parent.mkdir(exist_ok=True)
    with open_sink(path, 53, 37, force=True) as sink:
        for frame in indexed_clip(seed=seed)[:3]:
            sink.write(frame)
    return path


@pytest.fixture
def clips(tmp_path: Path) -> list[Path]:
    return [clip(tmp_path / "in" / f"{name}.gif", seed) for seed, name in enumerate("abc")]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def contents(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.glob("[!.]*")}


def test_what_was_made_in_the_same_way_is_kept(clips: list[Path], out: Path) -> None:
    assert run(*clips, "-k", 4, "-o", out).output == ""
    os.utime(clips[0], (2e9, 2e9))  # newer, and the same
    assert run(*clips, "-k", 4, "-o", out).output == f"3 kept: {WHY}\n"
    assert run(*clips, "-k", 4, "-o", out, "-f").output == ""


@pytest.mark.parametrize("other", [["-k", "5"], ["--seed", "1"], ["--every", "2"], ["-W", "20"]])
def test_other_options_make_it_again(clips: list[Path], out: Path, other: list[str]) -> None:
    run(*clips, "-k", 4, "-o", out)
    before = {path: path.stat().st_mtime_ns for path in out.glob("*.gif")}
    assert run(*clips, "-k", 4, *other, "-o", out).output == ""
    assert all(path.stat().st_mtime_ns != at for path, at in before.items())


def test_a_replaced_input_makes_it_again_though_it_be_older(clips: list[Path], out: Path) -> None:
    run(*clips, "-k", 4, "-o", out)
    before = contents(out)
    os.utime(clips[1], (1e9, 1e9))
    shutil.copy2(clips[1], clips[0])
    assert run(*clips, "-k", 4, "-o", out).output == f"2 kept: {WHY}\n"
    assert contents(out)["a.gif"] != before["a.gif"]


def test_what_is_not_ours_is_never_overwritten(clips: list[Path], out: Path) -> None:
    run(*clips, "-k", 4, "-o", out)
    (out / "a.gif").write_bytes(b"")
    (out / "b.gif").write_text("edited")
    result = run(*clips, "-k", 5, "-o", out)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{out}/a.gif: was changed since it was made; --force (force=True in Python) replaces it",
        f"{out}/b.gif: was changed since it was made; --force (force=True in Python) replaces it",
        "Error: 2 of 3 inputs failed",
    ]
    assert (out / "b.gif").read_text() == "edited"
    shutil.rmtree(out / NAME)
    result = run(*clips, "-k", 5, "-o", out)
    assert result.output.count("already exists, and no record tells what made it; --force") == 3
    assert run(*clips, "-k", 5, "-o", out, "-f").exit_code == 0
    assert run(*clips, "-k", 5, "-o", out).output == f"3 kept: {WHY}\n"


def test_the_output_of_another_input_is_not_overwritten(clips: list[Path], out: Path) -> None:
    run(*clips, "-o", out)
    other = clip(clips[0].parent.parent / "other" / "a.gif", 7)
    result = run(other, "-o", out)
    assert result.exit_code == 1
    assert f"a.gif: was made from {clips[0]}" in result.output


def test_an_output_that_is_gone_is_made_again(clips: list[Path], out: Path) -> None:
    run(*clips, "-o", out)
    (out / "b.gif").unlink()
    assert run(*clips, "-o", out).output == f"2 kept: {WHY}\n"


@pytest.mark.parametrize("text", ["", "[" * 10**4, "{}", '{"version": 1, "target": 3}', "3"])
def test_a_broken_record_is_no_record(clips: list[Path], out: Path, text: str) -> None:
    run(*clips, "-o", out)
    for record in (out / NAME).rglob("*.json"):
        record.write_text(text)
    result = run(*clips, "-o", out)
    assert (result.exit_code, "Traceback" in result.output) == (1, False)
    assert result.output.count("no record tells what made it") == 3


def entered(ledger: Ledger, clip: Path, out: Path, output: list[int] | None) -> None:
    told = {"key": "x", "output": output, "replaces": state_of(str(out / clip.name))}
    ledger.enter(str(clip), str(out / clip.name), told)


def test_outputs_that_were_entered_when_it_was_killed_are_made_again(
    clips: list[Path], out: Path
) -> None:
    run(clips[0], "-o", f"{out}/")
    before = contents(out)
    ledger = Ledger(str(out / NAME), str(out))
    entered(ledger, clips[0], out, [1, 2])  # another one was about to replace it
    entered(ledger, clips[1], out, [3, 4])  # it was about to be there
    (out / "c.gif").write_text("mine")
    ledger.enter(
        str(clips[2]), str(out / "c.gif"), {"key": "x", "output": [5, 6], "replaces": None}
    )
    result = run(*clips, "-o", out)
    assert result.output.startswith(f"{out}/c.gif: was changed since it was made")
    assert contents(out)["a.gif"] == before["a.gif"]
    assert open_animation(out / "b.gif").n_frames == 3
    assert (out / "c.gif").read_text() == "mine"


def test_many_runs_enter_their_outputs_side_by_side(clips: list[Path], out: Path) -> None:
    with ThreadPoolExecutor() as pool:
        assert not [r for r in pool.map(lambda path: run_apart(path, out), clips) if r]
    records = list(Ledger(str(out / NAME), str(out)).records())
    assert sorted(record["target"] for record in records) == ["a.gif", "b.gif", "c.gif"]
    assert run(*clips, "-o", out).output == f"3 kept: {WHY}\n"


def run_apart(path: Path, out: Path) -> int:
    command = [sys.executable, "-m", "steadyhue", "quantize", str(path), "-o", f"{out}/"]
    return subprocess.run(command, check=False).returncode


def test_the_folder_of_the_inputs_is_refused_as_output(clips: list[Path]) -> None:
    folder = clips[0].parent
    before = contents(folder)
    for inputs in (clips, [folder]):
        for force in ([], ["-f"]):
            result = run(*inputs, "-o", folder, *force)
            assert result.exit_code in (1, 2)
            assert "is read, too" in result.output or "would be inputs" in result.output
    assert contents(folder) == before
    assert not (folder / NAME).exists()


def test_a_folder_of_clips_is_many_inputs_in_any_format(clips: list[Path], out: Path) -> None:
    assert run(clips[0].parent, "-o", out, "--format", "webp").exit_code == 0
    assert sorted(contents(out)) == ["a.webp", "b.webp", "c.webp"]
    pattern = clips[0].parent / "[ab].gif"
    assert run(pattern, "-o", out / "sub").exit_code == 0
    assert sorted(contents(out / "sub")) == ["a.gif", "b.gif"]
    assert "several inputs need a folder" in run(clips[0].parent, "-o", out / "x.gif").output


def test_a_folder_of_pictures_is_one_animation_and_a_mixture_is_asked_about(
    clips: list[Path], out: Path
) -> None:
    frames = out / "frames"
    out.mkdir()
    run(clips[0], "-o", frames / "%d.png")
    assert run(frames, "-o", out / "one.gif").exit_code == 0
    assert open_animation(out / "one.gif").n_frames == 3
    shutil.copy(clips[0], frames)
    result = run(frames, "-o", out / "two.gif")
    assert result.exit_code == 2
    assert "has clips (a.gif) and pictures (1.png); say which" in result.output
    for picture in frames.glob("*.png"):
        picture.rename(picture.with_suffix(".tiff"))
    result = run(frames, "-o", out / "two.gif")
    assert result.exit_code == 2
    assert "has clips (a.gif) and pictures (1.tiff); say which" in result.output


def test_a_format_needs_a_folder(clips: list[Path], out: Path) -> None:
    result = run(clips[0], "-o", out.with_suffix(".gif"), "--format", "webp")
    assert (result.exit_code, "is for a folder" in result.output) == (2, True)


def test_a_link_by_the_name_of_the_ledger_is_not_followed(clips: list[Path], out: Path) -> None:
    out.mkdir()
    mine = out.parent / "mine"
    mine.mkdir()
    (out / NAME).symlink_to(mine)
    result = run(*clips, "-o", out)
    assert result.exit_code == 1
    assert "is a link, and a ledger follows none" in result.output
    assert (list(mine.iterdir()), contents(out)) == ([], {})


def test_a_disk_that_fills_up_costs_nothing_that_is_there(
    clips: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*clips, "-k", 4, "-o", out)
    before = contents(out)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        result = run(*clips, "-k", 5, "-o", out)
    assert (result.exit_code, "No space left on device" in result.output) == (1, True)
    assert contents(out) == before
    assert run(*clips, "-k", 4, "-o", out).output == f"3 kept: {WHY}\n"

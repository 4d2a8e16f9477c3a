"""``steadyhue batch``: trees of clips in parts, resumed, and told of."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import steadyhue as sh
from clips import indexed_clip
from cluster import children_of
from steadyhue.batches.ledger import NAME, Ledger
from steadyhue.batches.targets import pairs, parse_slice, sliced
from steadyhue.cli import main
from steadyhue.formats import open_sink


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["batch", *map(str, arguments)])


def clip(path: Path, seed: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open_sink(path, 53, 37, force=True) as sink:
        for frame in indexed_clip(seed=seed)[:3]:
            sink.write(frame)
    return path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Six clips in a tree of folders."""
    names = ("a.gif", "b.gif", "cats/a.gif", "cats/b.png", "cats/deep/a.gif", "dogs/a.gif")
    for seed, name in enumerate(names):
        clip(tmp_path / "in" / name, seed)
    (tmp_path / "in" / "cats" / "b.png").rename(tmp_path / "in" / "cats" / "b.apng")
    return tmp_path / "in"


def made(out: Path) -> dict[str, bytes]:
    files = (path for path in out.rglob("*.gif"))
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


def records(out: Path) -> dict[str, dict[str, Any]]:
    return {record["target"]: record for record in Ledger(str(out / NAME), str(out)).records()}


NAMES = ["a.gif", "b.gif", "cats/a.gif", "cats/b.gif", "cats/deep/a.gif", "dogs/a.gif"]


def test_outputs_keep_the_tree_of_the_inputs(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(tree, "-o", out, "-k", 4)
    assert result.exit_code == 0, result.output
    assert sorted(made(out)) == NAMES
    told = json.loads(result.output.splitlines()[-1])
    assert (told["files"], told["made"], told["failed"], told["frames"]) == (6, 6, 0, 18)
    again = run(tree, "-o", out, "-k", 4)
    assert json.loads(again.output.splitlines()[0])["kept"] == 6


def test_slices_make_together_what_one_run_makes(tree: Path, tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert run(tree, "-o", whole, "-k", 4, "-j", 1).exit_code == 0
    for number in (1, 2, 3):
        assert run(tree, "-o", parts, "-k", 4, "-j", 1, "--slice", f"{number}/3").exit_code == 0
    assert made(parts) == made(whole)


def test_every_input_is_in_exactly_one_slice() -> None:
    whole = [(f"in/{number}.gif", f"out/{number}.gif") for number in range(1000)]
    parts = [sliced(whole, "out", (number, 7)) for number in range(1, 8)]
    assert sorted(pair for part in parts for pair in part) == sorted(whole)
    assert all(100 < len(part) < 190 for part in parts)
    moved = [(source, target.replace("out/", "elsewhere/")) for source, target in whole]
    assert [source for source, _ in sliced(moved, "elsewhere", (2, 7))] == [
        source for source, _ in parts[1]
    ]


@pytest.mark.parametrize("text", ["", "1", "0/3", "4/3", "a/b", "1/3/3", "-1/3", "1/0"])
def test_what_is_no_slice_is_refused(text: str) -> None:
    with pytest.raises(sh.OptionError, match="is no slice"):
        parse_slice(text)


def test_names_that_would_meet_keep_their_suffix() -> None:
    inputs = ["x/a.gif", "x/a.mp4", "y/a.gif"]
    assert [target for _, target in pairs(inputs, "o", ".gif")] == [
        *("o/x/a.gif.gif", "o/x/a.mp4.gif", "o/y/a.gif"),
    ]
    with pytest.raises(sh.OptionError, match="would have the same output"):
        pairs(["a.gif", "./a.gif"], "o", ".gif")


def test_only_what_is_changed_is_made_again(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(tree, "-o", out, "-k", 4)
    before = {name: (out / name).stat().st_mtime_ns for name in made(out)}
    clip(tree / "b.gif", 77)
    (out / "dogs" / "a.gif").unlink()
    assert run(tree, "-o", out, "-k", 4).exit_code == 0
    changed = [n for n, at in before.items() if (out / n).stat().st_mtime_ns != at]
    assert sorted(changed) == ["b.gif", "dogs/a.gif"]
    assert run(tree, "-o", out, "-k", 5).exit_code == 0
    assert all((out / name).stat().st_mtime_ns != at for name, at in before.items())


def test_a_dry_run_tells_and_does_nothing(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(tree, "-o", out, "--dry-run")
    assert result.output.splitlines()[-1] == "6 to make, 0 kept, 0 refused"
    assert not out.exists()
    run(tree, "-o", out)
    (out / "a.gif").write_text("mine")
    clip(tree / "new.gif", 9)
    result = run(tree, "-o", out, "--dry-run")
    assert result.output.splitlines()[-1] == "1 to make, 5 kept, 1 refused"
    assert f"to make: {tree}/new.gif -> {out}/new.gif" in result.output


def test_what_failed_is_listed_with_its_reason(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tree / "bad.gif").write_text("hello")
    (tree / "cut.gif").write_bytes((tree / "a.gif").read_bytes()[:30])
    result = run(tree, "-o", out)
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == "Error: 2 of 8 inputs failed"
    errors = out / NAME / "errors.jsonl"
    told = [json.loads(line) for line in errors.read_text().splitlines()]
    assert [Path(each["source"]).name for each in told] == ["bad.gif", "cut.gif"]
    assert all(each["error"].startswith(each["source"]) and each["tries"] == 1 for each in told)
    (tree / "bad.gif").unlink()
    (tree / "cut.gif").unlink()
    assert run(tree, "-o", out).exit_code == 0
    assert not errors.exists()


def test_a_list_names_inputs_and_a_ledger_may_be_elsewhere(tree: Path, tmp_path: Path) -> None:
    listed, out, ledger = tmp_path / "list.txt", tmp_path / "out", tmp_path / "ledger"
    listed.write_text(f"{tree}/a.gif\n{tree}/cats/a.gif\n")
    assert run(f"@{listed}", "-o", out, "--run", ledger).exit_code == 0
    assert sorted(made(out)) == ["a.gif", "cats/a.gif"]
    assert not (out / NAME).exists()
    assert run(f"@{listed}", "-o", out, "--run", ledger).exit_code == 0
    assert run(f"@{listed}", "-o", out).exit_code == 1  # without it, nobody knows whose they are


def test_a_transfer_is_made_of_each(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(tree, "--from", "#204060,#a0c0e0", "-k", 2, "-o", out)
    assert result.exit_code == 0, result.output
    frame = next(iter(sh.open(out / "a.gif")))
    shown = {tuple(color) for color in frame.colors[frame.weights > 0].tolist()}
    assert shown <= {(0x20, 0x40, 0x60), (0xA0, 0xC0, 0xE0)}
    with open_sink(tmp_path / "one.gif", 53, 37) as sink:
        for shown_frame in sh.transfer(tree / "a.gif", "#204060,#a0c0e0", 2):
            sink.write(shown_frame)
    assert (tmp_path / "one.gif").read_bytes() == (out / "a.gif").read_bytes()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--smooth"], "need --from"),
        (["--from", "red,blue", "--palette", "red,blue"], "no effect beside --from"),
        (["--scheduler", "tcp://x:1"], "needs engine 'dask'"),
        (["--slice", "3/2"], "is no slice"),
        (["--steadiness", "0.2", "--mode", "seeded"], "no effect"),
    ],
)
def test_wrong_options_are_refused_before_any_work(
    tree: Path, tmp_path: Path, options: list[str], said: str
) -> None:
    result = run(tree, "-o", tmp_path / "out", *options)
    assert (result.exit_code, said in result.output) == (2, True), result.output
    assert not (tmp_path / "out").exists()


def test_outputs_within_the_inputs_are_refused(tree: Path) -> None:
    for out in (tree, tree / "out"):
        result = run(tree, "-o", out)
        assert (result.exit_code, "outputs would be inputs" in result.output) == (2, True)


def test_in_python_outcomes_come_one_by_one(tree: Path, tmp_path: Path) -> None:
    (tree / "bad.gif").write_text("hello")
    inputs = sorted(tree.glob("*.gif"))
    outcomes = list(sh.batch(inputs, tmp_path / "out", 4, jobs=1, every=2))
    assert sorted((Path(o.target).name, o.frames, bool(o.error)) for o in outcomes) == [
        *(("a.gif", 2, False), ("b.gif", 2, False), ("bad.gif", 0, True)),
    ]
    sh.quantize(sh.open(inputs[0], every=2), 4).save(tmp_path / "one.gif")
    assert (tmp_path / "one.gif").read_bytes() == (tmp_path / "out" / "a.gif").read_bytes()
    kept = [outcome.kept for outcome in sh.batch(inputs[:2], tmp_path / "out", 4, every=2)]
    assert kept == [True, True]


def test_in_python_options_of_reading_mean_what_they_do_to_open(tree: Path, tmp_path: Path) -> None:
    source = sorted(tree.glob("*.gif"))[0]
    reading = {"matte": "tomato", "duration": "0.2", "width": 9}
    (outcome,) = sh.batch([source], tmp_path / "out", 4, jobs=1, **reading)
    sh.quantize(sh.open(source, **reading), 4).save(tmp_path / "one.gif")
    assert (tmp_path / "one.gif").read_bytes() == Path(outcome.target).read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        {"colours": 3},
        {"smooth": True},
        {"tries": 0},
        {"tries": "many"},
        {"chunk": "long"},
        {"timeout": -1},
        {"engine": "ray"},
        {"slice": "2"},
        {"chunk": 1.0, "run": "memory://ledger"},
        {"duration": "soon"},
        {"matte": "nocolor"},
        {"limits": 3},
        {"reference": "red,blue", "steadiness": 0.1},
    ],
    ids=str,
)
def test_in_python_options_are_checked_at_the_call(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(sh.OptionError):
        sh.batch([tmp_path / "x.gif"], tmp_path / "out", **options)


@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="the system does not list processes so"
)
def test_a_worker_that_is_killed_costs_nothing_but_its_work(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for number in range(4):
        np.save(tmp_path / f"{number}.npy", rng.integers(0, 256, (12, 90, 120, 3), dtype=np.uint8))
    inputs = sorted(map(str, tmp_path.glob("*.npy")))
    out = tmp_path / "out"
    command = [sys.executable, "-m", "steadyhue", "batch", *inputs, "-k", "16", "-o", str(out)]
    with subprocess.Popen([*command, "-j", "2"], stderr=subprocess.PIPE) as process:
        until = time.monotonic() + 60
        while not list(out.glob("*.partial")) and time.monotonic() < until:
            time.sleep(0.01)
        for worker in children_of(process.pid)[:1]:
            os.kill(worker, signal.SIGKILL)
        _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert len(records(out)) == len(list(out.glob("*.gif"))) == 4

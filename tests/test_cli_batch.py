import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from attentive import attentive
from clips import indexed_clip
from steadyhue import cli
from steadyhue.formats import open_animation, open_sink


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five clips of several formats, two of them broken."""
    frames = indexed_clip()
    for name in ("a.gif", "b.png", "c.webp", "d.npy", "cut.gif"):
        with open_sink(tmp_path / name, 53, 37) as sink:
            for frame in frames:
                sink.write(frame)
    (tmp_path / "cut.gif").write_bytes((tmp_path / "cut.gif").read_bytes()[:40])
    (tmp_path / "text.gif").write_text("hello")
    return tmp_path


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_summary_names_what_failed_and_why(folder: Path, jobs: int) -> None:
    out = folder / "out"
    inputs = sorted(str(path) for path in folder.iterdir())
    command = ["quantize", *inputs, "-k", "4", "-o", str(out), "--jobs", str(jobs)]
    result = CliRunner().invoke(cli.main, command)
    assert result.exit_code == 1
    assert sorted(path.name for path in out.glob("*.gif")) == ["a.gif", "b.gif", "c.gif", "d.gif"]
    assert open_animation(out / "c.gif").n_frames == 6
    lines = result.output.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        str(folder / "cut.gif"),
        str(folder / "text.gif"),
        "Error",
    ]
    assert lines[-1] == "Error: 2 of 6 inputs failed"
    again = CliRunner().invoke(cli.main, command)
    assert again.output.startswith("4 kept: made from the same inputs with the same options")


def test_inputs_that_differ_in_suffix_only_get_different_outputs(folder: Path) -> None:
    for suffix in ("gif", "png"):
        (folder / f"x.{suffix}").write_bytes((folder / "a.gif").read_bytes())
    inputs = [str(folder / name) for name in ("x.gif", "x.png", "a.gif")]
    command = ["quantize", *inputs, "-o", str(folder / "out")]
    assert CliRunner().invoke(cli.main, command).exit_code == 0
    names = sorted(path.name for path in (folder / "out").glob("*.gif"))
    assert names == ["a.gif", "x.gif.gif", "x.png.gif"]


def wait_for_orphans(group: int) -> None:
    """Wait until all processes of a group are gone."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise TimeoutError("processes of a run that has ended go on")


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    "end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda end: end.name
)
def test_a_run_that_is_stopped_leaves_nothing_partial_and_goes_on(
    tmp_path: Path, jobs: str, end: signal.Signals
) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (12, 80, 120, 3), dtype=np.uint8)
    inputs = [str(tmp_path / f"{number}.npy") for number in range(6)]
    for path in inputs[:5]:
        np.save(path, noise)
    np.save(inputs[5], np.tile(noise, (100, 1, 1, 1)))  # takes longer than the test
    out = tmp_path / "out"
    command = [sys.executable, "-m", "steadyhue", "quantize", *inputs, "-k", "16"]
    command += ["-o", str(out), "--jobs", jobs]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, preexec_fn=attentive, start_new_session=True
    ) as process:
        while not list(out.glob("[0-9]*")) and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(end)
        told = time.monotonic()
        _, message = process.communicate(timeout=60)
        took = time.monotonic() - told
    wait_for_orphans(process.pid)
    done = {path.name: path.stat().st_mtime_ns for path in out.glob("[0-9]*")}
    assert 0 < len(done) < 6
    if end == signal.SIGKILL:
        assert process.returncode == -end
        if jobs == "2":
            left = list(out.glob(".*.partial"))  # but the ledger, if that was being written
            assert all(path.read_bytes()[:1] in (b"", b"{") for path in left)
    else:
        assert (process.returncode, message) == (128 + end, b"")
        assert took < 20  # a second, on a machine that has nothing else to do
        assert not list(out.glob(".*.partial"))
    np.save(inputs[5], noise)
    again = subprocess.run(command, check=True, capture_output=True, text=True)
    assert len(list(out.glob("[0-9]*"))) == 6
    stays = [name for name, at in done.items() if (out / name).stat().st_mtime_ns == at]
    if end != signal.SIGKILL:  # else what was made, and not entered yet, is made again
        assert len(stays) >= len(done) - int(jobs)
    assert f"{len(stays)} kept" in again.stderr or not stays

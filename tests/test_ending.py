"""Told to end, the program does so at once, and leaves nothing half-written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from attentive import attentive
from steadyhue.batches.ending import end_with_parent, starting
from steadyhue.signals import handled, held


def ended(folder: Path, code: str) -> tuple[int, bytes]:
    """Quantize a small stack in a program that code runs; return how it ended and what it said."""
    np.save(folder / "in.npy", np.zeros((3, 8, 8, 3), np.uint8))
    command = [sys.executable, "-c", code, "quantize", str(folder / "in.npy")]
    command += ["-o", str(folder / "out.gif")]
    done = subprocess.run(command, stderr=subprocess.PIPE, preexec_fn=attentive, timeout=60)
    return done.returncode, done.stderr


def test_an_interruption_while_it_starts_is_silent() -> None:
    code = "import os, signal, steadyhue.__main__; os.kill(os.getpid(), signal.SIGINT); os.abort()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, preexec_fn=attentive, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("output", ["out.gif", "frames/%d.png"])
def test_it_ends_at_once_and_leaves_nothing(
    tmp_path: Path, number: signal.Signals, output: str
) -> None:
    source = tmp_path / "in.npy"
    noise = np.random.default_rng(0).integers(0, 256, (20, 150, 150, 3), dtype=np.uint8)
    np.save(source, np.tile(noise, (40, 1, 1, 1)))  # takes longer than the test
    command = [sys.executable, "-m", "steadyhue", "quantize", str(source), "-k", "64"]
    command += ["--mode", "seeded", "-o", str(tmp_path / output)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, preexec_fn=attentive) as process:
        while not list(tmp_path.rglob(".steadyhue-*")) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.1)
        process.send_signal(number)
        told = time.monotonic()
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (128 + number, b"")
    assert time.monotonic() - told < 20  # a second, on a machine that has nothing else to do
    assert list(tmp_path.iterdir()) == [source]


def test_a_signal_amid_a_write_leaves_nothing_and_says_nothing(tmp_path: Path) -> None:
    code = (
        "import io, os, signal, sys\n"
        "from steadyhue.formats import replacing\n"
        "from steadyhue.cli import main\n"
        "class Told(io.FileIO):\n"
        "    def write(self, data):\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "        return super().write(data)\n"
        "made = replacing.create\n"
        "def create(path, replaced):\n"
        "    made(path, replaced).close()\n"
        "    return io.BufferedRandom(Told(path, 'r+'), 16)\n"
        "replacing.create = create\n"
        "main(sys.argv[1:])\n"
    )
    assert ended(tmp_path, code) == (128 + signal.SIGTERM, b"")
    assert list(tmp_path.iterdir()) == [tmp_path / "in.npy"]


def test_two_signals_at_once_are_one(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from steadyhue import result\n"
        "from steadyhue.cli import main\n"
        "def save(*args, **kwargs):\n"
        "    both = {signal.SIGINT, signal.SIGTERM}\n"
        "    signal.pthread_sigmask(signal.SIG_BLOCK, both)\n"
        "    for number in both:\n"
        "        os.kill(os.getpid(), number)\n"
        "    signal.pthread_sigmask(signal.SIG_UNBLOCK, both)\n"
        "result.Result.save = save\n"
        "main(sys.argv[1:])\n"
    )
    assert ended(tmp_path, code) == (128 + signal.SIGINT, b"")


def test_a_process_that_is_interrupted_while_it_starts_ends_without_a_word(
    capfd: pytest.CaptureFixture[str],
) -> None:
    process = get_context("spawn").Process(target=end_with_parent)
    with starting():
        process.start()
        assert process.pid is not None
        os.kill(process.pid, signal.SIGINT)
    process.join(60)
    assert process.exitcode == 128 + signal.SIGINT
    assert capfd.readouterr() == ("", "")


def test_a_signal_waits_while_a_thing_is_made_and_known() -> None:
    heard: list[str] = []
    with handled(lambda *_: heard.append("signal")), suppress(ValueError), held():
        signal.raise_signal(signal.SIGTERM)
        heard.append("made")
        raise ValueError
    assert heard == ["made", "signal"]


def test_what_it_was_started_to_ignore_is_ignored(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from steadyhue import result\n"
        "from steadyhue.cli import main\n"
        "save = result.Result.save\n"
        "def hung_up(*args, **kwargs):\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n"
        "    save(*args, **kwargs)\n"
        "result.Result.save = hung_up\n"
        "main(sys.argv[1:])\n"
    )
    assert ended(tmp_path, code)[0] == 0
    assert (tmp_path / "out.gif").is_file()

"""What a studio that was killed has left goes at the next start, and nothing else does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from attentive import attentive
from steadyhue.studio import leftovers
from steadyhue.studio.leftovers import new_folder, sweep

pytest.importorskip("fcntl", reason="no locks of this kind")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files, in which nothing is too young."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(leftovers, "YOUNGEST", -1.0)
    return tmp_path


def test_the_folder_of_one_that_lives_stays_and_goes_when_it_is_gone(here: Path) -> None:
    folder, descriptor = new_folder()
    (folder / "clip").write_text("mine")
    sweep()
    assert (folder / "clip").read_text() == "mine"
    os.close(descriptor)  # as the system does when a process dies
    sweep()
    assert list(here.iterdir()) == []


def test_what_is_not_ours_or_was_just_made_stays(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "kept").mkdir()
    (here / "kept" / "picture").write_text("mine")
    (here / "steadyhue-studio-abcd1234").symlink_to(here / "kept")
    (here / "steadyhue-studio-file1234").write_text("a file")
    for name in ("steadyhue-studio-", "steadyhue-studio-two words", "my-steadyhue-studio-abcd1234"):
        (here / name).mkdir()
    before = sorted(here.rglob("*"))
    sweep()
    assert sorted(here.rglob("*")) == before
    (here / "steadyhue-studio-efgh5678").mkdir()
    with monkeypatch.context() as context:
        context.setattr(leftovers, "YOUNGEST", 60.0)
        sweep()
        context.setattr(leftovers, "YOUNGEST", -1.0)
        context.setattr(os, "geteuid", lambda: os.getuid() + 1)
        sweep()
    assert (here / "steadyhue-studio-efgh5678").is_dir()
    sweep()
    assert sorted(here.rglob("*")) == before


@pytest.mark.skipif(find_spec("uvicorn") is None, reason="no uvicorn")
def test_a_studio_that_is_killed_leaves_a_folder_for_the_next_to_remove(here: Path) -> None:
    line = [sys.executable, "-m", "steadyhue", "studio", "--no-browser"]
    environment = {**os.environ, "TMPDIR": str(here)}
    with subprocess.Popen(
        line, stderr=subprocess.PIPE, env=environment, preexec_fn=attentive
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()
        assert len(list(here.iterdir())) == 1
        sweep()
        assert len(list(here.iterdir())) == 1  # it is alive
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(list(here.iterdir())) == 1
    sweep()
    assert list(here.iterdir()) == []

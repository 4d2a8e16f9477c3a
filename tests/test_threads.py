"""How many threads: as many as the process may use, and never a different result."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import steadyhue as sh
from steadyhue import kmeans, threads
from steadyhue.errors import OptionError


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(threads.VARIABLE, raising=False)
    yield
    sh.set_threads(None)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no way to bind a process")
def test_a_bound_process_uses_the_cores_it_is_bound_to() -> None:
    core = min(os.sched_getaffinity(0))
    code = f"import os; os.sched_setaffinity(0, [{core}])\nfrom steadyhue import threads; print(threads.threads())"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "1"


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({}, None),
        ({"proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "max 100000"}, None),
        ({"proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "150000 100000"}, 1.5),
        ({"proc/self/cgroup": "0::/a/b", "sys/fs/cgroup/a/cpu.max": "50000 100000"}, 0.5),
        (
            {
                "proc/self/cgroup": "0::/a/b",
                "sys/fs/cgroup/a/cpu.max": "300000 100000",
                "sys/fs/cgroup/a/b/cpu.max": "200000 100000",
            },
            2,
        ),
        (
            {
                "proc/self/cgroup": "4:cpu,cpuacct:/docker/12\n0::/",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "250000",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
            },
            2.5,
        ),
        (
            {
                "proc/self/cgroup": "4:cpuacct,cpu:/x",
                "sys/fs/cgroup/cpuacct,cpu/x/cpu.cfs_quota_us": "-1",
                "sys/fs/cgroup/cpuacct,cpu/x/cpu.cfs_period_us": "100000",
            },
            None,
        ),
        ({"proc/self/cgroup": "nonsense", "sys/fs/cgroup/cpu.max": "1 0"}, None),
    ],
)
def test_quotas_of_control_groups(
    files: dict[str, str], cores: float | None, tmp_path: Path
) -> None:
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    assert threads.cpu_quota(tmp_path) == cores


def test_a_quota_is_never_less_than_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "cpu_quota", lambda: 0.2)
    threads.available.cache_clear()
    assert threads.threads() == 1
    threads.available.cache_clear()


def test_the_call_goes_before_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(threads.VARIABLE, "3")
    assert threads.threads() == 3
    sh.set_threads(2)
    assert threads.threads() == 2
    sh.set_threads(None)
    assert threads.threads() == 3


@pytest.mark.parametrize("bad", [0, -1, 2000, 1.5, True, "2"])
def test_nonsense_is_refused(bad: object) -> None:
    with pytest.raises(OptionError, match="threads must be (a whole number|in .1, 1024.), got"):
        sh.set_threads(bad)


@pytest.mark.parametrize("bad", ["0", "x", "-3", "9999", "1.5"])
def test_the_command_line_checks_the_variable(bad: str) -> None:
    out = subprocess.run(
        [sys.executable, "-m", "steadyhue", "quantize", "none.gif", "-o", "out.gif"],
        env={**os.environ, threads.VARIABLE: bad},
        capture_output=True,
        text=True,
        check=False,
    )
    assert out.returncode == 2
    assert f"STEADYHUE_THREADS must be a whole number from 1 to 1024, got {bad!r}" in out.stderr


def test_the_command_line_sets_them(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (3, 40, 50, 3), np.uint8)
    np.save(tmp_path / "in.npy", noise)
    files = []
    for number in ("1", "2", "4"):
        files.append(tmp_path / f"{number}.gif")
        command = ["--threads", number, "quantize", str(tmp_path / "in.npy"), "-o", str(files[-1])]
        subprocess.run([sys.executable, "-m", "steadyhue", *command], check=True)
    assert len({file.read_bytes() for file in files}) == 1


@pytest.mark.parametrize("mode", ["independent", "seeded", "steady", "global"])
@pytest.mark.parametrize("distance", ["euclidean", "manhattan"])
def test_any_number_gives_the_same_bytes(
    mode: str, distance: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kmeans, "_THREAD_WORK", 1000)  # so that small pictures have threads
    noise = np.random.default_rng(0).integers(0, 256, (4, 90, 120, 3), np.uint8)
    files = []
    for number in (1, 2, 4):
        sh.set_threads(number)
        files.append(tmp_path / f"{number}.gif")
        sh.quantize(noise, 12, mode=mode, distance=distance).save(files[-1])
    assert len({file.read_bytes() for file in files}) == 1

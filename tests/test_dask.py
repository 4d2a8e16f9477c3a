"""A Dask cluster makes what one process makes, and no worker or scheduler takes a run with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cluster import PATIENCE, DaskCluster
from steadyhue.batches.ledger import NAME, Ledger

pytest.importorskip("distributed", reason="needs the extra dask")
if not Path("/proc/self/task").exists():
    pytest.skip("the system does not list the processes of a process", allow_module_level=True)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with DaskCluster(tmp_path_factory.mktemp("dask") / "cluster") as cluster:
        yield cluster


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """Six clips that take a while, and a film of several shots."""
    rng = np.random.default_rng(0)
    (tmp_path / "in" / "sub").mkdir(parents=True)
    for number in range(6):
        noise = rng.integers(0, 256, (6, 60, 80, 3), dtype=np.uint8)
        np.save(tmp_path / "in" / ("sub" if number % 2 else "") / f"{number}.npy", noise)
    ground = rng.integers(0, 256, (7, 3, 4, 3), dtype=np.uint8).repeat(80, axis=0)
    np.save(tmp_path / "in" / "film.npy", ground.repeat(4, axis=1).repeat(4, axis=2))
    return tmp_path / "in"


def command(clips: Path, out: Path, *options: str) -> list[str]:
    words = [sys.executable, "-m", "steadyhue", "batch", str(clips), "-o", str(out), "-k", "8"]
    return [*words, "--mode", "seeded", "--chunk", "5", *options]


def on(cluster: DaskCluster) -> list[str]:
    return ["--engine", "dask", "--scheduler", cluster.address]


def made(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.gif")}


def records(out: Path) -> dict[str, str]:
    found = Ledger(str(out / NAME), str(out)).records()
    return {record["target"]: json.dumps(record) for record in found}


def wait_for_outputs(out: Path, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + PATIENCE
    while not made(out) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)


def test_a_cluster_makes_the_bytes_of_one_process(
    cluster: DaskCluster, clips: Path, tmp_path: Path
) -> None:
    local, dask = tmp_path / "local", tmp_path / "dask"
    subprocess.run(command(clips, local, "-j", "1"), check=True, capture_output=True)
    subprocess.run(command(clips, dask, *on(cluster)), check=True, capture_output=True)
    assert len(made(local)) == 7
    assert made(dask) == made(local)
    workers = {json.loads(record)["worker"] for record in records(dask).values()}
    assert workers <= {f"{os.uname().nodename}:{worker}" for worker in cluster.workers()}


def test_a_worker_that_is_killed_takes_nothing_down(
    cluster: DaskCluster, clips: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = command(clips, out, *on(cluster))
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        wait_for_outputs(out, process)
        os.kill(cluster.workers()[0], signal.SIGKILL)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert len(made(out)) == len(records(out)) == 7


def test_what_crashes_or_hangs_is_blamed_and_nothing_else(
    cluster: DaskCluster, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    for number, text in enumerate(["a", "die", "b", "hang", "c"]):
        (tmp_path / f"{number}.txt").write_text(text)
    code = (
        "import sys; from pathlib import Path; from test_batch_run import story\n"
        "from steadyhue.batches.engines.cluster import Cluster\n"
        "from steadyhue.batches.run import Run\n"
        "folder = Path(sys.argv[2])\n"
        "pairs = [(str(p), str(folder / 'out' / p.name)) for p in sorted(folder.glob('*.txt'))]\n"
        "stories = ((source, target, story(source, target)) for source, target in pairs)\n"
        "for outcome in Run(stories, Cluster(sys.argv[1], 1, timeout=4)):\n"
        "    print(Path(outcome.source).read_text(), '=', outcome.error or '')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, cluster.address, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
    )
    told = dict(line.split(" = ") for line in done.stdout.splitlines())
    assert sorted(told) == ["a", "b", "c", "die", "hang"], done.stderr
    blamed = {name for name, error in told.items() if "the worker at work on it died" in error}
    assert blamed == {"die", "hang"} == {name for name, error in told.items() if error}
    texts = [path.read_text() for path in (tmp_path / "out").iterdir()]
    assert sorted(texts) == ["A", "B", "C"]


def test_a_run_whose_scheduler_is_killed_goes_on_with_another(clips: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    noise = np.load(clips / "0.npy")
    np.save(clips / "long.npy", np.tile(noise, (600, 1, 1, 1)))  # takes longer than the test
    with DaskCluster(tmp_path / "first") as cluster:
        words = command(clips, out, *on(cluster))
        soon = {**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "4s"}
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=soon) as process:
            wait_for_outputs(out, process)
            cluster.kill_scheduler()
            _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "the Dask scheduler is gone" in said
    assert "Traceback" not in said
    before = records(out)
    assert before
    np.save(clips / "long.npy", noise)
    subprocess.run(command(clips, out, "-j", "1"), check=True, capture_output=True)
    after = records(out)
    assert len(after) == 8
    assert all(after[name] == record for name, record in before.items() if name in made(out))

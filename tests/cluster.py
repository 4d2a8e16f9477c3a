"""A Dask scheduler and two workers on the loopback interface, as processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

PATIENCE = 120.0
"""Seconds for processes to start on a machine that has other things to do."""


class DaskCluster:
    """A scheduler and two workers; a context manager that ends them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._file = folder / "scheduler.json"
        self._folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        where = ["--scheduler-file", str(self._file), "--no-dashboard"]
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", *where)
        self.address = self._address()
        for number in (1, 2):
            self._start(
                *("worker", "--scheduler-file", str(self._file), "--no-dashboard"),
                *("--nthreads", "1", "--host", "127.0.0.1"),
                *("--local-directory", str(self._folder / str(number))),
            )
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in reversed(self.processes):
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, kind: str, *options: str) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parent),  # for functions of tests
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
            "OPENBLAS_NUM_THREADS": "1",
        }
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options]
        with (self._folder / f"{kind}.log").open("ab") as log:
            self.processes.append(
                subprocess.Popen(command, stdout=log, stderr=log, env=environment)
            )

    def _address(self) -> str:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                return str(json.loads(self._file.read_text())["address"])
            except (OSError, ValueError, KeyError):
                time.sleep(0.05)
        raise TimeoutError((self._folder / "scheduler.log").read_text())

    def kill_scheduler(self) -> None:
        """End the scheduler as a power cut would."""
        self.processes[0].send_signal(signal.SIGKILL)
        self.processes[0].wait()

    def workers(self) -> list[int]:
        """The processes in which work is done: children of those that watch over them.

        One that has died is replaced after a while, which is waited for.
        """
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = [child for nanny in self.processes[1:] for child in children_of(nanny.pid)]
            if found:
                return found
            time.sleep(0.05)
        raise TimeoutError((self._folder / "worker.log").read_text())


def children_of(parent: int) -> list[int]:
    """The processes that another one has spawned; not the one that tracks its semaphores."""
    listed = Path(f"/proc/{parent}/task").glob("*/children")
    found = [int(child) for path in listed for child in path.read_text().split()]
    return [child for child in found if b"spawn_main" in command_of(child)]


def command_of(process: int) -> bytes:
    """The words that a process was started with; none of one that has ended."""
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""

"""The engine for one machine: processes, each with a pipe of its own.

A task that kills its process takes no other with it, and it is known which one that was. One
that takes too long is ended with its process; the next task gets a new one.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from steadyhue.batches.ending import end_with_parent, starting
from steadyhue.batches.faults import Fault
from steadyhue.batches.tasks import Answer, Task, attempt

GRACE = 0.3
"""Seconds for processes to remove what is half-written when they are ended."""

_SPAWN = get_context("spawn")  # threads and file systems of other libraries do not survive a fork


@dataclass(slots=True, eq=False)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    task: Task | None = None
    begin: float = 0.0


class Local:
    """Some processes on this machine.

    Parameters
    ----------
    jobs : int
        How many, at least 1; they are started as tasks come.
    timeout : float, optional
        Seconds that a task may take.
    threads : int
        Most threads that a kernel uses in each.
    """

    def __init__(self, jobs: int, *, timeout: float | None = None, threads: int = 1) -> None:
        self._jobs = jobs
        self._timeout = timeout
        self._threads = threads
        self._workers: list[_Worker] = []

    def room(self) -> int:
        """Return how many processes have nothing to do."""
        return self._jobs - len(self._busy())

    def submit(self, task: Task) -> None:
        """Begin a task."""
        worker = next((w for w in self._workers if w.task is None), None) or self._start()
        worker.task, worker.begin = task, time.monotonic()
        with suppress(OSError):  # it died while it was idle; that is found when it is waited for
            worker.pipe.send((task.function, task.payload, task.what))

    def wait(self, seconds: float | None) -> list[tuple[Task, Answer]]:
        """Wait for answers, for deaths, and until a task has taken too long."""
        busy = self._busy()
        connection.wait([worker.pipe for worker in busy], self._patience(busy, seconds))
        found = []
        for worker in busy:
            task, answer = worker.task, self._answer(worker)
            if task is not None and answer is not None:
                found.append((task, answer))
        return found

    def close(self) -> None:
        """End all processes; each removes what it has half-written."""
        for worker in self._workers:
            if worker.task is None:
                worker.pipe.close()  # it has nothing more to do, and ends
            else:
                worker.process.terminate()
        until = time.monotonic() + GRACE
        for worker in self._workers:
            _end(worker, until)
        self._workers.clear()

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.task is not None]

    def _start(self) -> _Worker:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_serve, args=(theirs, self._threads), daemon=True)
        worker = _Worker(process, ours)
        with starting():
            process.start()
            self._workers.append(worker)
        theirs.close()  # so that its end is seen here
        return worker

    def _patience(self, busy: list[_Worker], seconds: float | None) -> float | None:
        if self._timeout is None or not busy:
            return seconds
        left = min(worker.begin for worker in busy) + self._timeout - time.monotonic()
        return max(0.0, left if seconds is None else min(left, seconds))

    def _answer(self, worker: _Worker) -> Answer | None:
        """Return what came of a task; None if it is still under way."""
        task = worker.task
        assert task is not None
        try:
            if worker.pipe.poll():
                answer: Answer = worker.pipe.recv()
                worker.task = None
                return answer
        except (EOFError, OSError):
            self._forget(worker)
            return _lost(f"{task.what}: the process at work on it died")
        if self._timeout is not None and time.monotonic() - worker.begin > self._timeout:
            worker.process.terminate()
            self._forget(worker)
            return _lost(
                f"{task.what}: was not done after {self._timeout:g} seconds, and was ended"
            )
        return None

    def _forget(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        _end(worker, time.monotonic() + GRACE)


def _lost(sentence: str) -> Answer:
    return Answer(fault=Fault("lost", sentence))


def _end(worker: _Worker, until: float) -> None:
    worker.process.join(max(0.0, until - time.monotonic()))
    worker.process.kill()  # does nothing to what has ended
    worker.process.join()
    worker.pipe.close()
    worker.process.close()


def _serve(pipe: Connection, threads: int) -> None:
    """Carry out tasks as they come: what a process does."""
    end_with_parent()
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from steadyhue.threads import set_threads

    set_threads(threads)
    while True:
        try:
            function, payload, what = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(attempt(function, payload, what))

"""The engine for a Dask cluster: the only importer of `distributed`.

Dask is given little: no more tasks than its workers can use soon, in bundles that take some
seconds, each a plain call that returns a few hundred bytes. Pictures go through storage. What it
knows of a run is lost with its scheduler, and nothing with that: the ledger has what is done.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from steadyhue.batches.faults import Fault
from steadyhue.batches.tasks import Answer, Function, Task, attempt
from steadyhue.batches.work import ALGORITHM
from steadyhue.errors import MissingDependencyError, OutputError
from steadyhue.threads import VARIABLE, set_threads
from steadyhue.unfinished import discard_unfinished

SECONDS = 5.0
"""What a bundle should take, so that the few milliseconds that Dask takes for each don't matter."""

MOST = 64
"""Tasks in a bundle: all of them are begun anew if its worker dies."""

AHEAD = 2
"""Bundles for each thread of the workers: one that is worked on, and one that waits."""

GRACE = 5.0
"""Seconds for a worker to end by itself after a task has taken too long."""

HUNG = 75  # exit code EX_TEMPFAIL (sysexits.h)

_Call = tuple[Function, Any, str]


def _silence_dask() -> None:
    """Let Dask log nothing, as what matters is told by us; some of its loggers have own levels."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


class Cluster:
    """A Dask cluster, or one of our own on this machine.

    Parameters
    ----------
    scheduler : str or None
        Its address; None starts a cluster on this machine, on the loopback interface.
    jobs : int
        Processes of a cluster of our own.
    timeout : float, optional
        Seconds that a task may take.

    Attributes
    ----------
    dashboard : str
        Address of a page that shows what the cluster does; empty if there is none.

    Raises
    ------
    MissingDependencyError
        If `distributed` is not installed.
    OutputError
        If the scheduler does not answer.
    """

    def __init__(self, scheduler: str | None, jobs: int, timeout: float | None = None) -> None:
        try:
            import dask.config
            import dask.utils
            from distributed import Client, LocalCluster
        except ImportError:
            raise MissingDependencyError("engine 'dask'", "dask") from None
        _silence_dask()
        self._address = scheduler or "this machine"
        self._timeout = timeout
        self._silence = float(
            dask.utils.parse_timedelta(dask.config.get("distributed.comm.timeouts.connect"))
        )
        self._cluster: Any = None
        if scheduler is None:
            # A task whose worker died comes back to us at once, and is tried again alone.
            with dask.config.set({"distributed.scheduler.allowed-failures": 0}):
                self._cluster = LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=jobs,
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                )
        try:
            self._client: Any = Client(self._cluster or scheduler)  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError, ValueError) as error:
            raise OutputError(f"{scheduler}: no Dask scheduler answers there") from error
        self.dashboard = str(self._client.dashboard_link or "")
        self._bundles: dict[Any, list[Task]] = {}
        self._gathered: list[Task] = []
        self._finished: queue.Queue[Any] = queue.Queue()
        self._mean = SECONDS  # seconds a task takes: one a bundle until it is known
        self._threads = 1
        self._asked = self._heard = 0.0

    def room(self) -> int:
        """Return how many more tasks the workers can use soon."""
        if time.monotonic() - self._asked > 1:
            self._asked = time.monotonic()
            try:
                self._threads = max(1, sum(self._client.nthreads().values()))
            except (OSError, TimeoutError) as error:
                raise self._gone() from error
        waiting = len(self._gathered) + sum(map(len, self._bundles.values()))
        return AHEAD * self._threads * self._size() - waiting

    def submit(self, task: Task) -> None:
        """Put a task into a bundle."""
        if self._gathered and self._gathered[0].function is not task.function:
            self._send()
        self._gathered.append(task)
        if task.alone or len(self._gathered) >= self._size():
            self._send()

    def wait(self, seconds: float | None) -> list[tuple[Task, Answer]]:
        """Wait for a bundle.

        Raises
        ------
        OutputError
            If the scheduler is gone.
        """
        self._send()
        until = None if seconds is None else time.monotonic() + seconds
        self._heard = time.monotonic()
        while self._bundles:
            left = 1.0 if until is None else min(1.0, max(0.0, until - time.monotonic()))
            try:
                future = self._finished.get(timeout=left)
            except queue.Empty:
                self._listen()
                if until is not None and time.monotonic() >= until:
                    return []
                continue
            tasks = self._bundles.pop(future, None)
            if tasks is not None:
                return list(zip(tasks, self._answers(future, tasks), strict=True))
        return []

    def close(self) -> None:
        """Cancel what is under way, and let go of the cluster."""
        if self._client.status == "running":
            self._client.cancel(list(self._bundles), force=True)
        self._bundles.clear()
        self._client.close(timeout=GRACE)
        if self._cluster is not None:
            self._cluster.close()

    def _size(self) -> int:
        """Tasks of a bundle."""
        return max(1, min(MOST, int(SECONDS / max(self._mean, 1e-3))))

    def _send(self) -> None:
        tasks, self._gathered = self._gathered, []
        if not tasks:
            return
        # Calls are wrapped: a bare text that equals a key would be taken for its result.
        calls = [(task.function, task.payload, task.what) for task in tasks]
        future = self._client.submit(
            *(carry_out, {"calls": calls, "timeout": self._timeout, "algorithm": ALGORITHM}),
            key=f"steadyhue-{uuid4().hex}",
            pure=False,
        )
        self._bundles[future] = tasks
        future.add_done_callback(self._finished.put)

    def _answers(self, future: Any, tasks: Sequence[Task]) -> list[Answer]:
        from distributed.scheduler import KilledWorker

        try:
            value = future.result()
        except KilledWorker:
            reason = "the worker at work on it died"
            if self._timeout is not None:
                reason += f", or was not done after {self._timeout:g} seconds"
            return [Answer(fault=Fault("lost", f"{task.what}: {reason}")) for task in tasks]
        except Exception as error:
            self._listen()
            reason = f"Dask: {type(error).__name__}: {error}"
            return [Answer(fault=Fault("transient", f"{task.what}: {reason}")) for task in tasks]
        self._mean += (value["seconds"] / len(tasks) - self._mean) / 2
        answers: list[Answer] = value["answers"]
        return answers

    def _listen(self) -> None:
        """Raise if the scheduler has been silent for too long."""
        now = time.monotonic()
        if self._client.status == "running":
            self._heard = now
        elif now - self._heard > self._silence or self._client.status == "closed":
            raise self._gone()

    def _gone(self) -> OutputError:
        return OutputError(
            f"{self._address}: the Dask scheduler is gone; "
            "with another, the same command goes on where it was"
        )


_ONE = threading.Lock()


def carry_out(bundle: dict[str, Any]) -> dict[str, Any]:
    """Carry out tasks, one after the other: what a worker does, one bundle at a time.

    Parameters
    ----------
    bundle : dict
        ``calls``: (function, payload, what) of each; ``timeout``: seconds for each, or None;
        ``algorithm``: the version that results must be of.

    Returns
    -------
    dict
        ``answers``; ``seconds`` that they took.
    """
    calls: list[_Call] = bundle["calls"]
    if bundle["algorithm"] != ALGORITHM:
        reason = f"a worker has another version of the algorithm, {ALGORITHM}"
        faults = [Fault("input", f"{what}: {reason}") for _, _, what in calls]
        return {"answers": [Answer(fault=fault) for fault in faults], "seconds": 0.0}
    with _ONE:  # what a process may warn of, and its kernels' threads, are its own
        if VARIABLE not in os.environ:
            set_threads(_threads_here())
        begin = time.monotonic()
        answers = []
        for function, payload, what in calls:
            with _watched(bundle["timeout"]):
                answers.append(attempt(function, payload, what))
        return {"answers": answers, "seconds": time.monotonic() - begin}


def _threads_here() -> int:
    from distributed import get_worker

    return int(max(1, get_worker().state.nthreads))


@contextmanager
def _watched(timeout: float | None) -> Iterator[None]:
    """End this process if what is within takes too long."""
    if timeout is None:
        yield
        return
    timer = threading.Timer(timeout, _end)
    timer.daemon = True
    with open(os.devnull, "w") as nowhere:
        # Where a library holds the interpreter, no other thread of it comes to run.
        faulthandler.dump_traceback_later(timeout + GRACE, exit=True, file=nowhere)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            faulthandler.cancel_dump_traceback_later()


def _end() -> None:
    discard_unfinished()
    os._exit(HUNG)

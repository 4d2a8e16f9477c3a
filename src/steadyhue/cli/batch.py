"""Many inputs at once: one that fails doesn't stop the rest."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import active_children, get_context, parent_process
from typing import Any

from steadyhue.cli.ending import end_at_once, signals

GRACE = 0.3
"""Seconds for processes to remove what is half-written when they are ended."""

Job = Callable[[str, str, Mapping[str, Any]], str | None]
"""Gets an input, its output and the options; returns what went wrong, in one sentence."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input.

    Attributes
    ----------
    source, target : str
        Input and output.
    error : str or None
        What went wrong, in one sentence.
    """

    source: str
    target: str
    error: str | None = None


def run(
    job: Job, pairs: Sequence[tuple[str, str]], options: Mapping[str, Any], *, jobs: int = 1
) -> Iterator[Outcome]:
    """Run a job on every (input, output) pair; yield outcomes as they come.

    When this ends before its time, the processes are ended, too, and no input is begun.

    Parameters
    ----------
    job : callable
        Importable by name; writes its output whole or not at all.
    pairs : sequence of (str, str)
        Inputs and outputs.
    options : mapping
        Passed to every job; must pickle.
    jobs : int
        How many processes; 1 uses this one.
    """
    if jobs == 1:
        for source, target in pairs:
            yield Outcome(source, target, job(source, target, options))
        return
    crashed: list[tuple[str, str]] = []
    for pair, outcome in _in_parallel(job, pairs, options, jobs):
        if outcome is None:
            crashed.append(pair)
        else:
            yield outcome
    # A process that dies takes down those beside it; alone, only the guilty one.
    for pair in crashed:
        for _, outcome in _in_parallel(job, [pair], options, 1):
            yield outcome or Outcome(*pair, error=f"{pair[0]}: the process at work on it died")


def _in_parallel(
    job: Job, pairs: Sequence[tuple[str, str]], options: Mapping[str, Any], jobs: int
) -> Iterator[tuple[tuple[str, str], Outcome | None]]:
    """Yield pairs with their outcomes, None for those whose process died."""
    executor = ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_end_with_parent
    )
    finished = False
    try:
        futures = {executor.submit(job, *pair, options): pair for pair in pairs}
        for future in as_completed(futures):
            pair = futures[future]
            try:
                yield pair, Outcome(*pair, future.result())
            except BrokenProcessPool:
                yield pair, None
        finished = True
    finally:
        if not finished:
            _end_processes()
        executor.shutdown(wait=finished, cancel_futures=not finished)


def _end_processes() -> None:
    """End all processes at work; each removes what it has half-written."""
    children = active_children()
    for child in children:
        child.terminate()
    until = time.monotonic() + GRACE
    for child in children:
        child.join(max(0.0, until - time.monotonic()))


def _end_with_parent() -> None:
    """Let this process end when it is told to, and when the one that started it dies."""
    for number in signals():
        signal.signal(number, end_at_once)

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()

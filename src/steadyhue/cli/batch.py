"""Many inputs at once: one that fails doesn't stop the rest, and what is done is kept."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

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
    kept : bool
        Whether the output was there already, newer than its input.
    """

    source: str
    target: str
    error: str | None = None
    kept: bool = False


def run(
    job: Job,
    pairs: Sequence[tuple[str, str]],
    options: Mapping[str, Any],
    *,
    jobs: int = 1,
    force: bool = False,
) -> Iterator[Outcome]:
    """Run a job on every (input, output) pair; yield outcomes as they come.

    Outputs that are newer than their inputs are kept unless `force`, so that a
    run that was stopped goes on where it was.

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
    force : bool
        Do everything anew.
    """
    waiting = []
    for source, target in pairs:
        if not force and _is_done(source, target):
            yield Outcome(source, target, kept=True)
        else:
            waiting.append((source, target))
    if jobs == 1:
        for source, target in waiting:
            yield Outcome(source, target, job(source, target, options))
        return
    crashed: list[tuple[str, str]] = []
    for pair, outcome in _in_parallel(job, waiting, options, jobs):
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
    try:
        futures = {executor.submit(job, *pair, options): pair for pair in pairs}
        for future in as_completed(futures):
            pair = futures[future]
            try:
                yield pair, Outcome(*pair, future.result())
            except BrokenProcessPool:
                yield pair, None
    finally:
        executor.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """Let this process end when it is interrupted, and when the one that started it dies."""
    signal.signal(signal.SIGINT, lambda *_: sys.exit(1))

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
        while True:  # until the work is put down: what is half-written is removed on the way
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.5)

    threading.Thread(target=watch, daemon=True).start()


def _is_done(source: str, target: str) -> bool:
    try:
        return Path(target).stat().st_mtime >= Path(source).stat().st_mtime
    except OSError:
        return False

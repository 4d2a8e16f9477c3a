"""A job: work for one page, which a newer wish of that page stops."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Superseded(Exception):
    """Nobody waits for this any more."""


class Job:
    """Work that can be stopped between two frames."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Ask the work to end; it does before its next frame."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Whether it was asked to end."""
        return self._stopped.is_set()

    def check(self) -> None:
        """Raise `Superseded` if the work was asked to end."""
        if self.is_stopped:
            raise Superseded

    def watch(self, items: Iterable[T]) -> Iterator[T]:
        """Yield the items for as long as they are wanted."""
        for item in items:
            self.check()
            yield item


class Desk:
    """Where jobs come in: one is at work at a time, and of each page only the newest."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[int, Job]] = {}
        self._busy = threading.Lock()

    def begin(self, page: str, revision: int) -> Job:
        """Return a new job of a page; the one before it is stopped.

        Parameters
        ----------
        page : str
            Any name.
        revision : int
            Counts up. Requests overtake each other; a job older than the newest is stopped
            before it begins.
        """
        job = Job()
        newest, before = self._newest.pop(page, (revision, None))
        if revision < newest and before is not None:
            job.stop()
            self._newest[page] = newest, before
            return job
        if before is not None:
            before.stop()
        self._newest[page] = revision, job
        while len(self._newest) > PAGES:
            self._newest.pop(next(iter(self._newest)))[1].stop()
        return job

    def close(self) -> None:
        """Stop all jobs."""
        for _, job in list(self._newest.values()):
            job.stop()

    @contextmanager
    def turn(self, job: Job) -> Iterator[None]:
        """Wait for the turn of a job, which is one record long: a page that reads slowly holds up no other.

        Raises
        ------
        Superseded
            If it is stopped before.
        """
        while not self._busy.acquire(timeout=POLL):
            job.check()
        try:
            job.check()
            yield
        finally:
            self._busy.release()


PAGES = 64
"""Pages of which the newest job is known; the one heard of longest ago is forgotten."""

POLL = 0.05
"""Seconds between two looks at whether a waiting job is still wanted."""

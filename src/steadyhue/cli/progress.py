"""Progress on standard error: frames, rate and time left, where it is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import click

INTERVAL = 0.1
"""Seconds between two updates."""


class Progress:
    """One line that is rewritten as frames are done; silent if standard error is not a terminal.

    Parameters
    ----------
    label : str
        What is being done.
    total : int or None
        How many frames there are, where that is known.
    quiet : bool
        Write nothing.
    unit : str
        What is counted.
    """

    def __init__(
        self, label: str, total: int | None, *, quiet: bool = False, unit: str = "frames"
    ) -> None:
        self._label = label
        self._total = total
        self._unit = unit
        self._shown = not quiet and sys.stderr.isatty()
        self._done = 0
        self._start = self._updated = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def step(self) -> None:
        """Count one more frame."""
        self._done += 1
        now = time.monotonic()
        if self._shown and now - self._updated >= INTERVAL:
            self._updated = now
            sys.stderr.write(f"\r\x1b[K{self.line(now - self._start)}")
            sys.stderr.flush()

    def line(self, seconds: float) -> str:
        """Return what to show after so many seconds."""
        rate = self._done / seconds if seconds > 0 else 0.0
        if not self._total:
            return f"{self._label}  {self._done} {self._unit}  {rate:.0f}/s"
        left = round((self._total - self._done) / rate) if rate else 0
        clock = f"{max(0, left) // 60}:{max(0, left) % 60:02d}"
        return f"{self._label}  {self._done}/{self._total} {self._unit}  {rate:.0f}/s  {clock} left"


def steps(quiet: bool) -> Callable[[str], object]:
    """Return what tells of each step on standard error, when that is a terminal."""
    if quiet or not sys.stderr.isatty():
        return lambda _: None
    return lambda step: click.echo(f"  {step}", err=True)

"""Progress on standard error: frames, rate and time left, where it is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import click

INTERVAL = 0.1
"""Seconds between two updates of a terminal's line."""


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
            rewrite("")

    def step(self) -> None:
        """Count one more frame."""
        self._done += 1
        now = time.monotonic()
        if self._shown and now - self._updated >= INTERVAL:
            self._updated = now
            rewrite(self.line(now - self._start))

    def line(self, seconds: float) -> str:
        """Return what to show after so many seconds."""
        rate = self._done / seconds if seconds > 0 else 0.0
        if not self._total:
            return f"{self._label}  {self._done} {self._unit}  {rate:.0f}/s"
        left = clock((self._total - self._done) / rate if rate else 0.0)
        return f"{self._label}  {self._done}/{self._total} {self._unit}  {rate:.0f}/s  {left} left"


def rewrite(line: str) -> None:
    """Put a line in place of the last one on the terminal that standard error is."""
    sys.stderr.write(f"\r\x1b[K{line}")
    sys.stderr.flush()


def clock(seconds: float) -> str:
    """Return a time that is left, as M:SS."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def steps(quiet: bool) -> Callable[[str], object]:
    """Return what tells of each step on standard error, when that is a terminal."""
    if quiet or not sys.stderr.isatty():
        return lambda _: None
    return lambda step: click.echo(f"  {step}", err=True)

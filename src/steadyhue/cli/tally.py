"""How far a batch is: a line that is rewritten on a terminal, a line of JSON now and then in a log."""

from __future__ import annotations

import json
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from steadyhue.batches.addresses import bare
from steadyhue.cli.progress import INTERVAL, clock, rewrite
from steadyhue.cli.sentences import show_warning

if TYPE_CHECKING:
    from steadyhue.batches.run import Outcome

LOG_INTERVAL = 10.0
"""Seconds between two lines of a log, which people scroll through."""


class Tally:
    """Counts outcomes, and shows the count on standard error.

    Parameters
    ----------
    total : int
        How many inputs there are.
    quiet : bool
        Show nothing but warnings.

    Attributes
    ----------
    made, kept, frames : int
    failed : list of Outcome
    """

    def __init__(self, total: int, *, quiet: bool = False) -> None:
        self._total = total
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._start = self._shown = time.monotonic()
        self.made = self.kept = self.frames = 0
        self.failed: list[Outcome] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._quiet or kind is not None:
            return
        self._write("" if self._terminal else self.record())

    def add(self, outcome: Outcome) -> None:
        """Count what became of an input."""
        if outcome.error:
            self.failed.append(outcome)
        elif outcome.kept:
            self.kept += 1
        else:
            self.made += 1
        self.frames += outcome.frames
        if outcome.warnings:
            self._write("")
        for warning in outcome.warnings:
            show_warning(warning)
        if outcome.seams and not self._quiet:
            self._write("")
            most = 100 * max(share for _, share in outcome.seams)
            click.echo(
                f"{bare(outcome.target)}: {len(outcome.seams)} seams, at which {most:.2f} % at most "
                "of what holds still changes",
                err=True,
            )
        now = time.monotonic()
        if not self._quiet and now - self._shown >= (INTERVAL if self._terminal else LOG_INTERVAL):
            self._shown = now
            self._write(self.line() if self._terminal else self.record())

    def line(self) -> str:
        """Return the line for people."""
        told = f"{self._done}/{self._total} files  {self.frames} frames  {self._rate:.0f}/s"
        left = self._left
        if left is not None:
            told += f"  {clock(left)} left"
        return told + (f"  {len(self.failed)} failed" if self.failed else "")

    def record(self) -> str:
        """Return the line for logs."""
        left = self._left
        told = {
            "files": self._total,
            "made": self.made,
            "kept": self.kept,
            "failed": len(self.failed),
            "frames": self.frames,
            "seconds": round(self._seconds, 1),
            "frames_per_second": round(self._rate, 1),
            "seconds_left": None if left is None else round(left),
        }
        return json.dumps(told)

    @property
    def _done(self) -> int:
        return self.made + self.kept + len(self.failed)

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._start

    @property
    def _rate(self) -> float:
        return self.frames / max(self._seconds, 1e-9)

    @property
    def _left(self) -> float | None:
        """Seconds that are left: what is kept takes none."""
        worked = self.made + len(self.failed)
        return (self._total - self._done) * self._seconds / worked if worked else None

    def _write(self, line: str) -> None:
        if self._terminal:
            rewrite(line)
        elif line:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()

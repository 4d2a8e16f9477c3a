"""What a process takes, and tools that take turns."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable

# Runs a command and says what it took. A process of its own with nothing imported, because the
# peak memory of a child counts what its parent held when it was started.
LAUNCHER = """
import json, os, sys, time
start = time.monotonic()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(child, 0)
wall = time.monotonic() - start
print(json.dumps([status, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""

WALL, CPU, PEAK = 0, 1, 2
"""Columns of a timing."""

Timing = tuple[float, float, float]  # wall seconds, CPU seconds, peak MB
Commands = dict[str, list[str]]  # by tool
Race = dict[str, list[Timing]]  # by tool


def timed(command: list[str]) -> Timing:
    launcher = [sys.executable, "-I", "-S", "-c", LAUNCHER, *command]
    done = subprocess.run(launcher, capture_output=True, text=True, check=True)
    status, wall, cpu, peak = json.loads(done.stdout.splitlines()[-1])
    if status:
        raise SystemExit(f"{command[0]} failed: {done.stderr.strip()[-300:]}")
    return wall, cpu, peak


def race(commands: Commands, rounds: int, once: tuple[str, ...] = ()) -> Race:
    """Run every tool in turn, `rounds` times; those named `once` only in the first."""
    times: Race = {}
    timed(next(iter(commands.values())))  # files are read from memory from here on
    for number in range(rounds):
        for name, command in commands.items():
            if name not in once or number == 0:
                times.setdefault(name, []).append(timed(command))
    return times


def median(timings: list[Timing], column: int) -> float:
    return statistics.median(timing[column] for timing in timings)


def ratio(times: Race, name: str, base: str, column: int = WALL) -> float:
    """Return the median over rounds of what one tool takes over what another does."""
    pairs = zip(times[name], times[base], strict=False)
    return statistics.median(a[column] / b[column] for a, b in pairs)


def marginal(short: Race, long: Race, name: str, frames: int, column: int = WALL) -> float:
    """Return milliseconds for each of `frames` that one race has more than another."""
    pairs = zip(short[name], long[name], strict=True)
    return 1000 * statistics.median(b[column] - a[column] for a, b in pairs) / frames


def table(rows: dict[str, Race], cell: Callable[[list[Timing]], str]) -> list[str]:
    """Return a line for each race with a column for each tool."""
    tools = list(next(iter(rows.values())))
    lines = ["| | " + " | ".join(tools) + " |", "|---|" + "--:|" * len(tools)]
    for what, times in rows.items():
        lines.append(f"| {what} | " + " | ".join(cell(times[name]) for name in tools) + " |")
    return lines


def both(timings: list[Timing]) -> str:
    """Return wall and CPU seconds as a cell."""
    return f"{median(timings, WALL):.2f} ({median(timings, CPU):.2f})"

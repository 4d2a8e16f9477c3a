"""How many threads a kernel may use: the one place that knows.

As many as the process may run on at once, unless a number is set. Results do not depend on it.
"""

from __future__ import annotations

import os
from functools import cache
from math import ceil
from pathlib import Path

from steadyhue.errors import OptionError
from steadyhue.ranges import whole

VARIABLE = "STEADYHUE_THREADS"
"""The environment variable that sets the number; `set_threads` goes before it."""

_MOST = 1024  # what no machine has more of; a slip of the pen should not start a million

_chosen: int | None = None


def set_threads(n: int | None) -> None:
    """Set the most threads that a kernel uses; results are the same for any number.

    Parameters
    ----------
    n : int in [1, 1024] or None
        None goes back to ``STEADYHUE_THREADS``, or else to what the machine gives.

    Raises
    ------
    OptionError
        If it is not such a number.
    """
    global _chosen
    _chosen = None if n is None else whole(n, "threads", 1, _MOST)


def threads() -> int:
    """Return the most threads that a kernel may use.

    Raises
    ------
    OptionError
        If ``STEADYHUE_THREADS`` is not a whole number in [1, 1024].
    """
    if _chosen is not None:
        return _chosen
    text = os.environ.get(VARIABLE)
    if not text:
        return available()
    number = int(text) if text.isdecimal() and len(text) < 9 else 0
    if not 1 <= number <= _MOST:
        raise OptionError(f"{VARIABLE} must be a whole number from 1 to {_MOST}, got {text!r}")
    return number


@cache
def available() -> int:
    """Return how many cores the process may use: those it is bound to, within its quota."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # a system without the question
        cores = os.cpu_count() or 1
    quota = cpu_quota()
    return cores if quota is None else max(1, min(cores, ceil(quota)))


def cpu_quota(root: Path = Path("/")) -> float | None:
    """Return how many cores the control groups of the process pay for; None if they don't say.

    Sources: Linux, "Control Group v2", cpu.max, and "CFS Bandwidth Control" for version 1. Groups
    above bind too.
    """
    found = []
    for path, unified in _groups(root):
        for folder in (path, *path.parents):
            quota = _version_2(folder) if unified else _version_1(folder)
            if quota is not None:
                found.append(quota)
            if folder == root / "sys/fs/cgroup":
                break
    return min(found, default=None)


def _groups(root: Path) -> list[tuple[Path, bool]]:
    """Return the folders of the groups that can have a quota, and whether each is version 2."""
    groups = []
    for line in _text(root / "proc/self/cgroup").splitlines():
        parts = line.split(":", 2)
        if len(parts) != 3:
            continue
        inside = parts[2].lstrip("/")
        if parts[0] == "0" and not parts[1]:
            groups.append((root / "sys/fs/cgroup" / inside, True))
        elif "cpu" in parts[1].split(","):
            groups += [
                (root / "sys/fs/cgroup" / name / inside, False) for name in ("cpu", parts[1])
            ]
    return groups


def _version_2(folder: Path) -> float | None:
    quota, _, period = _text(folder / "cpu.max").partition(" ")
    return _cores(quota, period or "100000")


def _version_1(folder: Path) -> float | None:
    return _cores(_text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us"))


def _cores(quota: str, period: str) -> float | None:
    """Divide; "max", -1 and nothing mean no quota."""
    try:
        cores = int(quota) / int(period)
    except (ValueError, ZeroDivisionError):
        return None
    return cores if cores > 0 else None


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""

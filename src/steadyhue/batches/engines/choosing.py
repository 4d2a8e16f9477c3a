"""Which engine, by its name."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

from steadyhue.batches.engines import Engine
from steadyhue.batches.engines.here import Here
from steadyhue.batches.engines.local import Local
from steadyhue.errors import OptionError
from steadyhue.threads import VARIABLE, threads

ENGINES = ("local", "dask")


def engine_of(
    name: str,
    *,
    jobs: int | None = None,
    timeout: float | None = None,
    scheduler: str | None = None,
) -> Callable[[], Engine]:
    """Return what starts an engine, when options are checked.

    Raises
    ------
    OptionError
        If an option is unknown, out of its range or contradicts another.
    """
    if name not in ENGINES:
        raise OptionError(f"engine must be one of {', '.join(ENGINES)}, got {name!r}")
    if jobs is not None and jobs < 1:
        raise OptionError(f"jobs must be at least 1, got {jobs}")
    if timeout is not None and not 0 < timeout < float("inf"):
        raise OptionError(f"timeout must be positive, got {timeout}")
    if scheduler is not None and name != "dask":
        raise OptionError("a scheduler needs engine 'dask'")
    if name == "dask":
        if scheduler is not None and jobs is not None:
            raise OptionError("jobs has no effect beside a scheduler, which has its workers")
        from steadyhue.batches.engines.cluster import Cluster

        return partial(Cluster, scheduler, jobs or threads(), timeout)
    return partial(local, jobs or threads(), timeout)


def local(jobs: int, timeout: float | None = None, *, here: bool = False) -> Engine:
    """Return the engine for so many processes on this machine; `here` makes one this one."""
    if here and jobs == 1 and timeout is None:
        return Here()
    # Who says how many threads a kernel may use means each process; else they share the cores.
    told = VARIABLE in os.environ
    return Local(jobs, timeout=timeout, threads=threads() if told else max(1, threads() // jobs))

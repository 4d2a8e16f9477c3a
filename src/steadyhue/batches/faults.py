"""Faults: what went wrong with a file, and whether trying again can help."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Literal

from steadyhue.errors import OutputError, SteadyhueError, printable, sentence

Kind = Literal["input", "transient", "memory", "lost"]
"""``input``: the file or the request, the same each time. ``transient``: a network or a disk
that may recover. ``memory``: not enough of it. ``lost``: the process died, or was ended because it took too long."""

_PASSING = {
    getattr(errno, name)
    for name in (
        *("EAGAIN", "EBUSY", "EINTR", "EIO", "ESTALE", "ETIMEDOUT", "EREMOTEIO", "EPIPE"),
        *("ECONNABORTED", "ECONNREFUSED", "ECONNRESET", "ENETDOWN", "ENETRESET", "ENETUNREACH"),
        *("EHOSTDOWN", "EHOSTUNREACH", "ENFILE", "EMFILE", "ENOLCK"),
    )
    if hasattr(errno, name)
}
"""Errors of network file systems and stores that pass by themselves (errno(3))."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong.

    Attributes
    ----------
    kind : str
        See `Kind`.
    sentence : str
        Names the file and the reason.
    """

    kind: Kind
    sentence: str


def fault_of(error: Exception, what: str) -> Fault:
    """Return what an exception means for the file that it is about."""
    reason = sentence(error)
    if not isinstance(error, SteadyhueError | OSError | MemoryError):
        reason = f"a mistake of this program: {type(error).__name__}: {printable(str(error))}"
    named = isinstance(error, OutputError) or reason.startswith(what)
    return Fault(_kind(error), reason if named else f"{what}: {reason}")


def _kind(error: BaseException | None) -> Kind:
    """Tell by the error, or by what caused it: readers put what the system says into words."""
    while error is not None:
        if isinstance(error, MemoryError):
            return "memory"
        if isinstance(error, TimeoutError | ConnectionError):
            return "transient"
        if isinstance(error, OSError) and error.errno in _PASSING:
            return "transient"
        error = error.__cause__
    return "input"

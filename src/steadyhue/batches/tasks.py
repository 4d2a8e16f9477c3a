"""Tasks: plain functions of plain values that run anywhere, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from steadyhue.batches.faults import Fault, fault_of
from steadyhue.errors import heard

Function = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Importable by name; takes and returns values that pickle."""


@dataclass(slots=True, eq=False)
class Task:
    """One call of a function, on whatever process.

    Attributes
    ----------
    function : callable
    payload : mapping
        Its argument.
    what : str
        The file that it is about, for messages.
    tries : int
        How often it was begun.
    alone : bool
        Whether nothing else may run beside it: what kills its process is then known.
    """

    function: Function
    payload: Mapping[str, Any]
    what: str
    tries: int = 0
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back of a task.

    Attributes
    ----------
    value : mapping or None
        What the function returned.
    fault : Fault or None
        What went wrong.
    warnings : tuple of str
        What is left out of the file.
    """

    value: Mapping[str, Any] | None = None
    fault: Fault | None = None
    warnings: tuple[str, ...] = ()


def attempt(function: Function, payload: Mapping[str, Any], what: str) -> Answer:
    """Call a function, and return what came of it; nothing a file can cause is raised."""
    told: list[str] = []
    with heard(told.append):
        try:
            value, fault = function(payload), None
        except Exception as error:  # one file's trouble must not be that of all others
            value, fault = None, fault_of(error, what)
    return Answer(value, fault, tuple(told))

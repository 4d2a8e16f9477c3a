"""Engines: what carries tasks out, in this process, in others, or on other machines."""

from __future__ import annotations

from typing import Protocol

from steadyhue.batches.tasks import Answer, Task


class Engine(Protocol):
    """Carries out tasks; begins no more than it is given.

    It never raises for what a task does. A task whose process died, or was ended because it took
    too long, is answered by a fault of kind ``lost``.
    """

    def room(self) -> int:
        """Return how many more tasks it can use now."""

    def submit(self, task: Task) -> None:
        """Begin a task, or keep it ready to begin."""

    def wait(self, seconds: float | None) -> list[tuple[Task, Answer]]:
        """Wait for answers, at most so long; None waits for one."""

    def close(self) -> None:
        """End what is under way, and let go of everything."""

"""The engine for one task at a time, in this process: nothing is started, nothing is caught."""

from __future__ import annotations

from steadyhue.batches.tasks import Answer, Task, attempt


class Here:
    """Carries out a task when its answer is waited for."""

    def __init__(self) -> None:
        self._task: Task | None = None

    def room(self) -> int:
        """Return 1 if there is no task yet."""
        return int(self._task is None)

    def submit(self, task: Task) -> None:
        """Keep a task."""
        self._task = task

    def wait(self, seconds: float | None) -> list[tuple[Task, Answer]]:
        """Carry the task out."""
        task = self._task
        if task is None:
            return []
        answer = attempt(task.function, task.payload, task.what)
        self._task = None
        return [(task, answer)]

    def close(self) -> None:
        """Let go of the task."""
        self._task = None

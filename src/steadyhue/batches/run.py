"""A run: stories become tasks, tasks answers, answers outcomes; what may pass is tried again."""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from steadyhue.batches.engines import Engine
from steadyhue.batches.faults import Fault
from steadyhue.batches.tasks import Answer, Task

BACKOFF = 1.0
"""Seconds before a second try; each further one waits twice as long."""

DEFAULT_TRIES = 3
"""Of a task whose trouble may pass: over three seconds, in which a store gets its breath back."""

Story = Generator[list[Task], list[Mapping[str, Any]], Mapping[str, Any]]
"""What is to be done for one output: yields tasks that may run at once, is sent their
values, and returns what came of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input.

    Attributes
    ----------
    source, target : str
        Input and output.
    error : str or None
        What went wrong, in one sentence; None if the output is there.
    kept : bool
        Whether it was there before, made from the same input in the same way.
    frames : int
        How many were made.
    seconds : float
        How long processes were at work on it.
    tries : int
        How often its most stubborn part was begun.
    warnings : tuple of str
        What is left out of the input.
    seams : tuple of (int, float)
        Where parts of one shot meet: the number of the frame after, and the share in [0, 1] of what
        holds still that changes there.
    """

    source: str
    target: str
    error: str | None = None
    kept: bool = False
    frames: int = 0
    seconds: float = 0.0
    tries: int = 0
    warnings: tuple[str, ...] = ()
    seams: tuple[tuple[int, float], ...] = ()


class Failed(Exception):
    """A task of a story could not be done; thrown into the story."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.sentence)
        self.fault = fault


@dataclass(slots=True, eq=False)
class _Open:
    """A story that is under way."""

    story: Story
    outcome: Outcome
    tasks: list[Task] = field(default_factory=list)
    values: dict[Task, Mapping[str, Any]] = field(default_factory=dict)


class Run:
    """Carries stories out on an engine; iterate it once for the outcomes, as they come.

    Parameters
    ----------
    stories : iterable of (source, target, Story)
        Pulled as the engine has room, so that any number takes no more memory than a few.
    engine : Engine
        Closed at the end, also if that comes before its time.
    tries : int
        Most tries of a task whose trouble may pass.
    backoff : float
        Seconds before the second try.
    """

    def __init__(
        self,
        stories: Iterable[tuple[str, str, Story]],
        engine: Engine,
        *,
        tries: int = DEFAULT_TRIES,
        backoff: float = BACKOFF,
    ) -> None:
        self._stories = iter(stories)
        self._engine = engine
        self._tries = tries
        self._backoff = backoff
        self._story_of: dict[Task, _Open] = {}
        self._ready: deque[Task] = deque()
        self._alone: deque[Task] = deque()
        self._later: list[tuple[float, int, Task]] = []
        self._number = count()
        self._under_way: set[Task] = set()
        self._done: deque[Outcome] = deque()

    def __iter__(self) -> Iterator[Outcome]:
        try:
            while True:
                self._fill()
                while self._done:
                    yield self._done.popleft()
                if not self._story_of:
                    return
                for task, answer in self._engine.wait(self._patience()):
                    self._under_way.discard(task)
                    self._take(task, answer)
        finally:
            self._engine.close()

    def _fill(self) -> None:
        """Give the engine what it has room for."""
        while self._engine.room() > 0 and not any(task.alone for task in self._under_way):
            task = self._next()
            if task is None:
                return
            if task not in self._story_of:
                continue  # its story has ended without it
            task.tries += 1
            self._under_way.add(task)
            self._engine.submit(task)

    def _next(self) -> Task | None:
        if self._later and self._later[0][0] <= time.monotonic():
            return heapq.heappop(self._later)[2]
        while not self._ready:
            begun = next(self._stories, None)
            if begun is None:
                break
            source, target, story = begun
            self._go_on(_Open(story, Outcome(source, target)))
        if self._ready:
            return self._ready.popleft()
        if self._alone and not self._under_way:
            return self._alone.popleft()
        return None

    def _patience(self) -> float | None:
        if not self._later:
            return None
        left = max(0.0, self._later[0][0] - time.monotonic())
        if not self._under_way:
            time.sleep(left)  # an engine without tasks has nothing to wait for
        return left

    def _take(self, task: Task, answer: Answer) -> None:
        """Take an answer: go on with its story, or try again."""
        opened = self._story_of.get(task)
        if opened is None:
            return
        outcome = opened.outcome
        opened.outcome = replace(
            outcome,
            tries=max(outcome.tries, task.tries),
            warnings=tuple(dict.fromkeys((*outcome.warnings, *answer.warnings))),
        )
        if answer.fault is None:
            opened.values[task] = answer.value or {}
            if len(opened.values) == len(opened.tasks):
                self._go_on(opened)
        elif not self._again(task, answer.fault):
            self._go_on(opened, Failed(answer.fault))

    def _again(self, task: Task, fault: Fault) -> bool:
        """Put a task on the list again, if that can help."""
        if fault.kind == "transient" and task.tries < self._tries:
            at = time.monotonic() + self._backoff * 2 ** (task.tries - 1)
            heapq.heappush(self._later, (at, next(self._number), task))
            return True
        if fault.kind in ("lost", "memory") and not task.alone and self._tries > 1:
            task.alone = True
            self._alone.append(task)
            return True
        return False

    def _go_on(self, opened: _Open, failed: Failed | None = None) -> None:
        """Let a story go on, until it waits for tasks or ends."""
        values = [opened.values[task] for task in opened.tasks] if failed is None else []
        for task in opened.tasks:
            self._story_of.pop(task, None)
        opened.tasks, opened.values = [], {}
        try:
            while not opened.tasks:
                if failed is not None:
                    opened.tasks = opened.story.throw(failed)
                elif not values:
                    opened.tasks = next(opened.story)
                else:
                    opened.tasks = opened.story.send(values)
                failed, values = None, []
        except StopIteration as end:
            self._done.append(replace(opened.outcome, **end.value))
        except Failed as error:
            self._done.append(replace(opened.outcome, error=error.fault.sentence))
        else:
            self._story_of.update(dict.fromkeys(opened.tasks, opened))
            self._ready.extend(opened.tasks)

"""Which frames of a source are used, and for how long.

The choice is made on (item, milliseconds) pairs before anything is converted,
so a frame that is left out costs its decoding at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from steadyhue.ranges import number, positive, whole

Item = TypeVar("Item")

DEFAULT_PERIOD = 100.0
"""Milliseconds a frame of a source that has no times."""

LEAST_FPS, MOST_FPS = 0.001, 1000
"""Frames a second: no slide show is slower, and one a millisecond is finer than any screen."""


@dataclass(frozen=True, slots=True)
class Timing:
    """A cut of a source, thinned out and brought to a constant rate, in this order.

    Attributes
    ----------
    start : float
        Milliseconds to leave out at the beginning.
    duration : float or None
        Milliseconds to keep after that; None keeps all.
    every : int
        Keep one frame of so many; it stays for the time of those left out.
    fps : float or None
        Frames a second to come to by repeating and leaving out; None keeps
        every frame and its time.

    Raises
    ------
    OptionError
        If a value is no number or out of its range.
    """

    start: float = 0.0
    duration: float | None = None
    every: int = 1
    fps: float | None = None

    def __post_init__(self) -> None:
        plain: dict[str, float] = {
            "start": number(self.start, "start", 0),
            "every": whole(self.every, "every", 1),
        }
        if self.duration is not None:
            plain["duration"] = positive(self.duration, "duration")
        if self.fps is not None:
            plain["fps"] = number(self.fps, "fps", LEAST_FPS, MOST_FPS)
        for name, value in plain.items():
            object.__setattr__(self, name, value)

    @property
    def keeps_all(self) -> bool:
        """Whether every frame and time stays as it is."""
        return self == Timing()

    def select(self, items: Iterable[tuple[Item, float]]) -> Iterator[tuple[Item, float]]:
        """Yield the chosen (item, milliseconds) pairs; stops reading after the last one."""
        chosen = iter(items)
        if self.start or self.duration is not None:
            chosen = _cut(chosen, self.start, self.duration)
        if self.every > 1:
            chosen = _thin(chosen, self.every)
        if self.fps is not None:
            chosen = _at_rate(chosen, 1000.0 / self.fps)
        return chosen

    def pace(self, items: Iterable[Item]) -> Iterator[tuple[Item, float]]:
        """Do the same to items without times: `fps` says how fast they come, 10 a second if None.

        Every item is kept then; none is repeated or left out to come to a rate.
        """
        period = DEFAULT_PERIOD if self.fps is None else 1000.0 / self.fps
        return replace(self, fps=None).select((item, period) for item in items)


def _cut(
    items: Iterator[tuple[Item, float]], start: float, duration: float | None
) -> Iterator[tuple[Item, float]]:
    end = float("inf") if duration is None else start + duration
    begin = 0.0
    for item, time in items:
        finish = begin + time
        if finish > start or begin >= start:
            yield item, min(finish, end) - max(begin, start)
        begin = finish
        if begin >= end:
            return


def _thin(items: Iterator[tuple[Item, float]], every: int) -> Iterator[tuple[Item, float]]:
    held: tuple[Item, float] | None = None
    for place, (item, time) in enumerate(items):
        if held is None:
            held = item, time
        elif place % every:
            held = held[0], held[1] + time
        else:
            yield held
            held = item, time
    if held is not None:
        yield held


def _at_rate(items: Iterator[tuple[Item, float]], period: float) -> Iterator[tuple[Item, float]]:
    """Show at each tick what the source shows in the middle of it; at least one frame."""
    tick = 0
    finish = 0.0
    last: Item | None = None
    for item, time in items:
        finish += time
        last = item
        while (tick + 0.5) * period < finish:
            yield item, period
            tick += 1
    if tick == 0 and last is not None:
        yield last, period

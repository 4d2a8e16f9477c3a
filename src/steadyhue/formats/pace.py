"""From milliseconds to the times that a format can say, so that the length of the whole holds."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import floor, inf

from steadyhue.errors import FormatWarning
from steadyhue.frame import LONGEST

SLOWED = 10.0
"""Milliseconds up to which players show a frame for 100: Firefox and Chromium (`BitmapImage`)."""


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What times a format has.

    Attributes
    ----------
    kind : str
        What to call it in a sentence, with its article.
    unit : float
        Milliseconds of its unit of time.
    shortest, longest : float
        Units that a frame can be seen for.
    whole : bool
        Whether times are whole units.
    """

    kind: str
    unit: float
    shortest: float
    longest: float = inf
    whole: bool = True


class Pace:
    """Hands out the times of frames one by one; what rounding takes is owed to later frames.

    A frame that is shorter than the format can show is shown for the shortest time if it is on
    screen in the middle of that; else it is left out. A frame that is longer than the format
    can say is repeated.

    Parameters
    ----------
    clockwork : Clockwork
        Of the format.
    real_times : bool
        Whether times of at most `SLOWED` are meant. Else they are delays as image files have
        them, which players slow down: they are kept as they are.
    """

    def __init__(self, clockwork: Clockwork, *, real_times: bool = False) -> None:
        self._clockwork = clockwork
        self._real_times = real_times
        self._owed = 0.0  # units by which the times so far are too short
        self._frames = 0
        self._merged = 0
        self._short = 0.0  # milliseconds of the frames that are too short
        self._n_short = 0

    def times(self, duration: float) -> list[float]:
        """Return the units to show a frame for: none if it is left out, several if repeated."""
        self._frames += 1
        if duration <= 0:
            return [0.0]
        if not duration <= LONGEST:
            raise ValueError(f"a frame is on screen for at most a week, not {duration:g} ms")
        clockwork = self._clockwork
        self._owed += duration / clockwork.unit
        if not self._real_times and duration <= SLOWED:
            time = max(self._rounded(), 1)
        elif duration / clockwork.unit < clockwork.shortest:
            self._short += duration
            self._n_short += 1
            if self._frames > 1 and self._owed <= clockwork.shortest / 2:
                self._merged += 1
                return []
            # Rounding down leaves room for the most frames.
            time = max(floor(self._owed), clockwork.shortest)
        else:
            time = max(self._rounded(), clockwork.shortest)
        self._owed -= time
        return _parts(time, clockwork)

    def _rounded(self) -> float:
        return round(self._owed) if self._clockwork.whole else self._owed

    def tell(self) -> None:
        """Warn if frames were left out."""
        if self._merged:
            rate = 1000 * self._n_short / self._short
            warnings.warn(
                f"{rate:.0f} frames a second are more than {self._clockwork.kind} can show: "
                f"{self._merged} of {self._frames} frames were merged",
                FormatWarning,
                stacklevel=3,
            )


def _parts(time: float, clockwork: Clockwork) -> list[float]:
    """Cut a time that is too long into some that are neither too long nor too short."""
    parts = []
    while time > clockwork.longest:
        part = min(clockwork.longest, time - clockwork.shortest)
        parts.append(part)
        time -= part
    return [*parts, time]

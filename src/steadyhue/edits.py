"""Edits: slots that are shown in a color of someone's choice, in every frame.

Slot i is the same cluster throughout, so an edit recolors a thing and not a moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steadyhue.errors import OptionError
from steadyhue.frame import IndexedFrame
from steadyhue.palette import Palette
from steadyhue.report import FrameReport
from steadyhue.words import parse_color

Replacement = str | tuple[int, int, int] | int
"""What a slot shows: a color, or the number of a slot whose color it takes."""


@dataclass(frozen=True, slots=True)
class Edits:
    """Slots that are shown in another color.

    Make one with `Edits.of` or `Edits.parse`.

    Attributes
    ----------
    slots : mapping
        From a slot to its sRGB color, or to the slot whose color it takes; no circles.
    """

    slots: Mapping[int, tuple[int, int, int] | int] = field(default_factory=dict)

    @classmethod
    def of(cls, slots: Mapping[int, Replacement]) -> Edits:
        """Check the slots and read their colors.

        Raises
        ------
        OptionError
            If a slot or color is none, or slots take each other's color in a circle.
        """
        edits = cls({_slot(slot): _shown(slot, shown) for slot, shown in slots.items()})
        for slot in edits.slots:
            edits._end(slot)
        return edits

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Edits:
        """Read edits such as ``3=#ff0000``, ``3=navy`` or ``3=5``, as slot 5 is shown.

        Raises
        ------
        OptionError
            As for `of`, or if a text has another form.
        """
        slots: dict[int, Replacement] = {}
        for text in texts:
            found = re.fullmatch(r"\s*(\d{1,3})\s*=\s*(\S+)\s*", text, re.ASCII)
            if found is None:
                raise OptionError(f"{text!r} is no edit such as 3=#ff0000 or 3=5")
            what = found[2]
            slots[int(found[1])] = int(what) if re.fullmatch(r"\d{1,3}", what, re.ASCII) else what
        return cls.of(slots)

    def check(self, colors: int) -> None:
        """Raise `OptionError` unless all slots are among so many."""
        named = [*self.slots, *(s for s in self.slots.values() if isinstance(s, int))]
        if named and max(named) >= colors:
            raise OptionError(
                f"there is no slot {max(named)}: with {colors} colors the last is {colors - 1}"
            )

    def __call__(self, frame: IndexedFrame, report: FrameReport) -> NDArray[np.uint8]:
        """Return the palette of a frame with its edits, (k, 3) uint8."""
        colors = frame.palette.copy()
        for slot in self.slots:
            shown = self._end(slot)
            if slot >= len(colors) or (isinstance(shown, int) and shown >= len(colors)):
                continue  # a frame with fewer colors
            colors[slot] = frame.palette[shown] if isinstance(shown, int) else shown
        return colors

    def _end(self, slot: int) -> tuple[int, int, int] | int:
        """Return the color that a slot shows, or the slot whose own color that is."""
        shown: tuple[int, int, int] | int = slot
        for _ in range(len(self.slots) + 1):
            if not (isinstance(shown, int) and shown in self.slots):
                return shown
            shown = self.slots[shown]
        raise OptionError(f"slot {slot} takes a color from itself, in a circle")

    def to_dict(self) -> dict[str, Any]:
        """Return the edits as plain JSON values: colors as ``#rrggbb``, slots as numbers."""
        return {
            str(slot): shown if isinstance(shown, int) else Palette([shown]).hex[0]
            for slot, shown in self.slots.items()
        }

    def texts(self) -> list[str]:
        """Return the edits as `parse` takes them."""
        return [f"{slot}={shown}" for slot, shown in self.to_dict().items()]


def _slot(slot: object) -> int:
    if isinstance(slot, bool) or not isinstance(slot, (int, np.integer)) or not 0 <= slot <= 255:
        raise OptionError(f"a slot is a whole number in [0, 255], not {slot!r}")
    return int(slot)


def _shown(slot: object, shown: Replacement) -> tuple[int, int, int] | int:
    try:
        if isinstance(shown, str):
            return parse_color(shown)
        if isinstance(shown, (int, np.integer)):
            return _slot(shown)
        red, green, blue = Palette([shown]).colors[0].tolist()
        return red, green, blue
    except (TypeError, ValueError) as error:
        raise OptionError(f"slot {slot}: {error}") from None

"""Parts of a clip, each read by itself: for long clips, which many processes share.

The clip is laid out once: which items are shown, and for how long. Then any run of its frames can be
made, the same as in the whole. A video is begun at the key frame before; of other files the items
before are passed over, which costs their decoding at most.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from steadyhue.errors import FormatError
from steadyhue.formats.adapt import Frames, items_of
from steadyhue.formats.source import Index
from steadyhue.frame import Frame

Pick = tuple[int, float]
"""The number of an item that is shown, and the milliseconds it is shown for."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which items of a clip are shown, one pick a frame.

    Attributes
    ----------
    picks : list of (int, float)
    index : Index or None
        Where the file can be begun; None if only at its beginning.
    """

    picks: list[Pick]
    index: Index | None = None

    def part(self, start: int, stop: int) -> Part:
        """Return what is needed to make the frames from `start` to before `stop`."""
        picks = self.picks[start:stop]
        if self.index is None or not picks:
            return Part(start, picks)
        entries = self.index.entries
        first, mark = entries[bisect_right(entries, (picks[0][0], float("inf"))) - 1]
        return Part(start, picks, first, mark, self.index.times[first : picks[-1][0] + 1])


@dataclass(frozen=True, slots=True)
class Part:
    """A run of the frames of a clip.

    Attributes
    ----------
    start : int
        Number of its first frame.
    picks : list of (int, float)
    first : int
        Number of the item that reading begins at.
    mark : int or None
        Of the entry there; None reads from the beginning.
    times : list of float
        What the items from there on must say of their times, so that none is missing.
    """

    start: int
    picks: list[Pick]
    first: int = 0
    mark: int | None = None
    times: list[float] | None = None


def indexed_layout(frames: Frames) -> Layout | None:
    """Lay a clip out by the index of its file; None if it has none."""
    index = None if frames.source.index is None else frames.source.index()
    if index is None:
        return None
    return Layout(list(frames.chosen(iter(enumerate(index.times)))), index)


def laid_out(frames: Frames) -> Iterator[tuple[Pick, Frame]]:
    """Yield the frames of a clip and what each was made of, for a layout without an index."""
    picks: list[Pick] = []

    def chosen() -> Iterator[tuple[Any, float]]:
        for (number, item), duration in frames.chosen(_numbered(frames)):
            picks.append((number, duration))
            yield item, duration

    for count, frame in enumerate(frames.made(chosen())):
        yield picks[count], frame


def frames_of(frames: Frames, part: Part) -> Iterator[Frame]:
    """Make the frames of a part, the same as in the whole.

    Raises
    ------
    FormatError
        If the file does not hold what its index says, or as for the whole.
    """
    return frames.made(_picked(frames, part), part.start)


def _picked(frames: Frames, part: Part) -> Iterator[tuple[Any, float]]:
    wanted = iter(part.picks)
    pick = next(wanted, None)
    source = frames.source
    if part.mark is None or source.items_from is None:
        items = items_of(source)
    else:
        items = iter(source.items_from(part.mark))
    for count, (item, time) in enumerate(items):
        if part.times is not None and time != part.times[count]:
            break
        while pick is not None and pick[0] == part.first + count:
            yield item, pick[1]
            pick = next(wanted, None)
        if pick is None:
            return
    if pick is not None:
        raise FormatError(f"{source.name}: its frames are not those that its index tells of")


def _numbered(frames: Frames) -> Iterator[tuple[tuple[int, Any], float]]:
    for number, (item, time) in enumerate(items_of(frames.source)):
        yield (number, item), time

"""Sources: what a reader makes of a file, before anything is cut, resized or flattened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from steadyhue.formats.losses import Losses
from steadyhue.formats.raster import Pixels
from steadyhue.formats.spool import Spool
from steadyhue.frame import Frame

Data = Path | Spool | bytes
"""A file, what a stream held, or all the bytes of a file."""


@dataclass(frozen=True, slots=True)
class Index:
    """What is in a file, told without decoding it.

    Attributes
    ----------
    times : list of float
        Milliseconds of each item.
    entries : list of (int, int)
        Numbers of items at which a reader can begin, from 0 on, and the mark to find each by.
    """

    times: list[float]
    entries: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Source:
    """A file as its reader knows it. `formats.adapt` makes an animation of it.

    Both callables can be pickled, where the file can be opened again.

    Attributes
    ----------
    name : str
        What to call it in messages.
    width, height : int
        Size of the first picture in pixels, as it is to be shown.
    items : callable
        Returns a fresh iterable of (item, milliseconds) each time. An item is whatever is
        cheap to hold: a path, a decoded picture, a frame.
    pixels : callable
        Makes pixels of an item, or a `Frame` where its colors are counted already.
    n_frames : int or None
        Number of items where it is known.
    loop : int
        How often to play; 0 means forever.
    timed : bool
        Whether the items have times of their own.
    real_times : bool
        Whether frames of at most 10 ms are meant to be on screen so briefly, as in a video.
        In image files that is not a time but a delay that players show as 100 ms.
    mixed : bool
        Whether it is known beforehand that pictures differ in size.
    foreign : bool
        Whether items and pixels come from a file, whose faults are told in one sentence;
        those of a caller's own animation are his to see.
    losses : Losses
        What is left out or cut short; told when the last item was read.
    index : callable or None
        Returns the `Index` of a file that can be begun in its midst, or None if it has none
        that can be believed.
    items_from : callable or None
        Takes the mark of an entry, and returns the items from there on; the same as those of `items`.
    """

    name: str
    width: int
    height: int
    items: Callable[[], Iterable[tuple[Any, float]]]
    pixels: Callable[[Any], Pixels | Frame]
    n_frames: int | None = None
    loop: int = 0
    timed: bool = True
    real_times: bool = False
    mixed: bool = False
    foreign: bool = True
    losses: Losses = field(default_factory=Losses)
    index: Callable[[], Index | None] | None = None
    items_from: Callable[[int], Iterable[tuple[Any, float]]] | None = None


def as_it_is(item: Any) -> Any:
    """Return the item: it is pixels, or a frame, already."""
    return item


def opened(data: Data) -> BinaryIO:
    """Open a file, or bytes as one, for reading."""
    if isinstance(data, bytes):
        return BytesIO(data)
    return data.open() if isinstance(data, Spool) else data.open("rb")

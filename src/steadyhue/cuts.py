"""Cuts: where a new shot begins, judged on what the eye sees.

Most GIFs are dithered, and dithering that is made anew for every frame changes most pixels and
most colors. The eye does not see that, as it sees local means. So do we: frames are compared by
a **coarse picture**, the means of cells of at least 64 pixels.

Two frames **resemble** each other where one of these holds, since no cut of our benchmark passes
any of them and hardly anything else fails all (docs/cuts.md):

- the coarse pictures differ by little, or half of them not at all: noise, small movements, what
  is inserted;
- they correlate: fades, a light switched on, a flash, zooms;
- they have the same colors, in a histogram of local means: pans, fast movement;
- one is nearly flat and the other not far: the last step of a fade;
- they have the same outline on a transparent ground: a sprite that changes its colors.

A **cut** is before frame t if no frame up to t - 1 resembles one from t on, of those at most
`REACH` apart. So a picture that comes back within three frames, a flash or a strobe, is not a cut,
nor is an animation of two pictures in turn. Frames before a cut are never compared with frames
past it again, which makes a clip exactly the sequence of its shots: where a cut is found, the marks on
both its sides are those of the two parts by themselves. (A pair that denies a cut denies every
other between its frames too, so no pair across a cut that was found ever counts.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.box import NOTHING
from steadyhue.frame import Frame

T = TypeVar("T")

REACH = 4
"""Most frames between two that are compared: a picture that is gone for three comes back."""

FINE = 36, 64
"""Most rows and columns of local means."""

BLOCK = 8
"""Least side in pixels of what has a local mean, so that dithering averages out."""

COARSE = 9, 16
"""Most rows and columns of the coarse picture."""

FEW = 12
"""Cells below which their arrangement says nothing; a small picture has single pixels for them."""

CLOSE = 16
"""Mean difference in levels up to which coarse pictures are alike; the least of a cut is 25."""

HELD = 6
"""Levels by which the channels of half of the cells move at most where the picture holds still."""

CLOSE_FLAT = 40
"""The same where one of them is flat: a fade in five steps to black ends with 36."""

CLOSE_FEW = 48
"""Levels by which the channels of a quarter of few cells move at most where too little is seen."""

FLAT = 3
"""Standard deviation in levels below which a coarse picture is flat."""

CORRELATION = 0.7
"""From which on coarse pictures are alike; the highest of a cut is 0.61, the lowest else 0.76."""

COLORS = 0.85
"""Share of the local means in common from which on two frames are alike; 0.80 and 0.90."""

OUTLINE = 2 / 3
"""Share of the cells that are opaque in either of two sprites from which on in both: 0.69."""

GROUND = 1 / 4
"""Share of the cells that are transparent from which on there is an outline."""

_SCALE = 16  # a mean is kept in as many parts of a level


@dataclass(frozen=True, slots=True, eq=False)
class Coarse:
    """What is seen of a frame from afar.

    Attributes
    ----------
    means : (rows, columns, 3) int64 array
        Of the opaque pixels of each cell, in sixteenths of a level; 0 where it is not opaque.
    opaque : (rows, columns) bool array
        Where at least half of a cell is.
    histogram : (512,) int64 array
        Local means in boxes of 32 x 32 x 32 levels.
    outline : (fine rows, fine columns) bool array
        Where there are local means.
    sums : (fine rows, fine columns, 4) int64 array
        The channels of the opaque pixels of each fine cell added up, and their number.
    """

    means: NDArray[np.int64]
    opaque: NDArray[np.bool_]
    histogram: NDArray[np.int64]
    outline: NDArray[np.bool_]
    sums: NDArray[np.int64]

    @classmethod
    def of(cls, frame: Frame, last: tuple[Frame, Coarse] | None = None) -> Coarse:
        """Look at a frame from afar; of one that is like the `last` only where it differs."""
        box = known = None
        if last is not None:
            known, box = last[1].sums, frame.changed_since(last[0])
            if box == NOTHING:
                return last[1]
        side = BLOCK if frame.ids.size >= FEW * BLOCK**2 else 1
        rows, columns = (
            min(most, max(1, length // side))
            for most, length in zip(FINE, frame.ids.shape, strict=True)
        )
        fine = _native.sum_cells(frame.ids, frame.colors, rows, columns, box, known)
        area = frame.ids.size // (rows * columns)
        histogram, outline = _native.local_colors(fine, area)
        sums = _native.pooled_cells(fine, min(COARSE[0], rows), min(COARSE[1], columns))
        area = frame.ids.size // (sums.shape[0] * sums.shape[1])
        means, opaque = _native.cell_means(sums, area, _SCALE)
        return cls(means, opaque.view(np.bool_), histogram, outline.view(np.bool_), fine)

    def resembles(self, other: Coarse) -> bool:
        """Tell whether two frames of one size may be of one shot."""
        if self.sums is other.sums:
            return True
        both = self.opaque & other.opaque
        a, b = self.means[both], other.means[both]
        n = len(a)
        moves = np.abs(a - b)
        most = moves.max(axis=1, initial=0)
        if n < FEW:
            # Of a picture that is mostly transparent too little can be said.
            return n < both.size or 4 * int(np.count_nonzero(most <= CLOSE_FEW * _SCALE)) >= n
        difference = int(moves.sum())  # of all cells and channels
        unit = 3 * n * _SCALE  # that of one level
        return (
            difference <= CLOSE * unit
            or 2 * int(np.count_nonzero(most <= HELD * _SCALE)) >= n
            or _alike(a, b, difference <= CLOSE_FLAT * unit)
            or _in_common(self.histogram, other.histogram) >= COLORS
            or _same_outline(self.outline, other.outline)
        )


def marked(frames: Iterable[Frame]) -> Iterator[tuple[Frame, bool]]:
    """Mark the frames that begin a new shot.

    Parameters
    ----------
    frames : iterable of Frame
        Of one size. Pulled one at a time, and three ahead where there may be a cut.

    Yields
    ------
    Frame, bool
        A frame, and whether it begins a new shot; the first one does not.
    """
    return marked_by(frames, lambda frame: frame)


def marked_by(items: Iterable[T], frame_of: Callable[[T], Frame]) -> Iterator[tuple[T, bool]]:
    """Mark whatever carries the frames of a clip, as `marked` does."""
    pulled = iter(items)
    before: deque[Coarse] = deque(maxlen=REACH)  # of this shot, the last one first
    ahead: deque[tuple[T, Coarse]] = deque()
    last: tuple[Frame, Coarse] | None = None

    def reaches(count: int) -> bool:
        """Pull until so many wait, if there are."""
        nonlocal last
        for item in islice(pulled, max(0, count - len(ahead))):
            frame = frame_of(item)
            last = frame, Coarse.of(frame, last)
            ahead.append((item, last[1]))
        return len(ahead) >= count

    while reaches(1):
        cut = bool(before) and not any(
            coarse.resembles(ahead[later][1])
            for later in range(REACH)
            if reaches(later + 1)
            for coarse in islice(before, REACH - later)
        )
        if cut:
            before.clear()
        item, coarse = ahead.popleft()
        before.appendleft(coarse)
        yield item, cut


def is_cut(before: Frame, after: Frame) -> bool:
    """Tell whether two frames, of which no neighbors are known, are of two shots."""
    return not Coarse.of(before).resembles(Coarse.of(after))


def _alike(a: NDArray[np.int64], b: NDArray[np.int64], close: bool) -> bool:
    """Tell whether coarse pictures correlate, or are `close` and one is flat."""
    n = len(a)
    a, b = n * a - a.sum(axis=0), n * b - b.sum(axis=0)
    # Python's integers: products of three of these do not fit 64 bits.
    varied, other, common = int((a * a).sum()), int((b * b).sum()), int((a * b).sum())
    if min(varied, other) < 3 * n * (n * _SCALE * FLAT) ** 2:
        return close
    return common > 0 and common * common >= CORRELATION**2 * varied * other


def _in_common(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    """Return the share of two histograms that is in both, in [0, 1]."""
    return int(np.minimum(a, b).sum()) / max(1, int(a.sum()), int(b.sum()))


def _same_outline(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> bool:
    """Tell whether there is a transparent ground, and what is before it has one shape."""
    either, both = np.count_nonzero(a | b), np.count_nonzero(a & b)
    return bool(either <= (1 - GROUND) * a.size and both >= OUTLINE * either)

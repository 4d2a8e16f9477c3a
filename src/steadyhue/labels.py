"""Labels over time: the slot of every pixel, by what it costs and what repainting costs.

A pixel whose source holds still from one frame to the next is linked to itself. Over a run
of linked frames the cheapest sequence of slots is found exactly (`native/labels.hpp`): each
frame costs the pixel's error, in multiples of what a pixel costs at best, and each step costs
a price for repainting at all plus one by the change of the color shown. So a pixel goes on
showing its color while that is worth it over the frames to come, and no longer.

Windows of frames are solved, of which all but the last few are kept: as good as the whole clip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.box import NOTHING, Box, inside, union
from steadyhue.color import grid_points
from steadyhue.extents import Extents
from steadyhue.frame import Frame
from steadyhue.modes.step import Prices
from steadyhue.settings import Settings
from steadyhue.stages import Planned, Shown, moved_colors, nearest
from steadyhue.threads import threads

LOOK = 10
"""Most frames that are weighed together: as good as the whole clip."""

COMMIT = 6
"""Frames of a window that are kept; of a shorter window in proportion."""

LOOK_PIXELS = 1 << 25
"""Most pixels of a window of more than one frame: about 250 MB of them."""

PARTS = 8
"""Of a picture's pixels one of so many says what prices cost: the error is known to 1 % or so."""

PARTED_PIXELS = 1 << 15
"""Pixels of a frame from which on a part is enough."""

_RAISE, _RAISES = 2.0, 4  # a frame over its cap weighs twice as much, and again
_LOWER, _LOWERS = 0.55, 5  # a shot over its cap pays about half the prices, and again
_SLACK = 1.01  # over the error of nearest slots, below which no weight helps

Floats = NDArray[np.float32]
Table = tuple[NDArray[np.uint8], Floats]

Field = tuple[NDArray[np.uint8], NDArray[np.uint8]]
"""The nearest slots and flags of the pixels of a box."""


def labeled(stream: Iterable[Planned], settings: Settings, prices: Prices) -> Iterator[Shown]:
    """Choose the slots of all pixels, frame after frame.

    Parameters
    ----------
    stream : iterable of Planned
    settings : Settings
        Where and how errors are measured.
    prices : Prices
        What repainting costs.
    """
    labeler = _Labeler(settings, prices)
    for planned in stream:
        if planned.step.cut:
            yield from labeler.commit(len(labeler.waiting))
            labeler = _Labeler(settings, prices)
        labeler.add(planned)
        waiting = len(labeler.waiting)
        if waiting >= LOOK or waiting * planned.frame.ids.size > LOOK_PIXELS:
            yield from labeler.commit(max(1, waiting * COMMIT // LOOK))
    yield from labeler.commit(len(labeler.waiting))


@dataclass(frozen=True, slots=True, eq=False)
class _Paints:
    """A palette; frames that follow each other share one where they have the same."""

    palette: NDArray[np.uint8]
    places: NDArray[np.int16]  # on the grid
    shades: NDArray[np.int16]  # and on that of OKLab
    within: Floats  # prices of steps inside it

    @classmethod
    def of(cls, palette: NDArray[np.uint8], settings: Settings, prices: Prices) -> _Paints:
        shades = grid_points(palette, "oklab")
        places = grid_points(palette, settings.space)
        return cls(palette, places, shades, prices.steps(shades, shades))


@dataclass(slots=True, eq=False)
class _Waiting:
    """A frame that waits for its labels, and what weighing it takes."""

    planned: Planned
    transparent: int | None
    spare: int  # the slot that shows nothing, or -1
    points: NDArray[np.int16]
    paints: _Paints
    into: Floats  # prices of steps from the palette before
    table: Table  # candidates at plain prices
    linked: NDArray[np.uint8]
    pixels: int  # that are opaque, or 1
    least: float  # error of the nearest slots, a pixel, in units of the best
    moving: Box  # outside it the nearest slots are those before, and not repainted
    field: Field  # of this box
    seen: Field  # of the box in which the window is worked on


class _Labeler:
    """The frames of one shot that wait, and what was decided of it so far."""

    def __init__(self, settings: Settings, prices: Prices) -> None:
        self._settings = settings
        self._prices = prices
        self._last: _Waiting | None = None
        self._extents = Extents()  # of the colors of the last frame
        self._nearest = _Nearest()  # slots of the last frame,
        self._base = _Nearest()  # and of the first that waits
        self._shown: NDArray[np.uint8] | None = None
        self._ratios: list[float] = []  # error over the best, of every frame decided
        self.waiting: list[_Waiting] = []

    def add(self, planned: Planned) -> None:
        """Let a frame wait."""
        last, frame = self._last, planned.frame
        transparent, spare = self._unseen(planned)
        paints = self._paints(planned.step.palette)
        into = paints.within
        if last is None:
            linked = np.zeros(frame.ids.shape, np.uint8)
        else:
            assert planned.linked is not None  # no cut comes before it
            linked = planned.linked
            if paints is not last.paints:
                into = self._prices.steps(last.paints.shades, paints.shades)
        points = self._points(frame)
        table = self._plain_table(planned, points, paints, spare)
        moving = self._moving(frame, transparent, table, paints, into)
        field = _native.nearest_pixels(
            frame.ids, table[0], linked, into, self._nearest.slots, transparent or 0, moving
        )
        self._nearest.draw(field[0], moving)
        if not self.waiting:
            self._base.draw(field[0], moving)
        pixels = max(1, int(planned.histogram.weights.sum()))
        least = float((table[1][:, 0].astype(np.float64) * frame.weights).sum()) / pixels
        self._last = _Waiting(
            planned,
            transparent,
            spare,
            points,
            paints,
            into,
            table,
            linked,
            pixels,
            least,
            moving,
            field,
            field,
        )
        self.waiting.append(self._last)

    def _unseen(self, planned: Planned) -> tuple[int | None, int]:
        """Return the index of transparent pixels, and the slot that it takes, or -1."""
        if not planned.frame.has_transparency:
            return None, -1
        transparent: int | None = len(planned.step.palette)
        if transparent == 256:
            _, transparent = nearest(planned, self._settings)
        taken = transparent is not None and transparent < len(planned.step.palette)
        return transparent, transparent if taken and transparent is not None else -1

    def _paints(self, palette: NDArray[np.uint8]) -> _Paints:
        if self._last is not None and np.array_equal(palette, self._last.paints.palette):
            return self._last.paints
        return _Paints.of(palette, self._settings, self._prices)

    def _plain_table(
        self, planned: Planned, points: NDArray[np.int16], paints: _Paints, spare: int
    ) -> Table:
        """Return what each color may show at plain prices."""
        last = self._last
        if last is not None and spare == last.spare and _repeats(planned, paints, last):
            return last.table
        return self._weighed(planned, points, paints, spare, paints.within, 1.0)

    def _moving(
        self,
        frame: Frame,
        transparent: int | None,
        table: Table,
        paints: _Paints,
        into: Floats,
    ) -> Box:
        """Return a box outside of which nothing moves."""
        last, everything = self._last, (0, 0, frame.width, frame.height)
        if last is None:
            return everything
        box = frame.changed_since(last.planned.frame)
        self._extents.move(box)
        if transparent != last.transparent:
            return everything
        if paints is last.paints:
            return box
        if into.shape[0] != into.shape[1]:
            return everything
        before, slots = last.planned.frame, table[0][:, 0]
        moved = moved_colors(frame, slots, before, last.table[0][:, 0], into.diagonal() != 0)
        return self._extents.around(frame.ids, moved, box)

    def _points(self, frame: Frame) -> NDArray[np.int16]:
        if self._last is not None and self._last.planned.frame.colors is frame.colors:
            return self._last.points  # a GIF keeps one table of colors
        return grid_points(frame.colors, self._settings.space)

    def commit(self, count: int) -> Iterator[Shown]:
        """Decide the first `count` frames that wait."""
        if count == 0:
            return
        indices = self._decided(count)
        for waiting, shown in zip(self.waiting[:count], indices, strict=True):
            yield Shown.of(waiting.planned, shown, waiting.transparent)
        self._shown = indices[-1]
        for waiting in self.waiting[1 : count + 1]:
            self._base.draw(waiting.field[0], waiting.moving)
        del self.waiting[:count]

    def _decided(self, count: int) -> NDArray[np.uint8]:
        """Solve the window, at prices at which neither a frame nor the shot costs too much.

        What prices these are is learned from a part of the pixels, where there are many.
        """
        pixels = self.waiting[0].planned.frame.ids.size
        parts = PARTS if pixels >= PARTED_PIXELS else 1
        box = self._look()
        strength = 1.0
        for turn in range(_LOWERS + 1):
            tables, weights, indices, ratios = self._capped(count, strength, parts, box)
            mean = (sum(self._ratios) + sum(ratios)) / (len(self._ratios) + count)
            if mean <= self._prices.shot_cap or turn == _LOWERS:
                break
            strength *= _LOWER
        if indices is None:
            indices, costs = self._labels(tables, count, strength, 1, box)
            ratios = self._ratios_of(costs, weights)
        assert indices is not None  # all parts were labeled
        self._ratios += ratios
        return indices

    def _capped(
        self, count: int, strength: float, parts: int, box: Box
    ) -> tuple[list[Table], NDArray[np.float64], NDArray[np.uint8] | None, list[float]]:
        """Solve the window; frames over their cap are made to weigh more."""
        weights = np.ones(len(self.waiting))
        tables = [self._table(waiting, strength, 1.0) for waiting in self.waiting]
        for turn in range(_RAISES + 1):
            indices, costs = self._labels(tables, count, strength, parts, box)
            ratios = self._ratios_of(costs, weights)
            over = [
                t
                for t in range(count)
                if ratios[t] > max(self._prices.frame_cap, _SLACK * self.waiting[t].least)
            ]
            if not over or turn == _RAISES:
                break
            for t in over:
                weights[t] *= _RAISE
                tables[t] = self._table(self.waiting[t], strength, weights[t])
        return tables, weights, indices, ratios

    def _ratios_of(self, costs: NDArray[np.float64], weights: NDArray[np.float64]) -> list[float]:
        """Return error over the best of the frames whose slots cost so much more than the nearest."""
        return [
            waiting.least + float(cost / weight) / waiting.pixels
            for cost, weight, waiting in zip(costs, weights, self.waiting, strict=False)
        ]

    def _labels(
        self, tables: list[Table], count: int, strength: float, parts: int, box: Box
    ) -> tuple[NDArray[np.uint8] | None, NDArray[np.float64]]:
        frames = [
            (
                waiting.planned.frame.ids,
                *table,
                *waiting.seen,
                waiting.into if strength == 1 else waiting.into * np.float32(strength),
            )
            for table, waiting in zip(tables, self.waiting, strict=True)
        ]
        return _native.label_frames(
            frames, self._base.slots, self._shown, count, parts, threads(), box
        )

    def _look(self) -> Box:
        """Look at the frames that wait in the box in which they have to be worked on; return it."""
        box, before = self._worked_on(), self._base.slots
        assert before is not None  # a frame waits
        known: Box = (0, 0, before.shape[1], before.shape[0])
        for waiting in self.waiting:
            waiting.seen = waiting.field
            if waiting.moving != box:
                waiting.seen = _native.widened(
                    before, known, *waiting.field, waiting.moving, waiting.linked, box
                )
            before, known = waiting.seen[0], box
        return box

    def _worked_on(self) -> Box:
        """Return a box outside of which all pixels that wait show their nearest slots for free."""
        first, *others = self.waiting
        box = NOTHING
        if self._shown is not None and self._base.slots is not None:
            differing = _native.differing_box(self._shown, self._base.slots)
            box = union(differing, first.moving) or NOTHING
        for waiting in others:
            box = union(box, waiting.moving) or NOTHING
        return box

    def _table(self, waiting: _Waiting, strength: float, weight: float) -> Table:
        """Return what each color may show at other prices."""
        if strength == 1 and weight == 1:
            return waiting.table
        paints = waiting.paints
        within = paints.within if strength == 1 else paints.within * np.float32(strength)
        return self._weighed(waiting.planned, waiting.points, paints, waiting.spare, within, weight)

    def _weighed(
        self,
        planned: Planned,
        points: NDArray[np.int16],
        paints: _Paints,
        spare: int,
        within: Floats,
        weight: float,
    ) -> Table:
        return _native.weigh_slots(
            points,
            planned.frame.weights,
            paints.places,
            self._settings.distance == "manhattan",
            spare,
            weight / planned.step.unit,
            within,
        )


class _Nearest:
    """The nearest slots of a picture that is drawn box by box."""

    def __init__(self) -> None:
        self.slots: NDArray[np.uint8] | None = None
        self._is_own = False

    def draw(self, slots: NDArray[np.uint8], box: Box) -> None:
        """Show these slots in a box."""
        if self.slots is None or slots.shape == self.slots.shape:
            self.slots, self._is_own = slots, False
            return
        if not self._is_own:
            self.slots, self._is_own = self.slots.copy(), True
        self.slots[inside(box)] = slots


def _repeats(planned: Planned, paints: _Paints, last: _Waiting) -> bool:
    """Tell whether a frame has the colors and palette of the last one, and errors count as much."""
    frame, before = planned.frame, last.planned.frame
    return (
        paints is last.paints
        and frame.colors is before.colors
        and frame.weights is before.weights
        and planned.step.unit == last.planned.step.unit
    )

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


@dataclass(slots=True, eq=False)
class _Waiting:
    """A frame that waits for its labels, and what weighing it takes."""

    planned: Planned
    transparent: int | None
    spare: int  # the slot that shows nothing, or -1
    points: NDArray[np.int16]
    places: NDArray[np.int16]  # the palette on the grid
    shades: NDArray[np.int16]  # and on that of OKLab
    within: Floats  # prices of steps inside this palette
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
        frame, palette = planned.frame, planned.step.palette
        last, transparent = self._last, None
        if frame.has_transparency:
            transparent = len(palette)
            if transparent == 256:
                _, transparent = nearest(planned, self._settings)
        same = last is not None and _same(palette, last.planned.step.palette)
        if last is not None and same:
            places, shades, within, into = last.places, last.shades, last.within, last.within
        else:
            places = grid_points(palette, self._settings.space)
            shades = grid_points(palette, "oklab")
            within = self._prices.steps(shades, shades)
            into = within if last is None else self._prices.steps(last.shades, shades)
        if last is None:
            linked = np.zeros(frame.ids.shape, np.uint8)
        else:
            assert planned.linked is not None  # no cut comes before it
            linked = planned.linked
        spare = -1 if transparent is None or transparent >= len(palette) else transparent
        points = self._points(frame)
        if last is not None and same and _repeats(planned, last.planned) and spare == last.spare:
            table = last.table
        else:
            table = self._weighed(planned, points, places, spare, within, 1.0)
        moving = self._moving(frame, transparent, table, None if same else into)
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
            places,
            shades,
            within,
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

    def _moving(
        self, frame: Frame, transparent: int | None, table: Table, into: Floats | None
    ) -> Box:
        """Return a box outside of which nothing moves.

        `into` is None where the palette is that of the frame before.
        """
        last, everything = self._last, (0, 0, frame.width, frame.height)
        if last is None:
            return everything
        box = frame.changed_since(last.planned.frame)
        self._extents.move(box)
        if transparent != last.transparent:
            return everything
        if into is None:
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
        if self._shown is not None:
            differing = _native.differing_box(self._shown, self._base.slots)
            box = union(differing, first.moving) or NOTHING
        for waiting in others:
            box = union(box, waiting.moving) or NOTHING
        return box

    def _table(self, waiting: _Waiting, strength: float, weight: float) -> Table:
        """Return what each color may show at other prices."""
        if strength == 1 and weight == 1:
            return waiting.table
        within = waiting.within if strength == 1 else waiting.within * np.float32(strength)
        return self._weighed(
            waiting.planned, waiting.points, waiting.places, waiting.spare, within, weight
        )

    def _weighed(
        self,
        planned: Planned,
        points: NDArray[np.int16],
        places: NDArray[np.int16],
        spare: int,
        within: Floats,
        weight: float,
    ) -> Table:
        return _native.weigh_slots(
            points,
            planned.frame.weights,
            places,
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


def _repeats(planned: Planned, before: Planned) -> bool:
    """Tell whether a picture has the colors of the one before, and errors count as much."""
    return (
        planned.frame.colors is before.frame.colors
        and planned.frame.weights is before.frame.weights
        and planned.step.unit == before.step.unit
    )


def _same(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Tell whether two palettes are equal; most often they are one array."""
    return one is other or np.array_equal(one, other)

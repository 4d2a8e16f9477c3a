"""The steady mode: palettes that hold still, found by looking some frames ahead.

Each frame is clustered as it comes in, following the one before. When enough frames wait, or
the shot ends, several starts are held over all of them, the plan that costs the sampled pixels
least is taken, and its older half is decided; so memory and delay are bounded.

A cut is a reset: nothing from before is remembered, so a clip is the sequence of its shots.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from steadyhue.color import GRID_UNITS, colors_from_grid, extent, grid_points
from steadyhue.histogram import Histogram, Sample
from steadyhue.kmeans import Floats
from steadyhue.modes.hold import Moment, hold_centers
from steadyhue.modes.judge import Judge
from steadyhue.modes.starts import Chain, Frames, Starts
from steadyhue.modes.step import BLANK, PaletteStep, Planner, Prices
from steadyhue.settings import Settings

LOOK_AHEAD = 32
"""Most frames that wait for a decision: as good as 64, at half the memory and delay."""

LOOK_AHEAD_PIXELS = 1 << 24
"""Most pixels that wait for a decision: about 85 MB of them."""

PLANNED_COLORS = 1 << 13
"""Colors of a frame above which plans are made on a coarser histogram; remapping stays exact."""

_SPAN = {"srgb": 255, "linear": 1, "oklab": 1, "lab": 100}  # from black to white
_FLOOR = 0.25  # squared levels per pixel that count as no error: those of rounding to levels
_GLANCE = 4  # of as many sampled pixels one is looked at to choose the finalists among plans
_FINALISTS = 3  # with two the mean error is about 0.0005 higher
_EXACT = 0.02  # the same for frames that need no clustering: they stay as they are


def planner(settings: Settings, prices: Prices | None = None) -> Planner:
    """Plan palettes that are held over a sliding run of frames.

    Parameters
    ----------
    settings : Settings
    prices : Prices, optional
        What stillness may cost; that of ``settings.steadiness`` if None.
    """
    chosen = Prices.of(settings.steadiness) if prices is None else prices

    def choose(histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
        shot = _Shot(settings, chosen)
        for histogram in histograms:
            if histogram.cut:
                yield from shot.decided(shot.waiting)
                shot = _Shot(settings, chosen, begins=True)
            shot.add(histogram)
            if shot.is_full:
                yield from shot.decided(shot.waiting - shot.waiting // 4)
        yield from shot.decided(shot.waiting)

    return Planner(choose, counts_still=True, prices=chosen)


@dataclass(slots=True, eq=False)
class _Seen:
    """A frame that waits, and what was found for it so far."""

    histogram: Histogram
    planned: Histogram  # the same, or coarser
    points: NDArray[np.int16]
    pinned: bool  # whether it equals the frame before
    pixels: int
    own: Floats | None = None  # centers that follow those of the frame before
    inertia: float = 0.0  # with them
    n_iter: int = 1
    best: float = np.inf  # lowest inertia known, or what counts as no error
    centers: Floats = field(default_factory=lambda: np.empty((0, 3)))  # chosen
    slots: NDArray[np.uint8] | None = None  # of the sampled pixels

    @property
    def still(self) -> NDArray[np.int64]:
        if self.pinned:
            return self.planned.weights
        still = self.planned.still
        return np.zeros_like(self.planned.weights) if still is None else still

    @property
    def unit(self) -> float:
        return self.best / self.pixels

    @property
    def sample(self) -> Sample:
        assert self.histogram.sample is not None  # the planner counts stillness
        return self.histogram.sample

    def moment(self, centers: Floats, inertia: float) -> Moment:
        return Moment(
            self.points, self.planned.weights, self.still, centers, inertia, self.best, self.pinned
        )


class _Shot:
    """The frames of a shot that wait, and what was decided last."""

    def __init__(self, settings: Settings, prices: Prices, *, begins: bool = False) -> None:
        self._settings = settings
        self._prices = prices
        self._begins = begins  # whether a cut comes before its first frame
        self._starts = Starts(settings)
        self._waiting: deque[_Seen | None] = deque()
        self._area = 0  # of the frames that wait
        self._last: _Seen | None = None
        self._step = BLANK
        self._shown: _Seen | None = None

    @property
    def waiting(self) -> int:
        """Frames that wait."""
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether no more frames may wait."""
        return self.waiting >= LOOK_AHEAD or self._area > LOOK_AHEAD_PIXELS

    def add(self, histogram: Histogram) -> None:
        """Let a frame wait."""
        seen = self._seen(histogram) if len(histogram.colors) else None
        self._waiting.append(seen)
        self._area += histogram.area
        self._last = seen or self._last

    def _seen(self, histogram: Histogram) -> _Seen:
        last = self._last
        total = int(histogram.weights.sum())
        if last is not None and _same(histogram, last.histogram):
            return _Seen(histogram, last.planned, last.points, pinned=True, pixels=total)
        planned = histogram.coarse(PLANNED_COLORS)
        points = grid_points(planned.colors, self._settings.space)
        return _Seen(histogram, planned, points, pinned=False, pixels=total)

    def _floor(self, best: float) -> float:
        """Return what a pixel costs, in grid units, that counts as no error."""
        space = self._settings.space
        level = GRID_UNITS[space] * _SPAN[space] / 255
        floor = _FLOOR if best > 0 else _EXACT
        return floor * level**2 if self._settings.distance == "euclidean" else floor * level

    def decided(self, count: int) -> Iterator[PaletteStep]:
        """Hold centers over all frames that wait, and release the first `count`."""
        run = [seen for seen in self._waiting if seen is not None]
        if run:
            self._hold(run)
        self._area -= self._area * count // max(1, self.waiting)  # all have one size
        for _ in range(count):
            seen = self._waiting.popleft()
            if seen is not None:
                self._step = self._palette_step(seen)
                self._shown = seen
            yield replace(self._step, cut=self._begins)
            self._begins = False

    def _hold(self, run: list[_Seen]) -> None:
        """Choose centers for a run of frames: of several plans the cheapest."""
        settings = self._settings
        shown = None if self._shown is None else self._shown.centers
        frames = [(seen.points, seen.planned.weights) for seen in run]
        own = self._own(run, frames)
        found = [own, *self._starts.others(frames, [s.planned for s in run], own, shown)]
        least = np.min([inertias for _, inertias, _ in found], axis=0)
        for seen, inertia in zip(run, least, strict=True):
            best = max(min(seen.best, inertia), self._floor(inertia) * seen.pixels)
            seen.best = best
        plans = [self._held(run, chain, shown) for chain in found]
        judge = Judge([s.sample for s in run], [s.unit for s in run], settings, self._prices)
        last = None if shown is None else colors_from_grid(shown, settings.space)
        slots = None if self._shown is None else self._shown.slots
        palettes = [colors_from_grid(plan, settings.space) for plan in plans]
        costs = [judge.cost(each, last, slots, stride=_GLANCE)[0] for each in palettes]
        lowest = np.inf
        for number in np.argsort(costs, kind="stable")[:_FINALISTS]:
            cost, labels = judge.cost(palettes[number], last, slots)
            if cost < lowest:
                lowest = cost
                for t, seen in enumerate(run):
                    seen.centers, seen.slots = plans[number][t], labels[t]

    def _own(self, run: list[_Seen], frames: Frames) -> Chain:
        """Return the chain that follows the last shot's frames, which goes on where it ended."""
        known = sum(seen.own is not None for seen in run)
        if known < len(run):
            last = run[known - 1] if known else self._shown
            before = None if last is None else last.own
            for seen, centers, inertia, n_iter in zip(
                run[known:], *self._starts.own(frames[known:], before), strict=True
            ):
                seen.own, seen.inertia, seen.n_iter = centers, float(inertia), max(1, int(n_iter))
        return (
            np.array([seen.own for seen in run]),
            np.array([seen.inertia for seen in run]),
            np.array([seen.n_iter for seen in run], np.int32),
        )

    def _held(self, run: list[_Seen], chain: Chain, shown: Floats | None) -> Floats:
        """Hold a chain's centers."""
        centers, inertias, _ = chain
        moments = [
            seen.moment(own, float(inertia))
            for seen, own, inertia in zip(run, centers, inertias, strict=True)
        ]
        held, _ = hold_centers(
            moments,
            centers,
            shown,
            self._prices.repaint,
            self._prices.change * 100 / extent(self._settings.space),
            cap=self._prices.palette_cap,
            distance=self._settings.distance,
        )
        return held

    def _palette_step(self, seen: _Seen) -> PaletteStep:
        return PaletteStep(
            colors_from_grid(seen.centers, self._settings.space),
            relocated=() if self._shown is None else _relocated(seen.centers, self._shown.centers),
            n_iter=seen.n_iter,
            unit=seen.unit,
        )


def _same(a: Histogram, b: Histogram) -> bool:
    return np.array_equal(a.weights, b.weights) and np.array_equal(a.colors, b.colors)


def _relocated(centers: Floats, before: Floats) -> tuple[int, ...]:
    """Slots whose center moved farther than its nearest neighbor was."""
    steps = ((centers - before) ** 2).sum(axis=1)
    if not steps.any():
        return ()
    gaps = ((before[:, None] - before) ** 2).sum(axis=2)
    np.fill_diagonal(gaps, np.inf)
    return tuple(np.flatnonzero(steps > gaps.min(axis=1)).tolist())

"""The steady mode: palettes that hold still, found by looking some frames ahead.

Each frame is clustered as it comes in, following the one before. When enough frames wait, or
the clip ends, centers are held over all of them, and the older half is decided; so memory and
delay are bounded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from steadyhue.color import GRID_UNITS, colors_from_grid, grid_points
from steadyhue.histogram import Histogram
from steadyhue.kmeans import Floats
from steadyhue.modes.follow import Follower
from steadyhue.modes.hold import Moment, Steadiness, hold_centers, looked_back
from steadyhue.modes.step import BLANK, PaletteStep, Planner
from steadyhue.settings import Settings

LOOK_AHEAD = 32
"""Most frames that wait for a decision: as good as 64, at half the memory and delay."""

LOOK_AHEAD_PIXELS = 1 << 24
"""Most pixels that wait for a decision: about 85 MB of them."""

PLANNED_COLORS = 1 << 13
"""Colors of a frame above which plans are made on a coarser histogram; remapping stays exact."""

_SPAN = {"srgb": 255, "linear": 1, "oklab": 1, "lab": 100}  # from black to white
_FLOOR = 0.02  # squared levels per pixel that count as no error


def planner(settings: Settings, steadiness: Steadiness | None = None) -> Planner:
    """Plan palettes that are held over a sliding run of frames.

    Parameters
    ----------
    settings : Settings
    steadiness : Steadiness, optional
        What stillness may cost; that of ``settings.steadiness`` if None.
    """
    prices = Steadiness.of(settings.steadiness) if steadiness is None else steadiness

    def choose(histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
        return _Window(settings, prices).steps(histograms)

    return Planner(choose, counts_still=True)


@dataclass(slots=True, eq=False)
class _Seen:
    """A frame that waits: what it is alone, and the centers that were chosen for it."""

    histogram: Histogram
    moment: Moment
    cut: bool
    pixels: int
    centers: Floats
    inertia: float

    @classmethod
    def of(cls, histogram: Histogram, moment: Moment, cut: bool, pixels: int) -> _Seen:
        own = moment.clustering
        return cls(histogram, moment, cut, pixels, own.centers, own.inertia)


class _Window:
    """One pass: the frames that wait, and what was decided last."""

    def __init__(self, settings: Settings, steadiness: Steadiness) -> None:
        self._space = settings.space
        self._distance = settings.distance
        self._steadiness = steadiness
        self._follower = Follower(
            settings.n_clusters, distance=settings.distance, seed=settings.seed
        )
        self._waiting: deque[_Seen | None] = deque()
        self._last: _Seen | None = None
        self._step = BLANK
        self._shown: Floats | None = None

    def steps(self, histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
        for histogram in histograms:
            self._waiting.append(self._seen(histogram) if len(histogram.colors) else None)
            pixels = sum(seen.pixels for seen in self._waiting if seen is not None)
            if len(self._waiting) >= LOOK_AHEAD or pixels > LOOK_AHEAD_PIXELS:
                yield from self._decided((len(self._waiting) + 1) // 2)
        yield from self._decided(len(self._waiting))

    def _seen(self, histogram: Histogram) -> _Seen:
        """Cluster a frame by itself, following the one before."""
        last = self._last
        total = int(histogram.weights.sum())
        cut = last is not None and histogram.cut
        if last is not None and _same(histogram, last.histogram):
            moment = replace(last.moment, still=last.moment.weights, fixed=True)
            self._last = _Seen.of(histogram, moment, False, total)
        else:
            self._last = _Seen.of(histogram, self._moment(histogram, cut, total), cut, total)
        return self._last

    def _moment(self, histogram: Histogram, cut: bool, total: int) -> Moment:
        planned = histogram.coarse(PLANNED_COLORS)
        points = grid_points(planned.colors, self._space)
        found, best = self._follower.next(points, planned.weights)
        level = GRID_UNITS[self._space] * _SPAN[self._space] / 255
        # Nothing can flicker across a cut: there everything may change.
        still = None if cut else planned.still
        return Moment(
            points,
            planned.weights,
            np.zeros_like(planned.weights) if still is None else still,
            replace(found, n_iter=max(1, found.n_iter)),
            best,
            floor=_FLOOR * total * level**2,
        )

    def _decided(self, count: int) -> Iterator[PaletteStep]:
        """Hold centers over all frames that wait, and release the first `count`."""
        run = [seen for seen in self._waiting if seen is not None]
        if run:
            moments = looked_back([seen.moment for seen in run], distance=self._distance)
            held, inertias = hold_centers(
                moments, self._shown, self._steadiness.price, distance=self._distance
            )
            for seen, moment, centers, inertia in zip(run, moments, held, inertias, strict=True):
                seen.moment, seen.centers, seen.inertia = moment, centers, float(inertia)
        for _ in range(count):
            decided = self._waiting.popleft()
            if decided is not None:
                self._step = self._palette_step(decided)
                self._shown = decided.centers
            yield self._step

    def _palette_step(self, seen: _Seen) -> PaletteStep:
        best = max(seen.moment.best, seen.moment.floor)
        room = (1 + self._steadiness.allowance) * best - seen.inertia
        return PaletteStep(
            colors_from_grid(seen.centers, self._space),
            cut=seen.cut,
            relocated=() if self._shown is None else _relocated(seen.centers, self._shown),
            n_iter=seen.moment.clustering.n_iter,
            slack=0.0 if seen.cut else self._steadiness.slack,
            budget=max(0.0, room / max(seen.inertia, 1e-300)),
        )


def _same(a: Histogram, b: Histogram) -> bool:
    return np.array_equal(a.weights, b.weights) and np.array_equal(a.colors, b.colors)


def _relocated(centers: Floats, before: Floats) -> tuple[int, ...]:
    """Slots whose center moved farther than its nearest neighbor was."""
    gaps = ((before[:, None] - before) ** 2).sum(axis=2)
    np.fill_diagonal(gaps, np.inf)
    steps = ((centers - before) ** 2).sum(axis=1)
    return tuple(np.flatnonzero(steps > gaps.min(axis=1)).tolist())

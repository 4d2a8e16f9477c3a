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

from steadyhue import _native
from steadyhue.color import GRID_UNITS, colors_from_grid, grid_points
from steadyhue.histogram import Histogram
from steadyhue.kmeans import Floats
from steadyhue.modes.follow import Follower
from steadyhue.modes.hold import Moment, hold_centers, looked_back
from steadyhue.modes.starts import chains
from steadyhue.modes.step import BLANK, PaletteStep, Planner, Prices
from steadyhue.settings import Settings
from steadyhue.stillness import is_cut

LOOK_AHEAD = 32
"""Most frames that wait for a decision: as good as 64, at half the memory and delay."""

LOOK_AHEAD_PIXELS = 1 << 24
"""Most pixels that wait for a decision: about 85 MB of them."""

PLANNED_COLORS = 1 << 13
"""Colors of a frame above which plans are made on a coarser histogram; remapping stays exact."""

_SPAN = {"srgb": 255, "linear": 1, "oklab": 1, "lab": 100}  # from black to white
_RAISES = 5
import os
_FLOOR = float(os.environ.get("FLOOR","0.25"))


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
        return _Window(settings, chosen).steps(histograms)

    return Planner(choose, counts_still=True, prices=chosen)


@dataclass(slots=True, eq=False)
class _Seen:
    """A frame that waits: what it is alone, and the centers that were chosen for it."""

    histogram: Histogram
    moment: Moment
    cut: bool
    pixels: int
    centers: Floats
    inertia: float
    sampled: object = None

    @classmethod
    def of(cls, histogram: Histogram, moment: Moment, cut: bool, pixels: int) -> _Seen:
        own = moment.clustering
        return cls(histogram, moment, cut, pixels, own.centers, own.inertia)


class _Window:
    """One pass: the frames that wait, and what was decided last."""

    def __init__(self, settings: Settings, prices: Prices) -> None:
        self._space = settings.space
        self._distance = settings.distance
        self._prices = prices
        self._follower = Follower(
            settings.n_clusters, distance=settings.distance, seed=settings.seed
        )
        self._waiting: deque[_Seen | None] = deque()
        self._last: _Seen | None = None
        self._step = BLANK
        self._shown: Floats | None = None
        self._sampled = None
        self._seed = settings.seed

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
        still = 0 if histogram.still is None else int(histogram.still.sum())
        cut = last is not None and is_cut(last.histogram, histogram, still / total)
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
            self._hold(run)
        for _ in range(count):
            decided = self._waiting.popleft()
            if decided is not None:
                self._step = self._palette_step(decided)
                self._shown = decided.centers
                self._sampled = decided.sampled
            yield self._step

    def _hold(self, run: list[_Seen]) -> None:
        moments = looked_back([seen.moment for seen in run], distance=self._distance)
        k = moments[0].clustering.centers.shape[0]
        found = chains(moments, self._shown, k, distance=self._distance, seed=self._seed)
        best = [
            min(moment.best, *(chain[t].inertia for chain in found))
            for t, moment in enumerate(moments)
        ]
        plans = []
        for chain in found:
            own = [
                replace(moment, clustering=clustering, best=least)
                for moment, clustering, least in zip(moments, chain, best, strict=True)
            ]
            for turn in range(_RAISES + 1):
                held, inertias = hold_centers(
                    own, self._shown, self._prices.hold, distance=self._distance, rounds=3
                )
                over = [
                    t
                    for t, (moment, inertia, least) in enumerate(zip(own, inertias, best, strict=True))
                    if inertia / max(least, moment.floor)
                    > max(self._prices.palette_cap, 1.02 * moment.clustering.inertia / max(least, moment.floor))
                ]
                if not over or turn == _RAISES:
                    break
                for t in over:
                    own[t] = replace(own[t], best=own[t].best / 2, floor=own[t].floor / 2)
            own = [replace(moment, best=least, floor=m.floor) for moment, least, m in zip(own, best, moments, strict=True)]
            plans.append((self._judged(run, own, held), own, held, inertias))
        _, moments, held, inertias = min(plans, key=lambda plan: plan[0])
        labels = self._labels[id(held)]
        self._labels = {}
        for t, (seen, moment, centers, inertia) in enumerate(zip(run, moments, held, inertias, strict=True)):
            seen.moment, seen.centers, seen.inertia = moment, centers, float(inertia)
            seen.sampled = labels[t]

    def _judged(self, run: list[_Seen], moments: list[Moment], held: Floats) -> float:
        """Return what a plan costs on the sampled pixels, with the slots that they would get."""
        frames = []
        last = None if self._shown is None else colors_from_grid(self._shown, self._space)
        scale = []
        for seen, moment, centers in zip(run, moments, held, strict=True):
            sample = seen.histogram.sample
            palette = colors_from_grid(centers, self._space)
            within = self._prices.steps(palette, palette)
            into = within if last is None else self._prices.steps(last, palette)
            unit = max(moment.best, moment.floor) / seen.pixels
            table = _native.weigh_slots(
                grid_points(sample.colors, self._space), sample.weights,
                grid_points(palette, self._space), self._distance == "manhattan", -1,
                1.0 / unit, within)
            linked = np.zeros_like(sample.linked) if last is None else sample.linked
            near, calm = _native.nearest_pixels(
                sample.ids, table[0], linked, into, frames[-1][5] if frames else None, 0)
            frames.append((sample.ids, *table, linked, near, calm, into))
            n = max(1, int(sample.weights.sum()))
            scale.append((n, float((table[1][:, 0].astype(np.float64) * sample.weights).sum())))
            last = palette
        shown = self._sampled
        indices, costs = _native.label_frames(frames, shown, len(frames), 1)
        total = 0.0
        before = shown
        for frame, now, cost, (n, least) in zip(frames, indices, costs, scale, strict=True):
            linked, into = frame[4], frame[7]
            ratio = (least + cost) / n
            total += ratio + 5 * max(0.0, ratio - 1.2)
            if before is not None:
                on = linked[0] > 0
                total += float(into[before[0][on], now[0][on]].sum()) / n
            before = now
        self._labels = getattr(self, "_labels", {})
        self._labels[id(held)] = indices
        return total

    def _palette_step(self, seen: _Seen) -> PaletteStep:
        return PaletteStep(
            colors_from_grid(seen.centers, self._space),
            cut=seen.cut,
            relocated=() if self._shown is None else _relocated(seen.centers, self._shown),
            n_iter=seen.moment.clustering.n_iter,
            unit=max(seen.moment.best, seen.moment.floor) / seen.pixels,
        )


def _same(a: Histogram, b: Histogram) -> bool:
    return np.array_equal(a.weights, b.weights) and np.array_equal(a.colors, b.colors)


def _relocated(centers: Floats, before: Floats) -> tuple[int, ...]:
    """Slots whose center moved farther than its nearest neighbor was."""
    gaps = ((before[:, None] - before) ** 2).sum(axis=2)
    np.fill_diagonal(gaps, np.inf)
    steps = ((centers - before) ** 2).sum(axis=1)
    return tuple(np.flatnonzero(steps > gaps.min(axis=1)).tolist())

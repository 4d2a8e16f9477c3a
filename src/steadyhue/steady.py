"""The steady plan: palettes that hold still, found by looking some frames ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from steadyhue.color import GRID_UNITS, colors_from_grid, grid_points
from steadyhue.histogram import Histogram
from steadyhue.kmeans import Clustering, Floats
from steadyhue.plan import PaletteStep
from steadyhue.sequential import SequentialKMeans
from steadyhue.stillness import is_cut
from steadyhue.temporal import Moment, Steadiness, hold_centers, looked_back
from steadyhue.words import Space

LOOK_AHEAD = 32
"""Most frames that wait for a decision."""

LOOK_AHEAD_PIXELS = 1 << 24
"""Most pixels that wait for a decision: about 85 MB of them."""

PLANNED_COLORS = 1 << 13
"""Colors of a frame above which plans are made on a coarser histogram; remapping stays exact."""

_SPAN = {"srgb": 255, "linear": 1, "oklab": 1, "lab": 100}  # from black to white
_FLOOR = 0.02  # squared levels per pixel that count as no error

_BLACK = np.zeros((1, 3), np.uint8)


class SteadyPlan:
    """Plans palettes by `temporal.hold_centers` over a sliding run of frames.

    Each frame is clustered by the model as it comes in. When enough frames wait,
    or the clip ends, centers are held over all of them, and the older half is
    decided; so memory and delay are bounded.

    Parameters
    ----------
    model : SequentialKMeans
        Of mode ``steady``.
    space : {"srgb", "linear", "oklab", "lab"}
    steadiness : Steadiness
        What stillness may cost.
    detect_cuts : bool
        Whether to look for cuts. Nothing can flicker across a cut, so everything
        may change there.
    """

    def __init__(
        self,
        model: SequentialKMeans,
        space: Space,
        steadiness: Steadiness,
        *,
        detect_cuts: bool = True,
    ) -> None:
        self.model = model
        self.space: Space = space
        self.steadiness = steadiness
        self.detect_cuts = detect_cuts

    def __call__(self, histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
        """Choose a palette for each histogram, in order."""
        self._waiting: deque[_Seen | None] = deque()
        self._last: _Seen | None = None
        self._step = PaletteStep(_BLACK)
        self._shown: Floats | None = None
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
        still = np.zeros_like(histogram.weights) if histogram.still is None else histogram.still
        cut = (
            last is not None
            and self.detect_cuts
            and is_cut(last.histogram, histogram, float(still.sum()) / total)
        )
        if last is not None and _same(histogram, last.histogram):
            moment = replace(last.moment, still=last.moment.weights, fixed=True)
            self._last = _Seen(histogram, moment, False, total)
            return self._last
        planned = histogram.coarse(PLANNED_COLORS)
        points = grid_points(planned.colors, self.space)
        learn = self.model.fit if last is None else self.model.partial_fit
        learn(points, sample_weight=planned.weights)
        clustering = Clustering(
            self.model.cluster_centers_,
            self.model.labels_,
            np.bincount(self.model.labels_, planned.weights, len(self.model.cluster_centers_)),
            self.model.inertia_,
            self.model.n_iter_,
        )
        level = GRID_UNITS[self.space] * _SPAN[self.space] / 255
        floor = _FLOOR * total * level**2
        repainted = (
            np.zeros_like(planned.weights) if cut or planned.still is None else planned.still
        )
        moment = Moment(
            points, planned.weights, repainted, clustering, self.model.best_inertia_, floor
        )
        self._last = _Seen(histogram, moment, cut, total)
        return self._last

    def _decided(self, count: int) -> Iterator[PaletteStep]:
        """Hold centers over all frames that wait, and release the first `count`."""
        run = [seen for seen in self._waiting if seen is not None]
        if run:
            distance = self.model.distance
            moments = looked_back([seen.moment for seen in run], distance=distance)
            held, inertias = hold_centers(
                moments, self._shown, self.steadiness.price, distance=distance
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
        palette = colors_from_grid(seen.centers, self.space)
        best = max(seen.moment.best, seen.moment.floor)
        room = (1 + self.steadiness.allowance) * best - seen.inertia
        return PaletteStep(
            palette,
            cut=seen.cut,
            relocated=() if self._shown is None else _relocated(seen.centers, self._shown),
            n_iter=seen.moment.clustering.n_iter,
            slack=0.0 if seen.cut else self.steadiness.slack,
            allowance=max(0.0, room / max(seen.inertia, 1e-300)),
        )


class _Seen:
    """A frame that waits: what it is alone, and the centers that were chosen for it."""

    def __init__(self, histogram: Histogram, moment: Moment, cut: bool, pixels: int) -> None:
        self.histogram = histogram
        self.moment = moment
        self.cut = cut
        self.pixels = pixels
        self.centers = moment.clustering.centers
        self.inertia = moment.clustering.inertia


def _same(a: Histogram, b: Histogram) -> bool:
    return np.array_equal(a.weights, b.weights) and np.array_equal(a.colors, b.colors)


def _relocated(centers: Floats, before: Floats) -> tuple[int, ...]:
    """Slots whose center moved farther than its nearest neighbor was."""
    gaps = ((before[:, None] - before) ** 2).sum(axis=2)
    np.fill_diagonal(gaps, np.inf)
    steps = ((centers - before) ** 2).sum(axis=1)
    return tuple(np.flatnonzero(steps > gaps.min(axis=1)).tolist())

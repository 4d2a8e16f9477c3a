"""Plans: a stream of histograms in, one palette a frame out, by mode."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from steadyhue.color import colors_from_grid, grid_points
from steadyhue.histogram import Histogram
from steadyhue.sequential import SequentialKMeans
from steadyhue.words import Space

Planner = Callable[[Iterator[Histogram]], Iterator["PaletteStep"]]
"""Chooses a palette for each histogram, in order; it may look some frames ahead."""

_BLACK = np.zeros((1, 3), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class PaletteStep:
    """The palette of one frame, and how it came about.

    Attributes
    ----------
    palette : (k, 3) uint8 array
        sRGB colors in slot order.
    cut : bool
        Whether a new shot begins with this frame.
    relocated : tuple of int
        Slots that became another cluster in this frame.
    n_iter : int
        Lloyd iterations run for this frame.
    slack : float
        Most that keeping its slot may cost a still pixel, in multiples of the
        frame's mean error.
    allowance : float
        Most by which pixels that keep their slots may raise the frame's error, as
        a share of it.
    """

    palette: NDArray[np.uint8]
    cut: bool = False
    relocated: tuple[int, ...] = ()
    n_iter: int = 0
    slack: float = 0.0
    allowance: float = 0.0


def sequential_plan(model: SequentialKMeans, space: Space) -> Planner:
    """Plan frame by frame: each palette is the model's centers after that frame.

    A frame without opaque pixels repeats the last palette.
    """

    def plan(histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
        learn = model.fit  # the first frame begins a sequence, the others go on with it
        step = PaletteStep(_BLACK)
        for histogram in histograms:
            if len(histogram.colors):
                points = grid_points(histogram.colors, space)
                learn(points, sample_weight=histogram.weights)
                learn = model.partial_fit
                palette = colors_from_grid(model.cluster_centers_, space)
                step = PaletteStep(palette, n_iter=model.n_iter_)
            yield step

    return plan


def global_plan(model: SequentialKMeans, space: Space, histograms: Iterable[Histogram]) -> Planner:
    """Plan one palette for all frames: the model's centers on their pooled colors."""
    pooled = Histogram.merge(histograms)
    if not len(pooled.colors):
        return fixed_plan(_BLACK)
    model.fit(grid_points(pooled.colors, space), sample_weight=pooled.weights)
    return fixed_plan(colors_from_grid(model.cluster_centers_, space))


def fixed_plan(palette: NDArray[np.uint8]) -> Planner:
    """Plan the same palette for every frame."""

    def plan(histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
        for _ in histograms:
            yield PaletteStep(palette)

    return plan


def keep_colors(planner: Planner, kept: NDArray[np.uint8]) -> Planner:
    """Plan as another planner does, with some colors in the last slots of every palette."""

    def plan(histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
        for step in planner(histograms):
            yield replace(step, palette=np.concatenate([step.palette, kept]))

    return plan if len(kept) else planner

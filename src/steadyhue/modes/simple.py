"""The simple modes: independent, seeded, global and fixed; and colors that are kept.

``independent`` is the flickering original, k-means on every frame from random centers;
``seeded`` is the classic remedy, each frame from the centers of the one before and nothing
else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from steadyhue.color import colors_from_grid, grid_points
from steadyhue.frame import Frame
from steadyhue.histogram import Histogram
from steadyhue.modes.follow import Follower
from steadyhue.modes.step import BLANK, PaletteStep, Planner
from steadyhue.palette import Palette
from steadyhue.settings import Settings
from steadyhue.words import Distance, Space


def independent(settings: Settings) -> Planner:
    """Cluster each frame by itself, from random centers."""
    return _frame_by_frame(settings, forgets=True)


def seeded(settings: Settings) -> Planner:
    """Cluster each frame from the centers of the one before."""
    return _frame_by_frame(settings, forgets=False)


def _frame_by_frame(settings: Settings, *, forgets: bool) -> Planner:
    """Plan without looking ahead; a frame without opaque pixels repeats the last palette.

    A cut begins a sequence of its own, so that a clip is the sequence of its shots.
    """

    def choose(histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
        follower, step = _follower(settings, forgets), BLANK
        for histogram in histograms:
            if histogram.cut:
                follower, step = _follower(settings, forgets), BLANK
            if len(histogram.colors):
                if forgets:
                    follower.centers = None
                points = grid_points(histogram.colors, settings.space)
                found, _ = follower.next(points, histogram.weights)
                palette = colors_from_grid(found.centers, settings.space)
                step = PaletteStep(palette, n_iter=max(1, found.n_iter))
            yield replace(step, cut=histogram.cut)

    return Planner(choose)


def _follower(settings: Settings, forgets: bool) -> Follower:
    return Follower(
        settings.n_clusters,
        distance=settings.distance,
        start="random" if forgets else "k-means++",
        repairs=False,
        seed=settings.seed,
    )


def one_palette(settings: Settings, frames: Iterable[Frame]) -> Planner:
    """Read all frames, and plan the palette of their pooled colors for each of them."""
    pooled = Histogram.merge(map(Histogram.of, frames))
    return fixed(
        pooled_palette(
            pooled,
            settings.n_clusters,
            space=settings.space,
            distance=settings.distance,
            seed=settings.seed,
        )
    )


def pooled_palette(
    pooled: Histogram, k: int, *, space: Space, distance: Distance, seed: int
) -> NDArray[np.uint8]:
    """Cluster a histogram, and return the palette; one black slot if there are no colors.

    Parameters
    ----------
    pooled : Histogram
    k : int
        Number of clusters.
    space, distance, seed
        As in `Settings`.

    Returns
    -------
    (k, 3) uint8 array
    """
    if not len(pooled.colors):
        return BLANK.palette
    points = grid_points(pooled.colors, space)
    follower = Follower(k, distance=distance, repairs=False, seed=seed)
    found, _ = follower.next(points, pooled.weights)
    return colors_from_grid(found.centers, space)


def fixed(palette: NDArray[np.uint8]) -> Planner:
    """Plan the same palette for every frame."""

    def choose(histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
        for histogram in histograms:
            yield PaletteStep(palette, cut=histogram.cut)

    return Planner(choose)


def keeping(planner: Planner, kept: Palette) -> Planner:
    """Plan as another planner does, with some colors in the last slots of every palette."""

    def choose(histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
        for step in planner(histograms):
            yield replace(step, palette=np.concatenate([step.palette, kept.colors]))

    return replace(planner, choose=choose)

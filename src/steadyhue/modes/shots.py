"""One palette a shot: mode ``steady`` where pixels hold still by themselves.

With a quality each pixel is held for as long as it serves, and shows its color all the while. A palette that
moves would repaint it. One palette for a whole shot is hardly worse at 255 colors: on two clips
of 24 and 32 frames its error is within 1 % of that of palettes that move.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.cuts import marked
from steadyhue.frame import Frame
from steadyhue.histogram import Histogram
from steadyhue.modes.simple import pooled_palette
from steadyhue.modes.step import PaletteStep, Planner
from steadyhue.settings import Settings
from steadyhue.stillness import flagged_weights

CLUSTERED = 1 << 15
"""Colors of a shot from which they are pooled before they are clustered."""

FLAT = 5
"""Side of the square of one color in whose middle a pixel is flat."""

SHARE = 0.002
"""Part of a shot's pixels that are flat in one color from which this is shown exactly."""


def by_shot(settings: Settings, frames: Iterable[Frame]) -> Planner:
    """Read all frames, and plan one palette for each shot."""
    palettes: list[NDArray[np.uint8]] = []
    shot: list[tuple[Histogram, Histogram]] = []
    for frame, cut in marked(frames):
        if cut and shot:
            palettes.append(_palette(settings, shot))
            shot = []
        shot.append(_counted(frame))
        if len(shot) == 64:  # pooled now and then, so that memory does not grow with time
            shot = [tuple(map(Histogram.merge, zip(*shot, strict=True)))]  # type: ignore[list-item]
    if shot:
        palettes.append(_palette(settings, shot))

    def choose(histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
        place = 0
        for number, histogram in enumerate(histograms):
            place += histogram.cut and number > 0
            yield PaletteStep(palettes[place], cut=histogram.cut)

    return Planner(choose)


def _counted(frame: Frame) -> tuple[Histogram, Histogram]:
    """Return the colors of a frame, and those of its flat pixels."""
    flat = flagged_weights(frame, _native.flat_pixels(frame.ids, FLAT))
    return Histogram.of(frame), Histogram.of(Frame(frame.ids, frame.colors, flat))


def _palette(settings: Settings, shot: list[tuple[Histogram, Histogram]]) -> NDArray[np.uint8]:
    """Cluster a shot's colors beside those that are flat."""
    colors, flat = (Histogram.merge(part) for part in zip(*shot, strict=True))
    k = settings.n_clusters
    enough = flat.weights >= SHARE * colors.weights.sum()
    order = np.argsort(-flat.weights[enough], kind="stable")[: k // 4]
    exact = flat.colors[enough][order]
    rest = _without(colors, exact).coarse(CLUSTERED)
    found = pooled_palette(
        rest,
        k - len(exact),
        space=settings.space,
        distance=settings.distance,
        seed=settings.seed,
    )
    return np.concatenate([exact, found])


def _without(histogram: Histogram, colors: NDArray[np.uint8]) -> Histogram:
    shift = np.array([65536, 256, 1])
    rows = np.flatnonzero(~np.isin(histogram.colors @ shift, colors @ shift))
    return Histogram(
        histogram.colors[rows], histogram.weights[rows], np.arange(len(rows), dtype=np.int32)
    )

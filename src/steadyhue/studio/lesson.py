"""A lesson: k-means on one frame, a step at a time, for those who want to see how it works."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from steadyhue import kmeans
from steadyhue.color import colors_from_grid, grid_points, to_space
from steadyhue.errors import FormatError
from steadyhue.frame import Frame
from steadyhue.histogram import Histogram
from steadyhue.palette import Palette
from steadyhue.settings import Settings

POINTS = 800
"""Colors that are drawn: more would cover each other."""

STEPS = 40
"""Most steps that are shown; what comes after them is hardly seen."""

SETTLED = 1e-3
"""Share of the error below which another step is none, as `kmeans.lloyd` has it."""


def lesson(frame: Frame, settings: Settings) -> dict[str, Any]:
    """Run Lloyd's algorithm on a frame from random colors, and tell every step.

    Parameters
    ----------
    frame : Frame
    settings : Settings
        How many colors, in which space, and from which seed.

    Returns
    -------
    dict
        Plain JSON values: ``points``, rows of (L, a, b, pixels, hex) in OKLab, and ``steps``,
        each with its ``centers`` (L, a, b, hex), the ``labels`` of the points and the ``error``,
        squared levels a pixel in srgb, and else in units of the space.

    Raises
    ------
    FormatError
        If nothing in the frame is opaque.
    """
    histogram = Histogram.of(frame)
    if not len(histogram.colors):
        raise FormatError("this frame is fully transparent")
    points = grid_points(histogram.colors, settings.space)
    weights = histogram.weights
    shown = np.sort(np.argsort(-weights, kind="stable")[:POINTS])
    centers = kmeans.random_centers(points, weights, settings.colors, settings.seed)
    steps: list[dict[str, Any]] = []
    last = np.inf
    while len(steps) < STEPS:
        found, moved = kmeans.step(points, weights, centers, distance=settings.distance)
        steps.append(_told(found, shown, int(weights.sum()), settings))
        if last - found.inertia <= SETTLED * found.inertia:
            break
        last, centers = found.inertia, moved
    colors = histogram.colors[shown]
    rows = zip(_lab(colors), weights[shown].tolist(), Palette(colors).hex, strict=True)
    return {"points": [[*lab, weight, name] for lab, weight, name in rows], "steps": steps}


def _told(
    found: kmeans.Clustering, shown: NDArray[np.intp], total: int, settings: Settings
) -> dict[str, Any]:
    colors = colors_from_grid(found.centers, settings.space)
    return {
        "centers": [
            [*lab, name] for lab, name in zip(_lab(colors), Palette(colors).hex, strict=True)
        ],
        "labels": found.labels[shown].tolist(),
        "error": found.inertia / total,
    }


def _lab(colors: NDArray[np.uint8]) -> list[list[float]]:
    rows: list[list[float]] = np.round(to_space(colors, "oklab"), 4).tolist()
    return rows

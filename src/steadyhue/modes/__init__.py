"""Modes: how the palettes of a clip follow each other in time.

===============  ========================================================  ==========
mode             meaning                                                   here
===============  ========================================================  ==========
``independent``  k-means on each frame from random centers: the            `simple`
                 flickering original
``seeded``       each frame from the centers of the one before, nothing    `simple`
                 else: the classic remedy
``steady``       seeded and repaired (`follow`), and held for as long as   `steady`
                 that pays (`hold`)
``steady``, with a quality: one palette a shot                             `shots`
``global``       one palette for the whole animation, in two passes        `simple`
``fixed``        a palette that is given                                   `simple`
===============  ========================================================  ==========
"""

from __future__ import annotations

from collections.abc import Iterable

from steadyhue.frame import Frame
from steadyhue.modes import shots, simple, steady
from steadyhue.modes.step import PaletteStep, Planner
from steadyhue.settings import Settings

__all__ = ["PaletteStep", "Planner", "planner"]


def planner(settings: Settings, frames: Iterable[Frame]) -> Planner:
    """Return what chooses the palettes of a clip: the only switch on mode.

    Parameters
    ----------
    settings : Settings
    frames : iterable of Frame
        The clip, for modes that read all of it before the first palette; others do not read it.
    """
    match settings.mode:
        case "independent":
            chosen = simple.independent(settings)
        case "seeded":
            chosen = simple.seeded(settings)
        case "steady" if settings.quality is not None:
            chosen = shots.by_shot(settings, frames)
        case "steady":
            chosen = steady.planner(settings)
        case "global":
            chosen = simple.one_palette(settings, frames)
        case "fixed":
            assert settings.palette is not None  # settings are checked when made
            chosen = simple.fixed(settings.palette.colors)
    return chosen if settings.keep is None else simple.keeping(chosen, settings.keep)

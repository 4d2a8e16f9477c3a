"""Recoloring: a stage behind the pipeline that gives every slot a color of a reference.

The map from slots to colors is made once for a clip in mode ``global``, or slot by slot as
they come in modes that cluster frame by frame (`palettemap.Memory`); either way a slot keeps its
color, over cuts too, and what holds still stays still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steadyhue.errors import OptionError
from steadyhue.frame import Frame, IndexedFrame
from steadyhue.histogram import Histogram
from steadyhue.modes import Planner, planner
from steadyhue.modes.simple import fixed, pooled_palette
from steadyhue.palette import Palette
from steadyhue.palettemap import Contacts, Memory, PaletteMap, blend, match, neighbors
from steadyhue.remap import nearest_slots
from steadyhue.report import FrameReport, Quantized
from steadyhue.settings import MOST_COLORS, Matching, Settings
from steadyhue.words import TRANSFER_MODES

Targets = Callable[[IndexedFrame, FrameReport], NDArray[np.uint8]]
"""The target color of every slot of a frame, (k, 3) uint8."""


def recolored(stream: Iterable[Quantized], targets: Targets) -> Iterator[Quantized]:
    """Give the slots of every frame their target colors, in the report too."""
    for frame, report in stream:
        colors = targets(frame, report)
        yield replace(frame, palette=colors, delta=None), replace(report, palette=colors)


def transfer_settings(
    matching: Matching, *, by_map: PaletteMap | None = None, **options: Any
) -> Settings:
    """Return how a clip is reduced for a transfer: in mode ``global`` if no mode is given.

    Parameters
    ----------
    matching : Matching
    by_map : PaletteMap, optional
        A map that is known beforehand, by whose source colors the clip is reduced.
    **options
        As for `Settings.of`.

    Raises
    ------
    OptionError
        If the mode does not suit a transfer, or as for `Settings.of`.
    """
    if not (by_map is None or isinstance(by_map, PaletteMap)):
        raise OptionError(f"palette_map must be a PaletteMap, got {by_map!r}")
    mode = options.pop("mode", None) or "global"
    if not isinstance(mode, str) or mode not in TRANSFER_MODES:
        raise OptionError(
            f"mode must be one of {', '.join(TRANSFER_MODES)} for a transfer, got {mode!r}"
        )
    if mode != "global" and (matching.smooth or by_map is not None):
        raise OptionError("a smooth transfer and one by a map need mode 'global'")
    if by_map is not None:
        _check_beside_map(matching)
        if matching.smooth and options.get("colors") is not None:
            raise OptionError("colors has no effect on a smooth transfer by a map")
    if by_map is not None and not matching.smooth:
        return Settings.of(palette=by_map.source, **options)
    return Settings.of(mode=mode, **options)


def _check_beside_map(matching: Matching) -> None:
    """Raise if something is asked for that a map says already."""
    for name in ("match", "spread", "reference_colors"):
        if getattr(matching, name) != getattr(Matching(), name):
            raise OptionError(f"{name} has no effect beside a map, which says what becomes what")


@dataclass(frozen=True, slots=True)
class Recoloring:
    """Where the colors of a clip come from, and how they are matched.

    Attributes
    ----------
    target : Palette
        The colors of the reference.
    matching : Matching
    map : PaletteMap or None
        A map that is known beforehand; None makes one.
    """

    target: Palette
    matching: Matching
    map: PaletteMap | None = None

    def begin(
        self, settings: Settings, frames: Iterable[Frame]
    ) -> tuple[Planner, Targets, PaletteMap | None]:
        """Begin a pass.

        Parameters
        ----------
        settings : Settings
        frames : iterable of Frame
            The clip, for a map that needs all of it first; otherwise it is not read.

        Returns
        -------
        Planner
            Chooses the palettes of the clip.
        callable
            Gives each its `Targets`.
        PaletteMap or None
            What becomes what; None where slots are matched as they come.
        """
        # A smooth result has as many colors as an indexed frame can have.
        clustered = replace(settings, colors=MOST_COLORS) if self.matching.smooth else settings
        if self.map is not None:
            return planner(clustered, frames), self._targets(self.map), self.map
        if settings.mode == "global":
            pooled, contacts = _counted(frames)
            palette = _palette(settings, pooled)
            found = self._match(settings, palette, pooled, contacts)
            shown = _palette(clustered, pooled) if self.matching.smooth else palette
            return fixed(shown), self._targets(found), found
        return planner(settings, frames), _SlotTargets(self.target, self.matching), None

    def _targets(self, found: PaletteMap) -> Targets:
        if not self.matching.smooth:
            return lambda frame, report: found.colors
        return lambda frame, report: np.floor(blend(found, frame.palette) + 0.5).astype(np.uint8)

    def _match(
        self,
        settings: Settings,
        palette: NDArray[np.uint8],
        pooled: Histogram,
        contacts: Contacts,
    ) -> PaletteMap:
        slots = nearest_slots(pooled.colors, palette, settings.space, distance=settings.distance)
        weights = np.bincount(slots, pooled.weights, len(palette))
        touching = contacts.between(pooled.colors, pooled.weights, slots, len(palette))
        return match(
            Palette(palette, weights),
            self.target,
            self.matching.match,
            adjacency=touching,
            spread=self.matching.spread or 0.0,
        )


def _palette(settings: Settings, pooled: Histogram) -> NDArray[np.uint8]:
    return pooled_palette(
        pooled,
        settings.n_clusters,
        space=settings.space,
        distance=settings.distance,
        seed=settings.seed,
    )


def _counted(frames: Iterable[Frame]) -> tuple[Histogram, Contacts]:
    """Pool the colors of a clip, and count which of them touch."""
    contacts = Contacts()

    def histograms() -> Iterator[Histogram]:
        for frame in frames:
            contacts.add(frame)
            yield Histogram.of(frame)

    return Histogram.merge(histograms()), contacts


class _SlotTargets:
    """The target of every slot of a stream of palettes: matched once, then held in a memory."""

    def __init__(self, target: Palette, matching: Matching) -> None:
        self._target = target
        self._memory = Memory(target, matching.match, matching.spread or 0.0)

    def __call__(self, frame: IndexedFrame, report: FrameReport) -> NDArray[np.uint8]:
        shown = Palette(frame.palette, report.weights)
        slots = self._memory.targets(
            shown, lambda: neighbors(frame.indices, len(shown)), report.cut
        )
        return self._target.colors[slots]

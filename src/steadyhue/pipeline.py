"""The story: frames in, palettes chosen, pixels remapped, indexed frames out.

Everything is an iterator, so memory does not grow with the length of a clip.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from steadyhue.cuts import marked
from steadyhue.dither import Ditherer
from steadyhue.frame import Frame, IndexedFrame
from steadyhue.histogram import Histogram
from steadyhue.labels import SlotKeeper
from steadyhue.modes import PaletteStep, Planner
from steadyhue.remap import Remapped, nearest_slots
from steadyhue.report import FrameReport
from steadyhue.settings import Settings
from steadyhue.stillness import seen_before, still_weights

Quantized = tuple[IndexedFrame, FrameReport]
"""What the pipeline makes of a frame."""


def quantize_frames(
    frames: Iterable[Frame], planner: Planner, settings: Settings
) -> Iterator[Quantized]:
    """Reduce each frame to the palette that the planner chooses for it.

    Parameters
    ----------
    frames : iterable of Frame
        Pulled one at a time, and only as far ahead as the planner looks.
    planner : Planner
        Turns histograms into palettes.
    settings : Settings
        Where and how the nearest palette color is sought, and whether colors are mixed.

    Yields
    ------
    IndexedFrame, FrameReport
        In the order of the frames.
    """
    waiting: deque[tuple[Frame, Histogram, Frame | None]] = deque()

    def histograms() -> Iterator[Histogram]:
        last: Frame | None = None
        # Where stillness counts, so do cuts.
        pulled = marked(frames) if planner.counts_still else ((frame, False) for frame in frames)
        for frame, cut in pulled:
            before = still = None
            if planner.counts_still and last is not None:
                before = last if cut else seen_before(frame, last)
                still = still_weights(frame, before)
            histogram = Histogram.of(frame, still, cut)
            waiting.append((frame, histogram, before))
            last = frame
            yield histogram

    remap = _remapper(settings)
    for step in planner(histograms()):
        frame, histogram, before = waiting.popleft()
        slots, transparent = _slots(histogram, step.palette, settings, frame.has_transparency)
        nearest = np.zeros(len(frame.colors), np.uint8)
        nearest[histogram.rows] = slots
        shown = remap(frame, before, step, nearest, transparent)
        yield (
            IndexedFrame(shown.indices, step.palette, frame.duration, transparent),
            FrameReport(
                step.palette,
                shown.weights,
                shown.error,
                frame.duration,
                step.cut,
                step.relocated,
                step.n_iter,
            ),
        )


def _remapper(
    settings: Settings,
) -> Callable[[Frame, Frame | None, PaletteStep, NDArray[np.uint8], int | None], Remapped]:
    """Return what turns frames into slots: by hysteresis, or by dithering."""
    if settings.dither == "none":
        keeper = SlotKeeper(settings.space)
        return lambda frame, before, step, nearest, transparent: keeper.remap(
            frame,
            step.palette,
            nearest,
            transparent,
            before=before,
            slack=step.slack,
            budget=step.budget,
        )
    ditherer = Ditherer(settings.dither, settings.dither_strength)
    return lambda frame, _, step, nearest, transparent: ditherer.remap(
        frame, step.palette, nearest, transparent, cut=step.cut
    )


def _slots(
    histogram: Histogram, palette: NDArray[np.uint8], settings: Settings, has_transparency: bool
) -> tuple[NDArray[np.uint8], int | None]:
    """Return the slot of each color, and the index for transparent pixels if any are needed."""
    space, distance = settings.space, settings.distance
    slots = nearest_slots(histogram.colors, palette, space, distance=distance)
    if not has_transparency:
        return slots, None
    if len(palette) < 256:
        return slots, len(palette)
    # All 256 indices are taken: the least used slot gives its index up.
    spare = int(np.bincount(slots, histogram.weights, minlength=256).argmin())
    kept = np.delete(np.arange(256, dtype=np.uint8), spare)
    slots = nearest_slots(histogram.colors, palette[kept], space, distance=distance)
    return kept[slots], spare

"""The story: frames in, palettes chosen, pixels remapped, indexed frames out.

Everything is an iterator, so memory does not grow with the length of a clip.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np

from steadyhue.dither import dithered
from steadyhue.frame import Frame, IndexedFrame
from steadyhue.histogram import Histogram, Sample
from steadyhue.labels import labeled
from steadyhue.modes import Planner
from steadyhue.report import FrameReport
from steadyhue.settings import Settings
from steadyhue.stages import Planned, Shown, nearest_shown
from steadyhue.stillness import is_cut, still_pixels, still_weights

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
    waiting: deque[tuple[Frame, Histogram]] = deque()

    def histograms() -> Iterator[Histogram]:
        before: Frame | None = None
        for frame in frames:
            counted = planner.counts_still and before is not None
            still = still_weights(frame, before) if counted and before is not None else None
            sample = None
            if planner.counts_still:
                linked = None if before is None else still_pixels(frame, before).view(np.uint8)
                sample = Sample.of(frame, linked)
            cut = False
            if before is not None and planner.counts_still:
                share = float(still.sum()) / max(1, int(frame.weights.sum()))
                cut = is_cut(Histogram.of(before), Histogram.of(frame), share)
            histogram = Histogram.of(frame, still, sample, cut)
            waiting.append((frame, histogram))
            before = frame
            yield histogram

    def planned() -> Iterator[Planned]:
        for step in planner(histograms()):
            frame, histogram = waiting.popleft()
            yield Planned(frame, histogram, step)

    for shown in _shown(planned(), planner, settings):
        step, duration = shown.step, shown.frame.duration
        yield (
            IndexedFrame(shown.indices, step.palette, duration, shown.transparent),
            FrameReport(
                step.palette,
                shown.weights,
                shown.error,
                duration,
                step.cut,
                step.relocated,
                step.n_iter,
            ),
        )


def _shown(stream: Iterator[Planned], planner: Planner, settings: Settings) -> Iterator[Shown]:
    """Choose the slots of all pixels: mixed, or with what repainting costs, or the nearest."""
    if settings.dither != "none":
        return dithered(stream, settings)
    if planner.prices is not None:
        return labeled(stream, settings, planner.prices)
    return nearest_shown(stream, settings)

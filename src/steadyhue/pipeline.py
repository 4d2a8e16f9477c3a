"""The story: frames in, palettes chosen, pixels remapped, indexed frames out.

Everything is an iterator, so memory does not grow with the length of a clip.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from steadyhue.cuts import marked
from steadyhue.frame import Frame, IndexedFrame
from steadyhue.histogram import Histogram, Sample
from steadyhue.labels import labeled
from steadyhue.modes import Planner
from steadyhue.naming import renamed
from steadyhue.overlap import WINDOW, WINDOW_BUDGET, overlap
from steadyhue.report import FrameReport, Quantized
from steadyhue.settings import Settings
from steadyhue.sparing import spared
from steadyhue.stages import Planned, Shown, nearest_shown
from steadyhue.stillness import flagged_weights, seen_still
from steadyhue.tally import tallied
from steadyhue.thrift import Thrift
from steadyhue.timeline import held

Counted = tuple[Frame, Histogram, NDArray[np.uint8] | None]
"""A frame, its colors, and 1 where a pixel held still, where the planner asks for that."""


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
    if settings.quality is not None:
        return _small(frames, planner, settings, Thrift.of(settings.quality))
    ahead = overlap(counted(frames, planner), WINDOW, WINDOW_BUDGET)
    return quantize_counted(ahead, planner, settings)


def quantize_counted(
    stream: Iterable[Counted], planner: Planner, settings: Settings
) -> Iterator[Quantized]:
    """Do what `quantize_frames` does with frames whose colors are counted already.

    Palettes are chosen beside the labeling of pixels, a few frames ahead. What a quality asks for
    is not done here.
    """
    kept = settings.colors - settings.n_clusters
    ahead = overlap(_planned(stream, planner), WINDOW, WINDOW_BUDGET)
    shown = _shown(ahead, planner, settings)
    return _reported(spared(renamed(shown, kept), kept))


def shots_apart(
    stream: Iterable[Counted], planner: Planner, settings: Settings
) -> Iterator[Quantized]:
    """Do the same to a run of whole shots of a clip, but for what goes on across cuts.

    `naming.joined` gives their slots the names that they have in the clip. Palettes of 256
    colors, which `sparing` changes by what is on the canvas, can't be made apart.
    """
    return _reported(_shown(_planned(stream, planner), planner, settings))


def _planned(stream: Iterable[Counted], planner: Planner) -> Iterator[Planned]:
    waiting: deque[Counted] = deque()

    def histograms() -> Iterator[Histogram]:
        for item in stream:
            waiting.append(item)
            yield item[1]

    for step in planner(histograms()):
        yield Planned(*waiting.popleft(), step)


def _small(
    frames: Iterable[Frame], planner: Planner, settings: Settings, thrift: Thrift
) -> Iterator[Quantized]:
    """Hold the pixels of a clip before anything else, and choose their slots while compressing."""
    from steadyhue.lossy import thrifty  # it takes the tables of dithering

    waiting: deque[tuple[Frame, Frame, Histogram]] = deque()

    def histograms() -> Iterator[Histogram]:
        for source, frame, cut in held(frames, thrift.hold):
            waiting.append((source, frame, Histogram.of(frame, cut=cut)))
            yield waiting[-1][2]

    def planned() -> Iterator[Planned]:
        for step in planner(histograms()):
            source, frame, histogram = waiting.popleft()
            yield Planned(frame, histogram, None, step, source)

    return _reported(thrifty(overlap(planned(), WINDOW, WINDOW_BUDGET), settings))


def _reported(stream: Iterable[Shown]) -> Iterator[Quantized]:
    for shown, weights, error in tallied(stream):
        step, duration = shown.step, shown.frame.duration
        yield (
            IndexedFrame(shown.indices, step.palette, duration, shown.transparent, shown.delta),
            FrameReport(
                step.palette,
                weights,
                error,
                duration,
                step.cut,
                step.relocated,
                step.n_iter,
            ),
        )


def counted(frames: Iterable[Frame], planner: Planner) -> Iterator[Counted]:
    """Count colors and, where the planner asks for it, find cuts and what holds still."""
    last: Frame | None = None
    sample: Sample | None = None
    pulled = marked(frames) if planner.finds_cuts else ((frame, False) for frame in frames)
    for frame, cut in pulled:
        linked = still = None
        if planner.counts_still:
            if last is not None and not cut:
                linked = seen_still(frame, last).view(np.uint8)
                still = flagged_weights(frame, linked, frame.changed_since(last))
            known = None if last is None or sample is None else (last, sample)
            sample = Sample.of(frame, linked, known)
        yield frame, Histogram.of(frame, still, sample, cut), linked
        last = frame


def _shown(stream: Iterator[Planned], planner: Planner, settings: Settings) -> Iterator[Shown]:
    """Choose the slots of all pixels: mixed, or with what repainting costs, or the nearest."""
    if settings.dither != "none":
        from steadyhue.dither import dithered  # its tables take time, and few passes need them

        return dithered(stream, settings)
    if planner.prices is not None:
        return labeled(stream, settings, planner.prices)
    return nearest_shown(stream, settings)

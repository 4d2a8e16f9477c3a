"""The story: frames in, palettes chosen, pixels remapped, indexed frames out.

Everything is an iterator, so memory does not grow with the length of a clip,
and stages run beside each other: the kernels release the GIL.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from steadyhue.dither import Ditherer
from steadyhue.frame import Frame, IndexedFrame
from steadyhue.histogram import Histogram
from steadyhue.plan import Planner
from steadyhue.remap import SlotKeeper, nearest_slots, tally
from steadyhue.stillness import still_weights
from steadyhue.words import Distance, Space

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class FrameReport:
    """What happened to one frame.

    Attributes
    ----------
    palette : (k, 3) uint8 array
        sRGB colors in slot order.
    weights : (k,) int64 array
        Pixels of each slot.
    error : float
        Mean squared error of the opaque pixels: the three squared sRGB level
        differences added up, averaged over pixels.
    duration : float
        Milliseconds on screen.
    cut : bool
        Whether a new shot begins here.
    relocated : tuple of int
        Slots that became another cluster in this frame.
    n_iter : int
        Lloyd iterations run for it.
    """

    palette: NDArray[np.uint8]
    weights: NDArray[np.int64]
    error: float
    duration: float
    cut: bool
    relocated: tuple[int, ...]
    n_iter: int

    def to_dict(self) -> dict[str, object]:
        """Return the report as plain JSON values; colors as ``#rrggbb``."""
        return {
            "palette": ["#{:02x}{:02x}{:02x}".format(*color) for color in self.palette.tolist()],
            "weights": self.weights.tolist(),
            "error": round(self.error, 4),
            "duration": self.duration,
            "cut": self.cut,
            "relocated": list(self.relocated),
            "n_iter": self.n_iter,
        }


def quantize_frames(
    frames: Iterable[Frame],
    planner: Planner,
    *,
    space: Space = "srgb",
    distance: Distance = "euclidean",
    ditherer: Ditherer | None = None,
    count_still: bool = False,
) -> Iterator[tuple[IndexedFrame, FrameReport]]:
    """Reduce each frame to the palette that the planner chooses for it.

    Parameters
    ----------
    frames : iterable of Frame
        Pulled one at a time, and only as far ahead as the planner looks.
    planner : callable
        Turns histograms into palettes.
    space, distance : str
        Where and how the nearest palette color is sought.
    ditherer : Ditherer, optional
        Mixes palette colors; None shows each color's nearest, or what a still
        pixel showed before where the plan allows for it.
    count_still : bool
        Whether the planner is told how much of each color holds still.

    Yields
    ------
    IndexedFrame, FrameReport
        In the order of the frames.
    """
    waiting: deque[tuple[Frame, Histogram]] = deque()

    def histograms() -> Iterator[Histogram]:
        before: Frame | None = None
        for frame in frames:
            still = None
            if count_still and before is not None:
                still = still_weights(frame, before)
            histogram = Histogram.of(frame, still)
            waiting.append((frame, histogram))
            before = frame
            yield histogram

    keeper = SlotKeeper(space)
    for step in planner(histograms()):
        frame, histogram = waiting.popleft()
        palette = step.palette
        slots, transparent = _slots(histogram, palette, space, distance, frame.has_transparency)
        nearest = np.zeros(len(frame.colors), np.uint8)
        nearest[histogram.rows] = slots
        if ditherer is None:
            remapped = keeper.remap(
                frame, palette, nearest, transparent, slack=step.slack, allowance=step.allowance
            )
        else:
            indices = ditherer.indices(frame, palette, nearest, transparent, cut=step.cut)
            remapped = tally(frame, indices, palette)
        yield (
            IndexedFrame(remapped.indices, palette, frame.duration, transparent),
            FrameReport(
                palette,
                remapped.weights,
                remapped.error,
                frame.duration,
                step.cut,
                step.relocated,
                step.n_iter,
            ),
        )


def _slots(
    histogram: Histogram,
    palette: NDArray[np.uint8],
    space: Space,
    distance: Distance,
    has_transparency: bool,
) -> tuple[NDArray[np.uint8], int | None]:
    """Return the slot of each color, and the index for transparent pixels if any are needed."""
    manhattan = distance == "manhattan"
    slots = nearest_slots(histogram.colors, palette, space, manhattan=manhattan)
    if not has_transparency:
        return slots, None
    if len(palette) < 256:
        return slots, len(palette)
    # All 256 indices are taken: the least used slot gives its index up.
    spare = int(np.bincount(slots, histogram.weights, minlength=256).argmin())
    kept = np.delete(np.arange(256, dtype=np.uint8), spare)
    slots = nearest_slots(histogram.colors, palette[kept], space, manhattan=manhattan)
    return kept[slots], spare


class _Failure:
    """An exception on its way from a stage's thread to its consumer."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def overlap(items: Iterable[T], depth: int = 4) -> Iterator[T]:
    """Run an iterator in a thread of its own, at most `depth` items ahead.

    Errors of the iterator are raised here; closing this generator stops the
    thread before the next item.
    """
    ready: queue.Queue[T | _Failure | None] = queue.Queue(depth)
    stopped = threading.Event()

    def put(item: T | _Failure | None) -> None:
        while not stopped.is_set():
            try:
                ready.put(item, timeout=0.1)
                return
            except queue.Full:
                continue

    def work() -> None:
        try:
            for item in items:
                put(item)
                if stopped.is_set():
                    return
            put(None)
        except BaseException as error:  # handed over, not swallowed
            put(_Failure(error))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, _Failure):
                raise item.error
            yield item
    finally:
        stopped.set()
        thread.join()

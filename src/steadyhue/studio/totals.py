"""Totals: what a preview costs, how far it is from its source, and where it is worst."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np

from steadyhue.formats import open_sink
from steadyhue.frame import Animation, Frame, IndexedFrame
from steadyhue.metrics import Comparison, compare
from steadyhue.metrics.flicker import WORST_COVERAGE
from steadyhue.studio.tape import Tape

MOMENTS = 5
"""Worst moments that are listed."""

FLASH = 0.25
"""Share of a picture that must change for a flash: as WCAG 2.2, 2.3.1 counts a large area."""

FLASH_CHANGE = 8.0
"""100 x OKLab that it changes by on average: about the tenth of full lightness that 2.3.1 names."""


def totals(tape: Tape, frames: Sequence[IndexedFrame]) -> dict[str, Any]:
    """Measure a preview.

    Parameters
    ----------
    tape : Tape
        The source; complete.
    frames : sequence of IndexedFrame
        What was made of it, one for each frame.

    Returns
    -------
    dict
        Plain JSON values: bytes of the GIF, error, shares of still pixels repainted, the
        worst moments, and flashes a second.
    """
    found = compare(tape.animation(), tape.animation([_colored(frame) for frame in frames]))
    figures = found.measurement()
    repainted = [0.0, *(_share(step) for step in found.steps)]
    return {
        "bytes": len(gif(frames, tape.clip)),
        "error": figures.error,
        "errors": list(found.errors),
        "flicker": figures.still.share,
        "change": figures.still.change,
        "repainted": repainted,
        "worst": _worst(repainted, found.errors),
        "cuts": list(found.cuts),
        "flashes": _flashes(found, [frame.duration for frame in frames]),
        "colors": figures.colors,
        "whole": not tape.cut_short,
    }


def gif(frames: Sequence[IndexedFrame], clip: Animation) -> bytes:
    """Return frames as a GIF file, as long as their clip plays."""
    file = BytesIO()
    with open_sink(
        file, clip.width, clip.height, loop=clip.loop, real_times=clip.real_times
    ) as sink:
        for frame in frames:
            sink.write(frame)
    return file.getvalue()


def _colored(frame: IndexedFrame) -> Frame:
    """Return a reduced frame as an image over its palette, without counting its colors anew."""
    ids = frame.indices.astype(np.int32)
    if frame.transparent is not None:
        ids[frame.indices == frame.transparent] = -1
    counts = np.bincount(ids[ids >= 0], minlength=len(frame.palette)).astype(np.int64)
    return Frame(ids, frame.palette, counts, frame.duration)


def _share(step: Any) -> float:
    """Return how much of what is still was repainted; 0 where hardly anything is still."""
    if step is None or step.still.pixels < max(WORST_COVERAGE * step.opaque, 1):
        return 0.0
    return float(step.still.changed / step.still.pixels)


def _worst(repainted: Sequence[float], errors: Sequence[float]) -> list[dict[str, Any]]:
    """Return the moments where most is repainted, no two of them next to each other."""
    chosen: list[int] = []
    for n in sorted(range(len(repainted)), key=lambda n: (-repainted[n], n)):
        if len(chosen) == MOMENTS or repainted[n] == 0:
            break
        if all(abs(n - other) > 1 for other in chosen):
            chosen.append(n)
    return [{"frame": n, "repainted": repainted[n], "error": errors[n]} for n in chosen]


def _flashes(found: Comparison, durations: Sequence[float]) -> float:
    """Return the most changes of a large area within any second, while the source holds still."""
    ends = np.cumsum([d if d >= 20 else 100.0 for d in durations])
    times = [
        float(ends[n])
        for n, step in enumerate(found.steps)
        if step is not None
        and step.still.changed >= FLASH * step.still.pixels > 0
        and step.still.pixels >= FLASH * step.opaque
        and 100 * step.still.oklab >= FLASH_CHANGE * step.still.changed
    ]
    return float(max((sum(t <= s < t + 1000 for s in times) for t in times), default=0))

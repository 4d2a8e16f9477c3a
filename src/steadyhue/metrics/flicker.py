"""Flicker: the change of an output where its source holds still.

Where the source holds still its copy should too. A pixel is *static* where the source is
unchanged since the previous frame, and *still* where none of its channels moved by more than
`stillness.STILL` levels; flicker is given over both. It is never counted across a cut. It
means little by itself (a black film holds perfectly still), so it is always given beside the
error.

References
----------
W.-S. Lai et al., "Learning Blind Video Temporal Consistency", ECCV 2018: the
warping error, of which flicker on static pixels is the case without motion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steadyhue.metrics.difference import Movement

WORST_COVERAGE = 0.01
"""Share of a frame's pixels that must be still for it to be a candidate for the worst frame."""


@dataclass(frozen=True, slots=True)
class Flicker:
    """Change of the output where the source holds still.

    Attributes
    ----------
    share : float in [0, 1]
        Share of the still pixels, pooled over all steps from frame to frame, whose output
        changed at all. This is what costs a GIF its bytes.
    change : float
        Mean OKLab difference of their output.
    excess : float
        Mean OKLab difference of their output beyond that of the source: noise of the source is no
        flicker of its copy.
    jumps : float in [0, 1]
        Share of the still pixels whose output moves by more than `difference.JUMP`: a change that
        is seen, where most of `share` is not.
    squared : float
        Squared change of their output per pixel of the picture, still or not.
    worst_share, worst_change : float
        The same of the worst step, among those with at least 1 % of still pixels.
    coverage : float in [0, 1]
        Share of the source's pixels that are still; 0 means there was nothing to judge.
    pixels : int
        Number of the still pixels, for pooling several clips.
    """

    share: float = 0.0
    change: float = 0.0
    excess: float = 0.0
    jumps: float = 0.0
    squared: float = 0.0
    worst_share: float = 0.0
    worst_change: float = 0.0
    coverage: float = 0.0
    pixels: int = 0

    @classmethod
    def of(cls, steps: Sequence[Movement], opaque: Sequence[int]) -> Flicker:
        """Pool the steps from frame to frame.

        Parameters
        ----------
        steps : sequence of Movement
            Of the output from each frame to the next, over the still pixels.
        opaque : sequence of int
            Pixels of the source that were opaque in both frames, still or not.
        """
        if not steps:
            return cls()
        pixels, compared, changed, squared, oklab, jumps, excess = np.array(steps, np.float64).T
        whole = np.array(opaque, np.float64)
        judged = pixels >= np.maximum(WORST_COVERAGE * whole, 1)

        def worst(sums: NDArray[np.float64], counts: NDArray[np.float64]) -> float:
            return float(np.max(sums / np.maximum(counts, 1), where=judged, initial=0))

        return cls(
            share=float(changed.sum() / max(pixels.sum(), 1)),
            change=100 * float(oklab.sum() / max(compared.sum(), 1)),
            excess=100 * float(excess.sum() / max(compared.sum(), 1)),
            jumps=float(jumps.sum() / max(pixels.sum(), 1)),
            squared=float(squared.sum() / max(whole.sum(), 1)),
            worst_share=worst(changed, pixels),
            worst_change=100 * worst(oklab, compared),
            coverage=float(pixels.sum() / max(whole.sum(), 1)),
            pixels=int(pixels.sum()),
        )

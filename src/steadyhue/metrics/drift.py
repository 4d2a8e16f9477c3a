"""Palette drift: how far the colors of slots move, whether or not pixels show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from steadyhue.color import oklab_difference


def palette_drift(
    palettes: Sequence[ArrayLike],
    weights: Sequence[ArrayLike] | None = None,
    cuts: Iterable[int] = (),
) -> float:
    """Return how far palette entries move from frame to frame, as an OKLab difference.

    Parameters
    ----------
    palettes : sequence of (k, 3) uint8 arrays
        The sRGB palette of each frame, in slot order; slots that only one of two frames has
        don't count in the step between them.
    weights : sequence of (k,) arrays, optional
        Pixels of each slot in each frame, by which a step into that frame is averaged; slots
        count alike without it.
    cuts : iterable of int
        Frames that start a new shot: the step into them is left out.

    Returns
    -------
    float
        100 x OKLab distance, averaged over slots and then over steps; 0 without any.

    Raises
    ------
    ValueError
        If palettes and weights differ in number.
    """
    if weights is not None and len(weights) != len(palettes):
        raise ValueError(f"got {len(weights)} weights for {len(palettes)} palettes")
    skipped = set(cuts)
    steps = []
    for t in range(1, len(palettes)):
        if t in skipped:
            continue
        before, after = np.asarray(palettes[t - 1]), np.asarray(palettes[t])
        k = min(len(before), len(after))
        moved = oklab_difference(before[:k], after[:k])
        share = np.ones(k) if weights is None else np.asarray(weights[t], np.float64)[:k]
        steps.append(100 * float((moved * share).sum()) / max(float(share.sum()), 1.0))
    return float(np.mean(steps)) if steps else 0.0

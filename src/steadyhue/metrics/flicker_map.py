"""The flicker map: where an output changes although its source holds still."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from steadyhue.color import to_space
from steadyhue.frame import Frame, IndexedFrame
from steadyhue.stillness import still_pixels


def flicker_map(source: Iterable[Frame], output: Iterable[IndexedFrame]) -> NDArray[np.float64]:
    """Measure the flicker of every pixel.

    Parameters
    ----------
    source : iterable of Frame
    output : iterable of IndexedFrame
        What was made of it, frame by frame.

    Returns
    -------
    (H, W) float64 array
        Mean 100 x OKLab change of the output from frame to frame, over the steps in which the
        source's pixel held still; NaN where it never did.

    Raises
    ------
    ValueError
        If there are no frames, or not as many of the one as of the other, or they differ in size.
    """
    before: tuple[Frame, IndexedFrame] | None = None
    for frame, shown in zip(source, output, strict=True):
        if before is None:
            change, steps = np.zeros(frame.ids.shape), np.zeros(frame.ids.shape, np.int64)
        else:
            still = still_pixels(frame, before[0])
            change += _change(before[1], shown) * still
            steps += still
        before = frame, shown
    if before is None:
        raise ValueError("there are no frames to compare")
    with np.errstate(invalid="ignore"):
        return change / steps


def _change(before: IndexedFrame, after: IndexedFrame) -> NDArray[np.float64]:
    """Return 100 x OKLab change of each pixel, by a table over pairs of slots."""
    rows, columns = int(before.indices.max()) + 1, int(after.indices.max()) + 1
    a, b = np.zeros((2, 256, 3))
    a[: len(before.palette)] = to_space(before.palette, "oklab")
    b[: len(after.palette)] = to_space(after.palette, "oklab")
    table = 100 * np.linalg.norm(a[:rows, None] - b[None, :columns], axis=2)
    pairs = before.indices.astype(np.intp) * columns + after.indices
    result: NDArray[np.float64] = table.ravel()[pairs]
    return result

"""The flicker heat map: where an output changes although its source holds still."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from steadyhue.color import to_space
from steadyhue.frame import Frame, IndexedFrame

TOLERANCE = 6
"""Levels by which a still pixel's source may move: film noise is not motion."""

FULL = 4.0
"""100 x OKLab change drawn as the hottest color; 2 is just noticed side by side."""

_STOPS = np.array(  # dark purple to pale yellow: lightness rises all the way
    [[59, 15, 112], [140, 41, 129], [222, 73, 104], [254, 159, 109], [252, 253, 191]], np.float64
)
_LEVELS = 32
_FAINT = 8  # levels over which the map fades in: an unseen change must not look like much

Planes = list[NDArray[np.int16]]


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
        Mean 100 x OKLab change of the output from frame to frame, over the steps
        in which the source's pixel moved at most 6 levels in every channel;
        NaN where it never held still.
    """
    change = steps = np.zeros(())
    before: tuple[Planes, IndexedFrame] | None = None
    for frame, shown in zip(source, output, strict=True):
        planes = _planes(frame)
        if before is None:
            change, steps = np.zeros(shown.indices.shape), np.zeros(shown.indices.shape, np.int64)
        else:
            still = frame.ids >= 0
            for old, new in zip(before[0], planes, strict=True):
                still &= np.abs(new - old) <= TOLERANCE
            change += _change(before[1], shown) * still
            steps += still
        before = planes, shown
    with np.errstate(invalid="ignore"):
        return change / steps


def _planes(frame: Frame) -> Planes:
    """Return the three channels one by one; a transparent pixel is far from every color."""
    table = np.full((3, len(frame.colors) + 1), -1000, np.int16)
    table[:, :-1] = frame.colors.T
    return [channel[frame.ids] for channel in table]


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


def heat_png(flicker: NDArray[np.float64]) -> bytes:
    """Return a flicker map as a small PNG: clear where nothing flickers, hot where much does."""
    from io import BytesIO

    from PIL import Image

    level = np.clip(np.nan_to_num(flicker) / FULL * (_LEVELS - 1), 0, _LEVELS - 1)
    picture = Image.fromarray(np.ceil(level).astype(np.uint8), "P")
    ramp = np.linspace(0, len(_STOPS) - 1, _LEVELS)
    colors = [np.interp(ramp, range(len(_STOPS)), _STOPS[:, c]) for c in range(3)]
    picture.putpalette(np.rint(np.stack(colors, axis=1)).astype(np.uint8).tobytes())
    alpha = np.minimum(np.arange(_LEVELS) * 255 // _FAINT, 255).astype(np.uint8)
    file = BytesIO()
    picture.save(file, "PNG", transparency=alpha.tobytes(), optimize=True, bits=8)
    return file.getvalue()

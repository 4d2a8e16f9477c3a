"""Judge: what a plan costs on some of the pixels, with the slots that these would get.

The cost by which palettes are held does not see that a pixel may switch slots instead of
following one. So plans are compared by what labels cost, found as `labels` finds them, on the
same few thousand places of every frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.color import grid_points
from steadyhue.histogram import Sample
from steadyhue.modes.step import Prices
from steadyhue.settings import Settings

_PENALTY = 5.0  # for every part of a frame's error over its cap

Palettes = Sequence[NDArray[np.uint8]]
_Bytes = NDArray[np.uint8]
_Floats = NDArray[np.float32]
_Frame = tuple[NDArray[np.int32], _Bytes, _Floats, _Bytes, _Bytes, _Bytes, _Bytes, _Floats]
"""As `_native.label_frames` takes them."""


class Judge:
    """Compares plans for a run of frames.

    Parameters
    ----------
    samples : sequence of Sample
        Of T frames.
    units : sequence of float
        What a pixel of each costs at best, on average.
    settings : Settings
    prices : Prices
    """

    def __init__(
        self,
        samples: Sequence[Sample],
        units: Sequence[float],
        settings: Settings,
        prices: Prices,
    ) -> None:
        self._samples = samples
        self._units = units
        self._space = settings.space
        self._manhattan = settings.distance == "manhattan"
        self._prices = prices
        self._points = [grid_points(sample.colors, self._space) for sample in samples]
        self._steps = cache(self._steps_between)

    def cost(
        self,
        palettes: Palettes,
        last: NDArray[np.uint8] | None = None,
        shown: NDArray[np.uint8] | None = None,
    ) -> tuple[float, NDArray[np.uint8]]:
        """Return what palettes cost, and the slots of the sampled pixels.

        Parameters
        ----------
        palettes : sequence of (k, 3) uint8 arrays
            One a frame.
        last : (k, 3) uint8 array or None
            The palette before the first frame.
        shown : (1, s) uint8 array or None
            What the sampled pixels show in it.

        Returns
        -------
        float
            Error in multiples of the best, prices, and a penalty, over all frames.
        (T, 1, s) uint8 array
        """
        frames: list[_Frame] = []
        least: list[float] = []
        before = None if last is None else last.tobytes()
        for t, palette in enumerate(palettes):
            frame, error = self._frame(t, palette, before, frames[-1][5] if frames else None)
            frames.append(frame)
            least.append(error)
            before = palette.tobytes()
        slots, extra = _native.label_frames(frames, shown, len(frames), 1)
        total, earlier = 0.0, shown
        for t, frame in enumerate(frames):
            pixels = max(1, int(self._samples[t].weights.sum()))
            ratio = (least[t] + float(extra[t])) / pixels
            total += ratio + _PENALTY * max(0.0, ratio - self._prices.frame_cap)
            if earlier is not None:
                linked = frame[4][0] > 0
                paid = frame[7][earlier[0][linked], slots[t][0][linked]]
                total += float(paid.sum(dtype=np.float64)) / pixels
            earlier = slots[t]
        return total, slots

    def _frame(
        self,
        t: int,
        palette: NDArray[np.uint8],
        before: bytes | None,
        nearest_before: NDArray[np.uint8] | None,
    ) -> tuple[_Frame, float]:
        sample, now = self._samples[t], palette.tobytes()
        into = self._steps(now if before is None else before, now)
        linked = np.zeros_like(sample.linked) if before is None else sample.linked
        slots, costs, counts = _native.weigh_slots(
            self._points[t],
            sample.weights,
            grid_points(palette, self._space),
            self._manhattan,
            -1,
            1.0 / self._units[t],
            self._steps(now, now),
        )
        nearest, calm = _native.nearest_pixels(sample.ids, slots, linked, into, nearest_before, 0)
        error = float((costs[:, 0].astype(np.float64) * sample.weights).sum())
        return (sample.ids, slots, costs, counts, linked, nearest, calm, into), error

    def _steps_between(self, before: bytes, after: bytes) -> NDArray[np.float32]:
        one, other = (np.frombuffer(b, np.uint8).reshape(-1, 3) for b in (before, after))
        return self._prices.steps(one, other)

"""Judge: what a plan costs on some of the pixels, with the slots that these would get.

The cost by which palettes are held does not see that a pixel may switch slots instead of
following one. So plans are compared by what labels cost, found as `labels` finds them, on the
same few thousand places of every frame.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.color import grid_points
from steadyhue.histogram import Sample
from steadyhue.modes.step import Prices
from steadyhue.settings import Settings

_PENALTY = 5.0  # for every part of a frame's error over its cap

Palettes = NDArray[np.uint8]
"""Palettes of a run of frames (T, k, 3)."""


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
        self._space = settings.space
        self._manhattan = settings.distance == "manhattan"
        self._rates = (*prices.rates, prices.frame_cap, _PENALTY)
        self._samples = [
            (sample.ids, sample.linked, grid_points(sample.colors, self._space), unit)
            for sample, unit in zip(samples, units, strict=True)
        ]

    def cost(
        self,
        palettes: Palettes,
        last: NDArray[np.uint8] | None = None,
        shown: NDArray[np.uint8] | None = None,
        *,
        stride: int = 1,
    ) -> tuple[float, NDArray[np.uint8]]:
        """Return what palettes cost, and the slots of the sampled pixels.

        Parameters
        ----------
        palettes : (T, k, 3) uint8 array
            One palette a frame.
        last : (k, 3) uint8 array or None
            The palette before the first frame.
        shown : (1, s) uint8 array or None
            What the sampled pixels show in it.
        stride : int
            Look at every so many of the pixels only.

        Returns
        -------
        float
            Error in multiples of the best, prices, and a penalty, over all frames.
        (T, 1, s) uint8 array
        """
        colors = palettes.reshape(-1, 3)
        return _native.judge_plan(
            self._samples,
            stride,
            grid_points(colors, self._space).reshape(palettes.shape),
            grid_points(colors, "oklab").reshape(palettes.shape),
            None if last is None else grid_points(last, "oklab"),
            shown,
            self._manhattan,
            self._rates,
        )

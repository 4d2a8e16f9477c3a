"""Measures: how far an animation is from its source, how still it holds, what a transfer turns.

All figures are of composited frames, whoever made them. Two units are used throughout:

*squared error* (and *squared change*) of a pixel
    the sum over the three channels of the squared difference in sRGB levels
    (0 to 255), so that 3 is one level in every channel;
*OKLab difference*
    100 x the Euclidean OKLab distance; about 2 is just visible.

Pixels that are transparent on either side have no color difference and are left
out of it; a pixel that turns transparent or opaque counts as changed.
"""

from __future__ import annotations

from steadyhue.metrics.comparison import Comparison, compare, measure
from steadyhue.metrics.drift import palette_drift
from steadyhue.metrics.flicker import Flicker
from steadyhue.metrics.flicker_map import flicker_map
from steadyhue.metrics.inversion import inversions
from steadyhue.metrics.measurement import Measurement, table
from steadyhue.metrics.ratios import ROUNDING, error_ratios

__all__ = [
    "ROUNDING",
    "Comparison",
    "Flicker",
    "Measurement",
    "compare",
    "error_ratios",
    "flicker_map",
    "inversions",
    "measure",
    "palette_drift",
    "table",
]

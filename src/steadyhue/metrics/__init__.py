"""Measures: how far an animation is from its source, how still it holds, what a transfer turns."""

from __future__ import annotations

from steadyhue.metrics.comparison import (
    ROUNDING,
    STILL,
    compare,
    error_ratios,
    measure,
    palette_drift,
)
from steadyhue.metrics.inversion import inversions
from steadyhue.metrics.measurement import Flicker, Measurement, table

__all__ = [
    "ROUNDING",
    "STILL",
    "Flicker",
    "Measurement",
    "compare",
    "error_ratios",
    "inversions",
    "measure",
    "palette_drift",
    "table",
]

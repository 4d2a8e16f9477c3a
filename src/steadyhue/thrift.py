"""Thrift: what one number for quality means for pixels in time and in the picture."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import exp, log

QUALITIES = (1, 100)
"""The least and the most."""

_LEVELS = (
    # quality, hold, price, tolerance
    (100, 10.0, 1.0, 1.0),
    (90, 40.0, 0.1, 6.0),
    (80, 100.0, 0.04, 9.0),
    (60, 300.0, 0.013, 14.0),
    (40, 700.0, 0.0045, 22.0),
    (20, 1100.0, 0.0016, 32.0),
    (1, 1500.0, 0.0006, 44.0),
)


@dataclass(frozen=True, slots=True)
class Thrift:
    """What quality trades for bytes.

    Attributes
    ----------
    hold : float
        What painting a pixel anew costs when time lines are fitted, in squared sRGB levels.
    price : float
        What a squared sRGB level of error costs when phrases are chosen, in pixels of length.
    tolerance : float
        sRGB levels by which a pixel may miss its source beyond its nearest color.
    """

    hold: float
    price: float
    tolerance: float

    @classmethod
    def of(cls, quality: int) -> Thrift:
        """Return what a quality in [1, 100] means; between those that were tried it is interpolated."""
        for (above, *most), (below, *least) in pairwise(_LEVELS):
            if quality >= below:
                share = (above - quality) / (above - below)
                return cls(
                    *(
                        exp((1 - share) * log(a) + share * log(b))
                        for a, b in zip(most, least, strict=True)
                    )
                )
        raise ValueError(f"quality must be in [1, 100], got {quality}")

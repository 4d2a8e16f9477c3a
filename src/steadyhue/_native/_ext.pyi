import numpy as np
from numpy.typing import NDArray

def distinct_colors(
    pixels: NDArray[np.uint8], alpha_threshold: int
) -> tuple[NDArray[np.int32], NDArray[np.uint8], NDArray[np.int64]]:
    """Ids (H, W) int32, colors (n, 3) uint8 and weights (n,) int64 of (H, W, 3 or 4) pixels."""

_Colored = tuple[NDArray[np.int32], NDArray[np.uint8], NDArray[np.float64]]
_Difference = tuple[int, int, int, int, float]

def difference(a: _Colored, b: _Colored) -> _Difference:
    """Pixels, opaque, changed, squared and oklab sums between two (ids, srgb, oklab) frames."""

def change(
    source0: _Colored, source1: _Colored, output0: _Colored, output1: _Colored, tolerance: int
) -> tuple[_Difference, _Difference, int, int, float]:
    """Output differences where the source is fixed and where it is still; opaque, compared, excess."""

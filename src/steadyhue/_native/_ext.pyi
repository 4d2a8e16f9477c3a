import numpy as np
from numpy.typing import NDArray

def distinct_colors(
    pixels: NDArray[np.uint8], alpha_threshold: int
) -> tuple[NDArray[np.int32], NDArray[np.uint8], NDArray[np.int64]]:
    """Ids (H, W) int32, colors (n, 3) uint8 and weights (n,) int64 of (H, W, 3 or 4) pixels."""

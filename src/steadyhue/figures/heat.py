"""The heat map: a flicker map as a picture to lay over its clip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FULL = 4.0
"""100 x OKLab change drawn as the hottest color; 2 is just noticed side by side."""

_STOPS = np.array(  # dark purple to pale yellow: lightness rises all the way
    [[59, 15, 112], [140, 41, 129], [222, 73, 104], [254, 159, 109], [252, 253, 191]], np.float64
)
_LEVELS = 32
_FAINT = 8  # levels over which the map fades in: an unseen change must not look like much


def heat_png(flicker: NDArray[np.float64]) -> bytes:
    """Return a flicker map as a small PNG: clear where nothing flickers, hot where much does.

    Parameters
    ----------
    flicker : (H, W) float64 array
        As `metrics.flicker_map` gives it; NaN is clear.

    Returns
    -------
    bytes
        The file; indexed, its colors fade in.
    """
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

"""Which way up a picture is to be shown, as its EXIF data say."""

from __future__ import annotations

from typing import Any

import numpy as np

from steadyhue.formats.raster import Pixels

_ORIENTATION = 0x0112  # tag of EXIF 2.32, table 4

# Values 2 to 8: quarter turns to the left after a mirroring of left and right.
_TURNS = {2: (True, 0), 3: (False, 2), 4: (True, 2), 5: (True, 1), 6: (False, 3), 7: (True, 3)} | {
    8: (False, 1)
}
_SIDEWAYS = (5, 6, 7, 8)


def orientation_of(image: Any) -> int:
    """Return the orientation of a Pillow image, 1 to 8; 1 where it says none that there is."""
    try:
        told = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # EXIF data are free to be anything
        return 1
    return told if isinstance(told, int) and told in _TURNS else 1


def upright_size(width: int, height: int, orientation: int) -> tuple[int, int]:
    """Return the width and height as shown."""
    return (height, width) if orientation in _SIDEWAYS else (width, height)


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Turn and mirror decoded pixels."""
    if orientation not in _TURNS:
        return pixels
    mirrored, turns = _TURNS[orientation]
    turned = np.rot90(pixels[:, ::-1] if mirrored else pixels, turns)
    return np.ascontiguousarray(turned)

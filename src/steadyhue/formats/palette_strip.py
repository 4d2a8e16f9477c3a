"""Palettes as pictures: PNG strips of square swatches."""

from __future__ import annotations

import io

import numpy as np

from steadyhue.palette import Palette

MAX_PIXELS = 16_000_000
"""Largest picture that is looked at for a palette."""

_SWATCH = 16  # pixels a side


def decode_png(data: bytes) -> Palette:
    """Read a row of square swatches; any other picture gives its distinct colors in order."""
    from PIL import Image

    if not data.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"):
        raise ValueError("not a PNG")
    with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError(f"{image.width}x{image.height} pixels are too many for a palette")
        pixels = np.asarray(image.convert("RGBA"))
    height, width = pixels.shape[:2]
    if width % height == 0:
        swatches = pixels.reshape(height, -1, height, 4)[0, :, 0]
        strip = np.repeat(swatches, height, axis=0)
        if (pixels == strip).all() and (swatches[:, 3] == 255).all():
            return Palette(swatches[:, :3])
    opaque = pixels[pixels[:, :, 3] >= 128][:, :3]
    colors, first = np.unique(opaque, axis=0, return_index=True)
    if len(colors) > 256:
        raise ValueError(f"{len(colors)} colors are a picture and not a palette")
    return Palette(colors[np.argsort(first)])


def encode_png(palette: Palette) -> bytes:
    """Write a row of square swatches."""
    from PIL import Image

    strip = palette.colors.repeat(_SWATCH, axis=0)[None].repeat(_SWATCH, axis=0)
    out = io.BytesIO()
    Image.fromarray(strip).save(out, "PNG")
    return out.getvalue()

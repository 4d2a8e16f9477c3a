"""ICC profiles: pictures in any color space that a file describes, to sRGB.

The colorimetry is relative, with the black point compensated, as viewers show pictures
on a screen. A profile that is sRGB's own, whatever its name, changes nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from steadyhue.formats.losses import Losses

MOST_BYTES = 16_000_000
"""Largest profile that is used; those of printing presses take about 3 MB."""

_MODES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab ": "LAB"}
"""Color spaces of ICC.1:2022, table 19, as Pillow calls them."""

# lcms2.h: cmsFLAGS_BLACKPOINTCOMPENSATION and cmsFLAGS_NOCACHE, without which a transform
# may not be used by two threads.
_BLACK_POINT, _NO_CACHE = 0x2000, 0x0040

_STEPS = np.linspace(0, 255, 9).astype(np.uint8)
_CLOSE = 1  # levels that rounding may make of nothing


def to_srgb(image: Any, losses: Losses) -> Any:
    """Return an opened Pillow image as sRGB, by the profile in its file, if it has one.

    Transparency is kept. A profile that can't be used is noted, and the image stays as it is.
    """
    profile = image.info.get("icc_profile")
    if image.mode == "LAB":
        return _from_lab(image)
    if not profile or image.mode in ("1", "F"):
        return image
    try:
        mode, transform = _transform(profile)
        if transform is None:
            return image
        return _applied(image, mode, transform)
    except Exception as error:  # LittleCMS and Pillow have many; the picture is still one
        reason = " ".join(str(error).split()) or type(error).__name__
        losses.note(f"its color profile is not used ({reason[:80]})")
        return image


def _applied(image: Any, mode: str, transform: Any) -> Any:
    from PIL import Image, ImageCms

    kind = _kind(image.mode)
    if mode != kind and not (mode == "RGB" and kind == "L"):
        raise ValueError(f"it is for {mode} pixels, and these are {kind}")
    alpha = None
    if image.mode.startswith("I"):
        image = Image.fromarray(grey_of_deep(image))
    elif image.has_transparency_data:
        alpha = image.convert("RGBA").getchannel("A")
    converted: Any = ImageCms.applyTransform(image.convert(mode), transform)
    if alpha is not None:
        converted.putalpha(alpha)
    return converted


def _kind(mode: str) -> str:
    if mode == "CMYK":
        return mode
    return "L" if mode.startswith(("L", "I")) else "RGB"


@lru_cache(maxsize=8)
def _transform(profile: bytes) -> tuple[str, Any]:
    """Return the mode that a profile is for, and a transform to sRGB; None where none is needed."""
    from io import BytesIO

    from PIL import Image, ImageCms

    if len(profile) > MOST_BYTES:
        raise ValueError(f"it has over {MOST_BYTES} bytes")
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    mode = _MODES.get(source.profile.xcolor_space)
    if mode is None or mode == "LAB":
        raise ValueError(f"it is for {source.profile.xcolor_space.strip()} colors")
    flags: Any = _BLACK_POINT | _NO_CACHE
    transform = ImageCms.buildTransform(
        source,
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=flags,
    )
    if mode == "CMYK":
        return mode, transform
    grid = np.stack(np.meshgrid(*[_STEPS] * 3, indexing="ij"), axis=-1).reshape(1, -1, 3)
    probe = Image.fromarray(np.ascontiguousarray(grid if mode == "RGB" else grid[..., 0]))
    found = np.asarray(ImageCms.applyTransform(probe, transform)).astype(int)
    expected = np.asarray(probe.convert("RGB")).astype(int)
    same = int(np.abs(found - expected).max()) <= _CLOSE
    return mode, None if same else transform


def _from_lab(image: Any) -> Any:
    from PIL import ImageCms

    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")


def grey_of_deep(image: Any) -> Any:
    """Return the pixels of a picture of 16-bit grey, at 8 bits."""
    deep = np.asarray(image).astype(np.int64)
    return (np.clip(deep, 0, 65_535) >> 8).astype(np.uint8)

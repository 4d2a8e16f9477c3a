"""What happens to decoded pixels before their colors are counted: size and alpha."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from steadyhue.color import linear_from_srgb, srgb_from_linear
from steadyhue.errors import OptionError
from steadyhue.frame import Frame
from steadyhue.ranges import whole
from steadyhue.words import FITS, Fit

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Raster:
    """Bounds for the size, and what becomes of partial transparency.

    Attributes
    ----------
    width, height : int or None
        Most pixels across and down; larger pictures are reduced in linear
        light and keep their shape, smaller ones stay as they are. With `fit`, the
        exact size.
    alpha_threshold : int in [0, 256]
        Pixels whose alpha is below it are transparent, the others opaque.
    matte : (r, g, b) or None
        sRGB color to lay under every picture, so that nothing is transparent.
    fit : str or None
        How every picture comes to exactly one size: ``pad`` shows it whole, reduced where it is
        larger, in the middle of a border that is transparent or of the matte; ``crop``
        fills the size and cuts off what hangs over. The size is `width` by `height`;
        of the source's first picture, or its shape, where they are not given.

    Raises
    ------
    OptionError
        If a value is of another kind or out of its range.
    """

    width: int | None = None
    height: int | None = None
    alpha_threshold: int = 128
    matte: tuple[int, int, int] | None = None
    fit: Fit | None = None

    def __post_init__(self) -> None:
        for name, bound in (("width", self.width), ("height", self.height)):
            if bound is not None:
                object.__setattr__(self, name, whole(bound, name, 1))
        threshold = whole(self.alpha_threshold, "alpha_threshold", 0, 256)
        object.__setattr__(self, "alpha_threshold", threshold)
        if self.matte is not None:
            object.__setattr__(self, "matte", _levels(self.matte))
        if self.fit is not None and not (isinstance(self.fit, str) and self.fit in FITS):
            raise OptionError(f"fit must be one of {', '.join(FITS)}, got {self.fit!r}")

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Return the width and height that a picture of this size comes to."""
        if self.fit is not None and (self.width or self.height):
            wide = self.width or max(1, round(width * (self.height or height) / height))
            return wide, self.height or max(1, round(height * wide / width))
        return _reduced(width, height, self.width or width, self.height or height)

    def frame(self, pixels: Pixels, target: tuple[int, int] | None = None) -> Frame:
        """Make a frame, of no duration yet, of (H, W), (H, W, 3) or (H, W, 4) pixels.

        `target` is the width and height to come to; by itself, `size` of these pixels.
        """
        if pixels.ndim == 3 and pixels.shape[2] == 4 and self.matte is not None:
            pixels = flatten(pixels, self.matte)
        width, height = target or self.size(pixels.shape[1], pixels.shape[0])
        if (height, width) != pixels.shape[:2]:
            if self.fit == "pad":
                pixels = _padded(pixels, width, height, self.matte)
            elif self.fit == "crop":
                pixels = _cropped(pixels, width, height)
            else:
                pixels = resize(pixels, width, height)
        return Frame.from_array(pixels, alpha_threshold=self.alpha_threshold)

    def refit(self, frame: Frame, target: tuple[int, int] | None = None) -> Frame:
        """Do the same to a frame whose colors are counted already."""
        target = target or self.size(frame.width, frame.height)
        if target == (frame.width, frame.height) and (
            self.matte is None or not frame.has_transparency
        ):
            return frame
        return self.frame(frame.rgba(), target)


def _reduced(width: int, height: int, most_wide: int, most_high: int) -> tuple[int, int]:
    scale = min(1.0, most_wide / width, most_high / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _padded(pixels: Pixels, width: int, height: int, border: tuple[int, int, int] | None) -> Pixels:
    """Show a picture whole in the middle of a border."""
    inner_width, inner_height = _reduced(pixels.shape[1], pixels.shape[0], width, height)
    if (inner_height, inner_width) != pixels.shape[:2]:
        pixels = resize(pixels, inner_width, inner_height)
    left, top = (width - inner_width) // 2, (height - inner_height) // 2
    canvas = np.zeros((height, width, 4), np.uint8)
    if border is not None:
        canvas[:] = *border, 255
    inside = canvas[top : top + inner_height, left : left + inner_width]
    colors = pixels[..., None] if pixels.ndim == 2 else pixels
    inside[..., :3] = colors[..., :3]
    inside[..., 3] = colors[..., 3] if colors.shape[2] == 4 else 255
    return canvas


def _cropped(pixels: Pixels, width: int, height: int) -> Pixels:
    """Fill a size with the middle of a picture."""
    high, wide = pixels.shape[:2]
    # First cut to the shape, so that nothing is enlarged for being cut off.
    inner_width = max(1, min(wide, round(high * width / height)))
    inner_height = max(1, min(high, round(wide * height / width)))
    left, top = (wide - inner_width) // 2, (high - inner_height) // 2
    inside = pixels[top : top + inner_height, left : left + inner_width]
    if inside.shape[:2] == (height, width):
        return inside
    return resize(inside, width, height)


def _levels(matte: object) -> tuple[int, ...]:
    levels: tuple[object, ...] = ()
    if isinstance(matte, (tuple, list)) or (isinstance(matte, np.ndarray) and matte.ndim):
        levels = tuple(matte)
    if len(levels) != 3:
        raise OptionError(f"matte must be three levels from 0 to 255, got {matte!r}")
    return tuple(whole(level, "a level of matte", 0, 255) for level in levels)


def flatten(pixels: Pixels, matte: tuple[int, int, int]) -> Pixels:
    """Lay (H, W, 4) pixels over a color, in sRGB as viewers do, and return (H, W, 3)."""
    alpha = pixels[..., 3:].astype(np.uint32)
    under = np.array(matte, np.uint32)
    mixed = pixels[..., :3] * alpha + under * (255 - alpha)
    return ((mixed + 127) // 255).astype(np.uint8)


def resize(pixels: Pixels, width: int, height: int) -> Pixels:
    """Resample pixels in linear light, alpha premultiplied.

    Light adds up linearly, so fine detail keeps its brightness (J. Novak,
    "What every coder should know about gamma", 2016). The filter is bicubic,
    widened with the reduction: a sharper one rings visibly in linear light.
    """
    from PIL import Image

    def resample(plane: NDArray[np.float32]) -> NDArray[np.float32]:
        image = Image.fromarray(plane).resize((width, height), Image.Resampling.BICUBIC)
        return np.asarray(image)

    if pixels.ndim == 2:
        return _encode(resample(_LINEAR[pixels]))
    planes = [_LINEAR[pixels[..., channel]] for channel in range(3)]
    if pixels.shape[2] == 3:
        return np.stack([_encode(resample(plane)) for plane in planes], axis=-1)
    opacity = pixels[..., 3].astype(np.float32) / np.float32(255)
    alpha = resample(opacity)
    visible = np.maximum(alpha, np.float32(1 / 1024))
    colors = [_encode(np.divide(resample(plane * opacity), visible)) for plane in planes]
    coverage = np.floor(np.clip(alpha, 0, 1) * 255 + 0.5).astype(np.uint8)
    return np.stack([*colors, coverage], axis=-1)


_LINEAR = linear_from_srgb(np.arange(256)).astype(np.float32)


# 65,536 steps are finer than a twentieth of an sRGB level in the darkest colors.
@cache
def _srgb_of_light() -> Pixels:
    return np.floor(srgb_from_linear(np.arange(65536) / 65535) + 0.5).astype(np.uint8)


def _encode(linear: NDArray[np.float32]) -> Pixels:
    return _srgb_of_light()[(np.clip(linear, 0, 1) * 65535 + 0.5).astype(np.int32)]

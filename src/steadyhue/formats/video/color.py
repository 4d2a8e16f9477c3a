"""Decoded pictures to upright sRGB pixels: matrix, range, shape of pixels, rotation."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from av.sidedata.sidedata import Type
from av.video.reformatter import ColorRange, Colorspace

from steadyhue.formats.raster import Pixels
from steadyhue.formats.video.hdr import BRIGHTEST, CURVES, PEAK, PQ, WHITE, sdr_of

# ITU-T H.273 matrix coefficients to the matrices of the converter.
_MATRICES = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    10: Colorspace.BT2020,
}
# libavutil/mastering_display_metadata.h: six primaries, white, least and most light as fractions,
# and whether primaries and light are told.
_MASTERING = struct.Struct("=20i2i")
_HD = 720  # rows from which untagged video is BT.709, as browsers have it


def shown_size(picture: Any, aspect: float) -> tuple[int, int]:
    """Return the width and height as shown; pixels of some videos are not square."""
    width, height = max(1, round(picture.width * aspect)), picture.height
    return (width, height) if picture.rotation % 180 == 0 else (height, width)


def peak_of(picture: Any) -> float:
    """Return the cd/m2 of the brightest tone of a video, as its pictures tell it, or `PEAK`.

    Told are the light of the brightest pixel (MaxCLL, CTA-861.3) and what the display of the
    grading could show (SMPTE ST 2086); the lower one binds. HLG's peak is that of its display.
    """
    if picture.color_trc != PQ:
        return PEAK
    found = []
    for told in picture.side_data:
        data = bytes(told)
        if told.type == Type.CONTENT_LIGHT_LEVEL and len(data) >= 4:
            found.append(float(struct.unpack_from("=I", data)[0]))
        elif told.type == Type.MASTERING_DISPLAY_METADATA and len(data) >= _MASTERING.size:
            *_, over, under, _, is_told = _MASTERING.unpack_from(data)
            found.append(over / under if is_told and under else 0.0)
    return min((min(max(peak, WHITE), BRIGHTEST) for peak in found if peak > 0), default=PEAK)


def pixels_of(picture: Any, aspect: float, peak: float = PEAK) -> Pixels:
    """Convert a decoded picture.

    Parameters
    ----------
    picture : av.VideoFrame
    aspect : float
        How many times as wide as high its pixels are.
    peak : float
        Of HDR, the cd/m2 of the brightest tone.
    """
    width, height = max(1, round(picture.width * aspect)), picture.height
    if picture.color_trc in CURVES:
        deep = _converted(picture, width, height, "rgb48le", "yuv444p16le").to_ndarray()
        pixels = sdr_of(deep, picture.color_trc, peak)
    else:
        kind = picture.format
        alpha = kind.name.startswith("yuva") or (kind.is_rgb and len(kind.components) == 4)
        target, between = ("rgba", "yuva444p") if alpha else ("rgb24", "yuv444p")
        pixels = _converted(picture, width, height, target, between).to_ndarray()
    turns = round(picture.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels


def _converted(picture: Any, width: int, height: int, target: str, between: str) -> Any:
    """Convert to RGB.

    The way over 4:4:4 makes the matrix exact to half a level; the direct one
    is off by up to three.
    """
    kind = picture.format
    if kind.is_rgb:
        return picture.reformat(width, height, target)
    full = ColorRange.JPEG
    default = Colorspace.ITU709 if picture.height >= _HD else Colorspace.ITU601
    matrix = _MATRICES.get(int(picture.colorspace), default)
    limited = picture.color_range != full and not kind.name.startswith("yuvj")
    levels = {
        "src_color_range": ColorRange.MPEG if limited else full,
        "src_colorspace": matrix,
        "dst_colorspace": matrix,
    }
    picture_444 = picture.reformat(
        width, height, between, dst_color_range=levels["src_color_range"], **levels
    )
    return picture_444.reformat(format=target, dst_color_range=full, **levels)

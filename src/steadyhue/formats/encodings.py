"""How videos are stored, by the suffix of their names. Known without FFmpeg's libraries."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one kind of file stores its pictures.

    Attributes
    ----------
    container, codec : str
        FFmpeg's names.
    pixels : str
        Pixel format of an opaque video.
    pixels_with_alpha : str or None
        The one of a video whose first frame has transparent pixels; None
        where the format shows them black.
    options : dict
        Of the codec.
    tick : float
        Milliseconds of the container's clock: frames that are shorter can't be told apart.
    """

    container: str
    codec: str
    pixels: str
    pixels_with_alpha: str | None
    options: dict[str, str]
    tick: float


# Frames in the order of their times: with variable rates and reordered frames
# the MP4 writer gets the length of the whole wrong.
_H264 = {"crf": "16", "preset": "medium", "tune": "animation", "bf": "0"}
_VP9 = {"crf": "20", "b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "1"}
_FFV1 = {"level": "3", "slicecrc": "1"}

TICKS = 120
"""Units of time in a millisecond when encoding: the common frame rates come out whole."""

_FINE = 1 / TICKS
_MATROSKA = 1.0  # RFC 9559, section 11.1: timestamps are in units of a millisecond, by default

ENCODINGS = {
    ".mp4": Encoding("mp4", "libx264", "yuv420p", None, _H264, _FINE),
    ".mov": Encoding("mov", "libx264", "yuv420p", None, _H264, _FINE),
    ".webm": Encoding("webm", "libvpx-vp9", "yuv420p", "yuva420p", _VP9, _MATROSKA),
    ".mkv": Encoding("matroska", "ffv1", "bgr0", "bgra", _FFV1, _MATROSKA),
}

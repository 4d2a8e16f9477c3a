"""The words of the options: every choice that has a name, and how a color is written.

The command line takes its choices from here, so nothing heavy is imported.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

Mode = Literal["independent", "seeded", "steady", "global", "fixed"]
MODES: tuple[Mode, ...] = get_args(Mode)
"""How palettes follow each other in time; see `steadyhue.modes`."""

TRANSFER_MODES: tuple[Mode, ...] = ("global", "steady", "seeded")
"""The modes whose slots stay the same clusters, which a transfer needs."""

Space = Literal["srgb", "linear", "oklab", "lab"]
SPACES: tuple[Space, ...] = get_args(Space)
"""Where colors are clustered and the nearest is sought; see `steadyhue.color`."""

Distance = Literal["euclidean", "manhattan"]
DISTANCES: tuple[Distance, ...] = get_args(Distance)
"""Squared Euclidean with means, or Manhattan with medians; see `steadyhue.kmeans`."""

Dither = Literal["none", "bayer", "blue-noise", "floyd-steinberg"]
DITHERS: tuple[Dither, ...] = get_args(Dither)
"""How palette colors are mixed; see `steadyhue.dither`."""

Match = Literal["tone", "frequency", "lightness", "nearest", "assignment"]
MATCHES: tuple[Match, ...] = get_args(Match)
"""Which color of a reference each slot becomes; see `steadyhue.palettemap`."""

Allowance = Literal["scale", "fps"]
ALLOWANCES: tuple[Allowance, ...] = get_args(Allowance)
"""What a limit for bytes may take beside quality and colors: size, and frames a second."""

SPREAD = 0.4
"""How fully match ``tone`` uses the colors of a reference, unless told: from here on more of its
colors cost more objects that get two hues; see docs/transfer.md."""

Fit = Literal["pad", "crop"]
FITS: tuple[Fit, ...] = get_args(Fit)
"""How a picture comes to an exact size: wholly, with a border, or filling it, cut off."""

Panel = Literal["epd-bw", "epd-gray", "epd-bwr", "epd-bwy", "epd-bwry", "epd-spectra6", "epd-acep"]
PANELS: dict[str, str] = {
    "epd-bw": "black white",
    "epd-gray": "black #808080 #c0c0c0 white",
    "epd-bwr": "black white red",
    "epd-bwy": "black white yellow",
    "epd-bwry": "black white yellow red",
    "epd-spectra6": "black white yellow red blue lime",
    "epd-acep": "black white lime blue red yellow #ff8000",
}
"""The colors of e-ink panels, as Waveshare's drivers expect them in a picture."""

_TIME = re.compile(r"(\d+:){0,2}(\d+\.?\d*|\.\d+)", re.ASCII)
_BYTES = re.compile(r"(\d+\.?\d*|\.\d+)\s*(?:([kmg])(i?))?b?", re.IGNORECASE | re.ASCII)
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def parse_color(text: str) -> tuple[int, int, int]:
    """Read one color: ``#1e90ff``, ``1e90ff``, ``#19f``, or a CSS name such as ``dodgerblue``.

    Raises
    ------
    ValueError
        If the text is no such color.
    """
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not a color such as #1e90ff or dodgerblue")
    word = text.strip()
    found = _HEX.fullmatch(word)
    if found is not None:
        digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
        red, green, blue = bytes.fromhex(digits)
        return red, green, blue
    if word.isascii() and word.isalpha():
        from PIL import ImageColor  # seldom needed: 20 ms

        if word.lower() in ImageColor.colormap:
            red, green, blue = ImageColor.getrgb(word)[:3]
            return red, green, blue
    raise ValueError(f"{word!r} is not a color such as #1e90ff or dodgerblue")


def parse_time(text: str) -> float:
    """Read a time in seconds, ``M:SS`` or ``H:MM:SS``, as milliseconds.

    Raises
    ------
    ValueError
        If the text is no such time.
    """
    if not _TIME.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is not a time such as 2.5 or 1:30")
    total = 0.0
    for part in text.split(":"):
        total = total * 60 + float(part)
    return total * 1000


def parse_bytes(text: str) -> int:
    """Read a size such as ``2MB``, ``1.5 MiB``, ``800k`` or ``123456``, in bytes.

    Raises
    ------
    ValueError
        If the text is no such size.
    """
    found = _BYTES.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a size such as 2MB or 800kB")
    power = " kmg".index((found[2] or " ").lower())
    return int(float(found[1]) * (1024 if found[3] else 1000) ** power)


def one_of(word: object, words: tuple[str, ...], name: str) -> None:
    """Raise ValueError, listing what there is, unless `word` is one of `words`."""
    if not isinstance(word, str) or word not in words:
        raise ValueError(f"{name} must be one of {', '.join(words)}, got {word!r}")

"""Pictures in: stills, pages of a TIFF, animated PNG and WebP, read and composited by Pillow."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from steadyhue.formats.boundary import reading
from steadyhue.formats.limits import Limits
from steadyhue.formats.losses import Losses
from steadyhue.formats.profiles import grey_of_deep, to_srgb
from steadyhue.formats.raster import Pixels
from steadyhue.formats.source import Data, Source, as_it_is, opened
from steadyhue.formats.tiff import check_pages
from steadyhue.formats.upright import orientation_of, upright, upright_size

KINDS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "PPM")

# What Pillow logs is for programmers; without a handler it would be shown.
logging.getLogger("PIL").addHandler(logging.NullHandler())

_ANIMATED = ("PNG", "WEBP", "GIF")  # of the others, a file of several pictures has no times


def read_images(data: Data, name: str, limits: Limits) -> Source:
    """Read a still, an animated PNG or WebP, or a TIFF whose pages are frames without times.

    A still is one frame that lasts 0 ms.

    Raises
    ------
    FormatError
        If the file is malformed; for the pixels of a frame, when it is reached.
    LimitError
        If it asks for more than the limits.
    """
    losses = Losses()
    with opened_image(data, name, limits) as image:
        if image.format == "TIFF":
            image.load()  # Pillow turns these upright itself, some versions the size before
        width, height = upright_size(image.width, image.height, orientation_of(image))
        n_frames = _count(image)
        loop = _plays(image)
        timed = n_frames == 1 or image.format in _ANIMATED
    return Source(
        name,
        width,
        height,
        items=partial(_pictures, data, name, limits, losses),
        pixels=as_it_is,
        n_frames=n_frames,
        loop=loop,
        timed=timed,
        losses=losses,
    )


def source_of_images(images: Sequence[Any], name: str, limits: Limits) -> Source:
    """Take Pillow images as a source: one, all frames of it if it is animated, or a list.

    They are decoded now, and left as they are found.

    Raises
    ------
    FormatError
        If one cannot be decoded.
    LimitError
        If they ask for more than the limits.
    """
    losses = Losses()
    pictures: list[tuple[Pixels, float]] = []
    area = 0
    with reading(name):
        for image in images:
            count = _count(image)
            limits.check(name, image.width, image.height, count)
            area += image.width * image.height * count
            limits.check_total(name, area)
            pictures += _decoded(image, count, losses)
    height, width = pictures[0][0].shape[:2]
    alone = len(images) == 1  # several have no times together
    return Source(
        name,
        width,
        height,
        items=partial(as_it_is, pictures),
        pixels=as_it_is,
        n_frames=len(pictures),
        loop=_plays(images[0]) if alone else 0,
        timed=alone,
        mixed=len({pixels.shape[:2] for pixels, _ in pictures}) > 1,
        losses=losses,
    )


def _decoded(image: Any, count: int, losses: Losses) -> list[tuple[Pixels, float]]:
    if count == 1:
        return [(pixels_of(image, losses), 0.0)]
    shown = image.tell()
    try:
        return [_seek(image, number, losses) for number in range(count)]
    finally:
        image.seek(shown)


def _pictures(
    data: Data, name: str, limits: Limits, losses: Losses
) -> Iterator[tuple[Pixels, float]]:
    with opened_image(data, name, limits) as image:
        count = _count(image)
        if count == 1:
            yield pixels_of(image, losses), 0.0
            return
        for number in range(count):
            _go_to(image, number)
            limits.check(f"{name}: frame {number}", *image.size)
            yield _seek(image, number, losses)


def read_still(data: Data, name: str, limits: Limits, losses: Losses) -> Pixels:
    """Decode the first picture of a file, upright.

    Raises
    ------
    FormatError
        If the file is malformed.
    LimitError
        If it asks for more than the limits.
    """
    with reading(name), opened_image(data, name, limits) as image:
        return pixels_of(image, losses)


@contextmanager
def opened_image(data: Data, name: str, limits: Limits) -> Iterator[Any]:
    """Open a file with Pillow and check its size, before any pixel is decoded."""
    from PIL import Image

    with opened(data) as file:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the limits decide, and the boundary tells
            head = file.read(32)
            limits.check(name, *_webp_size(head))
            if head[:2] in (b"II", b"MM"):
                check_pages(file)
            file.seek(0)
            image = Image.open(file, formats=KINDS)
        with image:
            limits.check(name, image.width, image.height, _count(image))
            yield image


def pixels_of(image: Any, losses: Losses) -> Pixels:
    """Decode a Pillow image to upright grey, RGB or RGBA pixels in sRGB."""
    image.load()
    orientation = orientation_of(image)
    if image.mode == "F":
        raise ValueError("pixels are floating point; save the picture with 8 or 16 bits")
    image = to_srgb(image, losses)
    if image.mode.startswith("I"):
        return upright(grey_of_deep(image), orientation)
    if image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in ("L", "RGB"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    return upright(np.asarray(image), orientation)


def _go_to(image: Any, number: int) -> None:
    # The still that an animated PNG shows to old viewers is not a frame of it.
    image.seek(number + getattr(image, "default_image", False))


def _seek(image: Any, number: int, losses: Losses) -> tuple[Pixels, float]:
    _go_to(image, number)
    pixels = pixels_of(image, losses)
    return pixels, float(image.info.get("duration", 0))


def _plays(image: Any) -> int:
    """How often to play. Of a GIF, Pillow says how often to repeat, and nothing if it plays once."""
    loop = image.info.get("loop")
    if image.format != "GIF":
        return int(loop or 0)
    return 1 if loop is None else int(loop and loop + 1)


def _count(image: Any) -> int:
    """Return the number of pictures; those beside a JPEG are not of one sequence."""
    if image.format in ("JPEG", "MPO"):
        return 1
    return int(getattr(image, "n_frames", 1)) - getattr(image, "default_image", False)


def _webp_size(head: bytes) -> tuple[int, int]:
    """Canvas of a WebP file, whose decoder takes the memory before it tells the size; else 0, 0."""
    if head[8:12] != b"WEBP" or len(head) < 30:
        return 0, 0
    if head[12:16] == b"VP8X":
        return (
            int.from_bytes(head[24:27], "little") + 1,
            int.from_bytes(head[27:30], "little") + 1,
        )
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return (
        int.from_bytes(head[26:28], "little") & 0x3FFF,
        int.from_bytes(head[28:30], "little") & 0x3FFF,
    )

"""Pictures in: stills, animated PNG and animated WebP, read and composited by Pillow."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from steadyhue.errors import FormatError, LimitError, SteadyhueError
from steadyhue.formats.limits import Limits
from steadyhue.formats.raster import Pixels
from steadyhue.formats.source import Data, Source, as_it_is, opened

KINDS = ("PNG", "JPEG", "WEBP", "BMP")

_ORIENTATION = 0x0112  # EXIF tag; values from 5 on exchange width and height


def read_images(data: Data, name: str, limits: Limits) -> Source:
    """Read a still or an animated PNG or WebP; a still is one frame that lasts 0 ms.

    Raises
    ------
    FormatError
        If the file is malformed; for the pixels of a frame, when it is reached.
    LimitError
        If it asks for more than the limits.
    """
    with opened_image(data, name, limits) as image:
        width, height = image.size
        if image.getexif().get(_ORIENTATION, 1) >= 5:
            width, height = height, width
        n_frames = _count(image)
        loop = int(image.info.get("loop", 0))
    return Source(
        name,
        width,
        height,
        items=partial(_pictures, data, name, limits),
        pixels=as_it_is,
        n_frames=n_frames,
        loop=loop,
    )


def source_of_images(images: Sequence[Any], name: str = "image") -> Source:
    """Take Pillow images as a source: one, all frames of it if it is animated, or a list.

    Raises
    ------
    FormatError
        If one cannot be decoded or they differ in size.
    """
    pictures: list[tuple[Pixels, float]] = []
    for image in images:
        count = _count(image)
        pictures += (
            [_seek(image, n, name) for n in range(count)]
            if count > 1
            else [(pixels_of(image, name), 0.0)]
        )
    sizes = {pixels.shape[:2] for pixels, _ in pictures}
    if len(sizes) > 1:
        raise FormatError(f"{name}: all pictures must have one size, got {sorted(sizes)}")
    height, width = sizes.pop()
    timed = len(images) == 1 and len(pictures) > 1
    loop = int(images[0].info.get("loop", 0)) if timed else 0
    return Source(
        name,
        width,
        height,
        items=partial(as_it_is, pictures),
        pixels=as_it_is,
        n_frames=len(pictures),
        loop=loop,
        timed=timed or len(pictures) == 1,
    )


def _pictures(data: Data, name: str, limits: Limits) -> Iterator[tuple[Pixels, float]]:
    with opened_image(data, name, limits) as image:
        count = _count(image)
        if count == 1:
            yield pixels_of(image, name), 0.0
            return
        for number in range(count):
            yield _seek(image, number, name)


def read_still(data: Data, name: str, limits: Limits) -> Pixels:
    """Decode the first picture of a file, upright.

    Raises
    ------
    FormatError
        If the file is malformed.
    LimitError
        If it asks for more than the limits.
    """
    with opened_image(data, name, limits) as image:
        return pixels_of(image, name)


@contextmanager
def opened_image(data: Data, name: str, limits: Limits) -> Iterator[Any]:
    """Open a file with Pillow and check its size, before any pixel is decoded."""
    from PIL import Image

    with opened(data) as file:
        with _errors(name), warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limits decide
            limits.check(name, *_webp_size(file.read(32)))
            file.seek(0)
            image = Image.open(file, formats=KINDS)
        with image:
            limits.check(name, image.width, image.height, _count(image))
            yield image


def pixels_of(image: Any, name: str) -> Pixels:
    """Decode a Pillow image, upright, to grey, RGB or RGBA pixels."""
    from PIL import ImageOps

    with _errors(name):
        image.load()
        if image.mode.startswith("I"):
            return (np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8)  # 16-bit grey
        image = ImageOps.exif_transpose(image)
        if image.has_transparency_data:
            image = image.convert("RGBA")
        elif image.mode not in ("L", "RGB"):
            image = image.convert("L" if image.mode == "1" else "RGB")
        return np.asarray(image)


def _seek(image: Any, number: int, name: str) -> tuple[Pixels, float]:
    with _errors(f"{name}: frame {number}"):
        # The still that an animated PNG shows to old viewers is no frame of it.
        image.seek(number + getattr(image, "default_image", False))
        image.load()
        pixels = np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))
        return pixels, float(image.info.get("duration", 0))


def _count(image: Any) -> int:
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


@contextmanager
def _errors(name: str) -> Iterator[None]:
    """Turn what Pillow raises on bad files into one sentence."""
    from PIL import Image, UnidentifiedImageError

    try:
        yield
    except SteadyhueError:
        raise
    except Image.DecompressionBombError as error:
        raise LimitError(f"{name}: the picture is too large to open safely") from error
    except UnidentifiedImageError as error:
        raise FormatError(f"{name}: not a picture that can be read") from error
    # Pillow's decoders let all of these through on malformed data.
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError) as error:
        raise FormatError(f"{name}: {error or 'malformed picture'}") from error

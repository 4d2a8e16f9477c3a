"""GIF files as lazy animations, composited as browsers do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.box import NOTHING, Box, union
from steadyhue.errors import FormatError
from steadyhue.formats.gif.colors import ColorTable
from steadyhue.formats.gif.container import (
    CLEAR,
    RESTORE,
    RESTORE_TOO,
    Damage,
    Image,
    Loop,
    Screen,
    read_blocks,
)
from steadyhue.formats.limits import Limits
from steadyhue.formats.losses import Losses
from steadyhue.formats.source import Data, Source, as_it_is, opened
from steadyhue.frame import Change, Frame

SPARE_ROWS = 2048
"""How many unused rows the color table may hold before it is compacted."""


def read_gif(data: Data, name: str, limits: Limits) -> Source:
    """Read a GIF.

    Only the container is read now: size, loop, number of frames.

    Parameters
    ----------
    data : path or bytes
        A path is opened anew each time.
    name : str
        What to call it in messages.
    limits : Limits
        Checked here, before memory is taken.

    Returns
    -------
    Source
        Its items are frames that share one table of colors as long as `Frame.colors` is the
        same array; all arrays are read-only. Durations are the file's, and 0
        where it says nothing.

    Raises
    ------
    FormatError
        If it is not a GIF or has no image, also later if the first image is broken.
    LimitError
        If it asks for more than the limits.
    OSError
        If the file cannot be read.
    """
    losses = Losses()
    width, height, loop, n_frames = _scan(data, name, limits)
    return Source(
        name,
        width,
        height,
        items=partial(_timed_frames, data, name, width, height, losses),
        pixels=as_it_is,
        n_frames=n_frames,
        loop=loop,
        losses=losses,
    )


def _timed_frames(
    data: Data, name: str, width: int, height: int, losses: Losses
) -> Iterator[tuple[Frame, float]]:
    return ((frame, frame.duration) for frame in _frames(data, name, width, height, losses))


def _scan(data: Data, name: str, limits: Limits) -> tuple[int, int, int, int]:
    """Return width, height, loop and number of frames, all within the limits."""
    width = height = n_frames = area = 0
    loop = 1
    with opened(data) as file:
        for block in read_blocks(file, name):
            if isinstance(block, Screen):
                width, height = block.width, block.height
            elif isinstance(block, Loop):
                loop = block.repeats and block.repeats + 1
            elif isinstance(block, Image):
                limits.check(name, block.width, block.height)
                if n_frames == 0:  # browsers grow the canvas for the first image
                    width = max(width, block.left + block.width)
                    height = max(height, block.top + block.height)
                n_frames += 1
                limits.check(name, width, height, n_frames)
                area += block.width * block.height
                limits.check_total(name, area)  # also of what is off the canvas
    if n_frames == 0:
        raise FormatError(f"{name}: the GIF file has no image")
    if width == 0 or height == 0:
        raise FormatError(f"{name}: the GIF file is {width}x{height} pixels")
    return width, height, loop, n_frames


def _frames(data: Data, name: str, width: int, height: int, losses: Losses) -> Iterator[Frame]:
    canvas = _Canvas(width, height)
    global_palette: bytes | None = None
    number = 0
    with opened(data) as file:
        for block in read_blocks(file, name):
            if isinstance(block, Screen):
                global_palette = block.palette
            elif isinstance(block, Image):
                number += 1
                indices, n_pixels = _decode(block, name, number, losses)
                palette = block.palette or global_palette or b""
                yield canvas.draw(block, palette, indices, n_pixels)
            elif isinstance(block, Damage):
                losses.note(f"the GIF file {block.reason} after image {number}")


def _decode(image: Image, name: str, number: int, losses: Losses) -> tuple[NDArray[np.uint8], int]:
    """Return the indices and how many of them are there; note if that is not all."""
    if not 1 <= image.literal_width <= 8:
        indices, n_pixels, status = np.empty(0, np.uint8), 0, 2
    else:
        indices, n_pixels, status = _native.lzw_decode(
            image.buffer,
            image.start,
            image.end,
            image.literal_width,
            image.width * image.height,
        )
    if status:
        reason = "is broken" if status == 2 else "is cut short"
        if n_pixels == 0 and number == 1:
            raise FormatError(f"{name}: the first image of the GIF file {reason}")
        shown = f"{n_pixels} of {image.width * image.height} pixels are shown"
        losses.note(f"image {number} of the GIF file {reason}, {shown}")
    return indices, n_pixels


class _Canvas:
    """What the next image is drawn on."""

    def __init__(self, width: int, height: int) -> None:
        self._table = ColorTable()
        self._ids = np.full((height, width), -1, np.int32)
        self._weights = np.zeros(0, np.int64)
        self._cleared = NOTHING  # to be made transparent before drawing
        self._shown: object = None  # stands for the picture that was shown last,
        self._strayed = NOTHING  # and where it differs from the canvas

    def draw(
        self, image: Image, palette: bytes, indices: NDArray[np.uint8], n_pixels: int
    ) -> Frame:
        """Return the frame with the image on it, and leave what its disposal says."""
        self._compact()
        table = self._table
        rows = table.rows(palette, image.transparent)
        box = (image.left, image.top, image.width, image.height)
        drawn, weights, touched = _native.composite(
            self._ids,
            self._weights,
            self._cleared,
            box,
            image.interlaced,
            indices,
            n_pixels,
            rows,
            len(table),
        )
        ids = self._ids if drawn is None else drawn
        change = Change(object(), self._shown, union(touched, self._strayed) or NOTHING)
        self._shown, self._strayed = change.now, touched
        if image.disposal not in (RESTORE, RESTORE_TOO):
            self._ids, self._weights, self._strayed = ids, weights, NOTHING
            self._cleared = self._inside(box) if image.disposal == CLEAR else NOTHING
        return Frame(ids, table.colors, weights, image.delay * 10.0, change)

    def _compact(self) -> None:
        used = self._weights > 0
        if len(self._table) > 2 * np.count_nonzero(used) + SPARE_ROWS:
            used.resize(len(self._table))
            renumbered = self._table.compact(used)
            self._shown = None  # the ids before mean other colors
            self._ids, self._weights = (
                renumbered[self._ids],
                self._weights[used[: len(self._weights)]],
            )

    def _inside(self, box: Box) -> Box:
        """Clip a box to the canvas."""
        height, width = self._ids.shape
        left, top = min(box[0], width), min(box[1], height)
        return left, top, min(box[2], width - left), min(box[3], height - top)

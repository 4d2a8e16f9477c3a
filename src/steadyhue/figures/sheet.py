"""Clips side by side: a still contact sheet, and captioned panels that play in step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steadyhue.frame import IndexedFrame

Pixels = NDArray[np.uint8]

PAPER = (24, 24, 24)
INK = (240, 240, 238)
SOFT = (160, 160, 156)
GAP = 8
"""Pixels between pictures, and around all of them."""

CAPTION = 22
"""Rows of pixels that a caption takes."""

CAPTION_COLORS = 16
"""Greys that paper and captions have where colors are counted."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One clip to lay beside others: what to write over it, and its (H, W, 4) uint8 frames."""

    title: str
    note: str
    frames: Sequence[Pixels]


@dataclass(frozen=True, slots=True)
class IndexedStrip:
    """One reduced clip to lay beside others: what to write over it, and its frames."""

    title: str
    note: str
    frames: Sequence[IndexedFrame]


def contact_sheet(strips: Sequence[Strip], columns: int = 6) -> Pixels:
    """Draw each clip as a captioned row of frames, evenly spaced in its length.

    Parameters
    ----------
    strips : sequence of Strip
        Clips of one size.
    columns : int
        Most frames in a row.

    Returns
    -------
    (H, W, 3) uint8 array
        The sheet, sRGB; frames are not scaled.

    Raises
    ------
    ValueError
        If there are no clips or no frames.
    """
    _check(strips)
    height, width = strips[0].frames[0].shape[:2]
    count = min(columns, max(len(strip.frames) for strip in strips))
    step_x, step_y = width + GAP, CAPTION + height + GAP
    sheet = _paper(GAP + len(strips) * step_y, GAP + count * step_x)
    for row, strip in enumerate(strips):
        top = GAP + row * step_y
        _caption(sheet, strip, GAP, top, count * step_x - GAP)
        for column in range(count):
            frame = strip.frames[(2 * column + 1) * len(strip.frames) // (2 * count)]
            _place(sheet, frame, GAP + column * step_x, top + CAPTION)
    return sheet


def beside(strips: Sequence[IndexedStrip]) -> Iterator[IndexedFrame]:
    """Lay clips beside each other, frame by frame, every color as it is.

    Parameters
    ----------
    strips : sequence of IndexedStrip
        Clips of one size and one number of frames, whose palettes have at most
        240 colors together: 16 more are for the captions.

    Yields
    ------
    IndexedFrame
        Captioned panels in a grid; durations are the first clip's.

    Raises
    ------
    ValueError
        If there are no clips, they differ in size or number of frames, or their
        palettes are too many for one picture.
    """
    _check(strips)
    if len({len(strip.frames) for strip in strips}) > 1:
        raise ValueError("clips that play beside each other need the same number of frames")
    first = strips[0].frames[0]
    places, size = panels(len(strips), first.width, first.height)
    captions = _paper(*size)
    for strip, (left, top) in zip(strips, places, strict=True):
        _caption(captions, strip, left, top - CAPTION, first.width)
    greys = np.linspace(PAPER, INK, CAPTION_COLORS).round().astype(np.uint8)
    level = (captions[..., 0].astype(float) - PAPER[0]) / (INK[0] - PAPER[0])
    empty = np.rint(level * (CAPTION_COLORS - 1)).astype(np.uint8)
    for frames in zip(*(strip.frames for strip in strips), strict=True):
        yield _join(frames, places, empty, greys)


def _join(
    frames: Sequence[IndexedFrame],
    places: Sequence[tuple[int, int]],
    empty: Pixels,
    greys: Pixels,
) -> IndexedFrame:
    """Put frames on the paper, their palettes one after the other behind its greys."""
    sheet, palettes, used = empty.copy(), [greys], len(greys)
    for frame, (left, top) in zip(frames, places, strict=True):
        if used + len(frame.palette) > 256:
            raise ValueError("the clips have more than 240 colors together")
        slots = np.arange(256) + used
        if frame.transparent is not None:
            slots[frame.transparent] = 0  # the paper
        sheet[top : top + frame.height, left : left + frame.width] = slots[frame.indices]
        palettes.append(frame.palette)
        used += len(frame.palette)
    return IndexedFrame(sheet, np.concatenate(palettes), frames[0].duration)


def panels(count: int, width: int, height: int) -> tuple[list[tuple[int, int]], tuple[int, int]]:
    """Return where `count` pictures lie (left, top) and the (height, width) of the whole.

    The grid is near to 16:9 and has few empty places.
    """
    step_x, step_y = width + GAP, CAPTION + height + GAP

    def distance(columns: int) -> float:
        rows = -(-count // columns)
        shape = abs(np.log(columns * step_x / (rows * step_y) / (16 / 9)))
        return float(shape + 0.6 * (columns * rows - count))

    columns = min(range(1, count + 1), key=distance)
    rows = -(-count // columns)
    places = [
        (GAP + n % columns * step_x, GAP + CAPTION + n // columns * step_y) for n in range(count)
    ]
    return places, (GAP + rows * step_y, GAP + columns * step_x)


def _check(strips: Sequence[Strip] | Sequence[IndexedStrip]) -> None:
    if not strips or not all(strip.frames for strip in strips):
        raise ValueError("nothing to lay side by side: there are no frames")
    sizes = {
        frame.indices.shape if isinstance(frame, IndexedFrame) else frame.shape[:2]
        for strip in strips
        for frame in strip.frames
    }
    if len(sizes) > 1:
        raise ValueError(f"clips to lay side by side must have one size, got {sorted(sizes)}")


def _paper(height: int, width: int) -> Pixels:
    return np.full((height, width, 3), PAPER, np.uint8)


def _place(sheet: Pixels, picture: Pixels, left: int, top: int) -> None:
    """Copy a picture; where it is transparent the paper shows."""
    height, width = picture.shape[:2]
    area = sheet[top : top + height, left : left + width]
    opaque = picture[..., 3:] > 0
    np.copyto(area, picture[..., :3], where=opaque)


def _caption(sheet: Pixels, strip: Strip | IndexedStrip, left: int, top: int, width: int) -> None:
    """Write title and note over a panel; what is too long for it is cut off."""
    from PIL import Image, ImageDraw

    label = Image.new("RGB", (width, CAPTION), PAPER)
    draw = ImageDraw.Draw(label)
    draw.text((0, CAPTION // 2), strip.title, INK, _font(14), anchor="lm")
    used = draw.textlength(strip.title, _font(14))
    draw.text((used + 8, CAPTION // 2 + 1), strip.note, SOFT, _font(11), anchor="lm")
    sheet[top : top + CAPTION, left : left + width] = np.asarray(label)


@cache
def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)

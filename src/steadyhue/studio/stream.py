"""The records of a preview, as bytes: palettes and indices instead of pictures.

A record is a letter, the length of what follows as a little-endian uint32, and that:

===== ================================================================================
``J`` JSON: what is to come, or what was found
``F`` a frame of palette and indices
``P`` a picture of more colors than indices can name: a head, then red, green, blue, alpha
===== ================================================================================

The head of a frame is ``<IfHhBf``: its number, milliseconds on screen, colors k, the transparent
index or -1, flags (1: a cut before it, 2: the indices stand alone, 4: a draft, made of this
frame alone) and its squared error a pixel;
then the palette (k x 3 bytes), the pixels of each slot (k x uint32), and the indices, each XOR
that of the frame before, in raw deflate (RFC 1951). What holds still is zeros then, which are
five kilobytes a frame instead of a hundred.
"""

from __future__ import annotations

import json
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from steadyhue.frame import Frame, IndexedFrame
from steadyhue.report import FrameReport

HEAD = struct.Struct("<IfHhBf")
CUT, ALONE, DRAFT = 1, 2, 4


def record(kind: bytes, payload: bytes) -> bytes:
    """Return one record."""
    return kind + struct.pack("<I", len(payload)) + payload


def told(**values: object) -> bytes:
    """Return a record of JSON."""
    return record(b"J", json.dumps(values, allow_nan=False).encode())


def indexed(
    number: int,
    frame: IndexedFrame,
    report: FrameReport,
    before: NDArray[np.uint8] | None = None,
    *,
    is_draft: bool = False,
) -> bytes:
    """Return the record of a reduced frame.

    Parameters
    ----------
    number : int
    frame : IndexedFrame
    report : FrameReport
    before : (H, W) uint8 array, optional
        Indices of the frame before; without it the record can be read by itself.
    is_draft : bool
        Whether the frame was made by itself, and another will come in its place.
    """
    flags = (CUT if report.cut else 0) | (ALONE if before is None else 0)
    flags |= DRAFT if is_draft else 0
    transparent = -1 if frame.transparent is None else frame.transparent
    head = HEAD.pack(number, frame.duration, len(frame.palette), transparent, flags, report.error)
    weights = report.weights.astype("<u4").tobytes()
    indices = frame.indices if before is None else frame.indices ^ before
    return record(b"F", head + frame.palette.tobytes() + weights + _deflated(indices))


def original(number: int, frame: Frame) -> bytes:
    """Return the record of a frame as it was read: indexed where its colors allow it."""
    rows = np.flatnonzero(frame.weights)
    clear = frame.has_transparency
    if len(rows) + clear > 256:
        head = HEAD.pack(number, frame.duration, 0, -1, ALONE, 0)
        return record(b"P", head + _deflated(frame.rgba()))
    index_of = np.zeros(len(frame.colors) + 1, np.uint8)
    index_of[rows] = np.arange(len(rows))
    if clear:
        index_of[-1] = len(rows)  # which id -1 reads
    head = HEAD.pack(number, frame.duration, len(rows), len(rows) if clear else -1, ALONE, 0)
    weights = frame.weights[rows].astype("<u4").tobytes()
    palette = frame.colors[rows].tobytes()
    return record(b"F", head + palette + weights + _deflated(index_of[frame.ids]))


def _deflated(pixels: NDArray[np.uint8]) -> bytes:
    # Level 1: over loopback time counts, and zeros are short at any level.
    packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(pixels.tobytes()) + packer.flush()

"""NumPy files: stacks of pixels (``.npy``), and slots with their palettes (``.npz``).

Arrays carry no loop count, and stacks of pixels no times.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from steadyhue.errors import FormatError
from steadyhue.formats.raster import Raster
from steadyhue.formats.timing import Timing
from steadyhue.frame import Animation, Frame, IndexedFrame, Limits

_HEADER_SIZE = 128  # room for the shape, which is known at the end


def read_stack(
    path: Path, *, name: str, timing: Timing, raster: Raster, limits: Limits
) -> Animation:
    """Open a ``.npy`` file of (T, H, W, 3 or 4) or (T, H, W) pixels; (H, W, 3 or 4) is one frame.

    Raises
    ------
    FormatError
        If the file is malformed, or its array is of another kind.
    LimitError
        If it holds more than the limits.
    """
    try:
        stack = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError, SyntaxError) as error:
        raise FormatError(f"{name}: not a NumPy array that can be read") from error
    if stack.ndim == 3 and stack.shape[2] in (3, 4):
        stack = stack[None]
    fits = stack.ndim == 3 or (stack.ndim == 4 and stack.shape[3] in (3, 4))
    if stack.dtype != np.uint8 or not fits or stack.size == 0:
        raise FormatError(f"{name}: {stack.dtype} of shape {stack.shape} is no stack of pictures")
    n_frames, height, width = stack.shape[:3]
    limits.check(name, width, height, n_frames)

    def frames() -> Iterator[Frame]:
        for number, duration in timing.pace(range(n_frames)):
            yield raster.frame(np.asarray(stack[number]), duration)

    fitted = raster.size(width, height)
    return Animation(
        frames,
        width=fitted[0],
        height=fitted[1],
        n_frames=n_frames if timing.keeps_all else None,
        name=name,
    )


class StackWriter:
    """Writes (T, H, W, 4) uint8 pixels as ``.npy``; times and `loop` are not kept."""

    def __init__(self, file: BinaryIO, width: int, height: int, loop: int = 0) -> None:
        self._file = file
        self._shape = (height, width, 4)
        self._count = 0
        file.write(bytes(_HEADER_SIZE))

    def write(self, frame: IndexedFrame) -> None:
        """Append one frame."""
        self._file.write(frame.rgba().data)
        self._count += 1

    def close(self) -> None:
        """Fill in the header."""
        self._file.seek(0)
        self._file.write(_header((self._count, *self._shape)))


class LabelsWriter:
    """Writes slots and palettes as a compressed ``.npz``, for use as a segmentation.

    ``labels`` (T, H, W) uint8 is the slot of every pixel, ``palettes`` (T, k, 3)
    uint8 the colors of the slots (zero past a shorter palette), ``durations``
    (T,) float64 the milliseconds, and ``transparent`` (T,) int16 the label that
    means transparent, or -1.
    """

    def __init__(self, file: BinaryIO, width: int, height: int) -> None:
        import tempfile  # only here: slow to import

        self._file = file
        self._shape = (height, width)
        # A ZIP member cannot be gone back to, and the header is known at the end.
        self._labels = tempfile.TemporaryFile()  # noqa: SIM115
        self._labels.write(bytes(_HEADER_SIZE))
        self._palettes: list[np.ndarray] = []
        self._durations: list[float] = []
        self._transparent: list[int] = []

    def write(self, frame: IndexedFrame) -> None:
        """Append one frame."""
        self._labels.write(np.ascontiguousarray(frame.indices).data)
        self._palettes.append(frame.palette.copy())
        self._durations.append(frame.duration)
        self._transparent.append(-1 if frame.transparent is None else frame.transparent)

    def close(self) -> None:
        """Pack the arrays together."""
        import zipfile
        from shutil import copyfileobj

        count = len(self._palettes)
        palettes = np.zeros((count, max(map(len, self._palettes), default=0), 3), np.uint8)
        for row, palette in zip(palettes, self._palettes, strict=True):
            row[: len(palette)] = palette
        self._labels.seek(0)
        self._labels.write(_header((count, *self._shape)))
        self._labels.seek(0)
        others: dict[str, np.ndarray] = {
            "palettes": palettes,
            "durations": np.array(self._durations, np.float64),
            "transparent": np.array(self._transparent, np.int16),
        }
        with zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("labels.npy", "w", force_zip64=True) as member:
                copyfileobj(self._labels, member)
            for name, array in others.items():
                with archive.open(f"{name}.npy", "w") as member:
                    np.lib.format.write_array(member, array, allow_pickle=False)
        self._labels.close()


def _header(shape: tuple[int, ...]) -> bytes:
    """Header of a C-contiguous uint8 ``.npy`` (format 1.0), padded to a fixed size."""
    told = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}"
    text = told.ljust(_HEADER_SIZE - 11).encode("latin1") + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text

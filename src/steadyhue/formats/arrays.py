"""NumPy files: stacks of pixels (``.npy``), and slots with their palettes (``.npz``).

Arrays carry no loop count, and stacks of pixels no times.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from os import fspath
from typing import BinaryIO

import numpy as np

from steadyhue.errors import FormatError
from steadyhue.formats.limits import Limits
from steadyhue.formats.source import Data, Source, as_it_is, opened
from steadyhue.frame import IndexedFrame

_HEADER_SIZE = 128  # room for the shape, which is known at the end


def read_stack(data: Data, name: str, limits: Limits) -> Source:
    """Read a ``.npy`` file of pixels; see `source_of_array`.

    Raises
    ------
    FormatError
        If the file is malformed, or its array is of another kind.
    LimitError
        If it holds more than the limits.
    """
    stack = _load(data, name)
    n_frames, height, width = _checked(stack, name).shape[:3]
    return _stack_source(partial(_stack_of, data, name), name, width, height, n_frames)


def source_of_array(array: np.ndarray, name: str = "array") -> Source:
    """Take an array of uint8 pixels as a source without times.

    Parameters
    ----------
    array : (H, W), (H, W, 3), (H, W, 4), (T, H, W), (T, H, W, 1), (T, H, W, 3) or (T, H, W, 4)
        One picture or T of them: grey, sRGB, or sRGB with straight alpha.
    name : str

    Raises
    ------
    FormatError
        If the array is of another kind, or could be meant in two ways.
    """
    stack = _checked(array, name)
    n_frames, height, width = stack.shape[:3]
    return _stack_source(partial(as_it_is, stack), name, width, height, n_frames)


def source_of_arrays(arrays: Sequence[np.ndarray], name: str = "arrays") -> Source:
    """Take a list of pictures, each as for `Frame.from_array`, as a source without times.

    Raises
    ------
    FormatError
        If one is not a picture.
    """
    pictures = []
    for array in arrays:
        stack = _checked(array, name)
        if array.ndim not in (2, 3) or len(stack) != 1:
            raise FormatError(f"{name}: in a list each array is one picture, got {array.shape}")
        pictures.append(stack[0])
    height, width = pictures[0].shape[:2]
    source = _stack_source(partial(as_it_is, pictures), name, width, height, len(pictures))
    return replace(source, mixed=len({picture.shape[:2] for picture in pictures}) > 1)


def _stack_source(
    load: Callable[[], Iterable[np.ndarray]], name: str, width: int, height: int, n_frames: int
) -> Source:
    return Source(
        name,
        width,
        height,
        items=partial(_pictures, load),
        pixels=np.asarray,
        n_frames=n_frames,
        timed=False,
    )


def _pictures(load: Callable[[], Iterable[np.ndarray]]) -> Iterator[tuple[np.ndarray, float]]:
    return ((picture, 0.0) for picture in load())


def _load(data: Data, name: str) -> np.ndarray:
    try:
        if isinstance(data, bytes):
            loaded: np.ndarray = np.load(opened(data), allow_pickle=False)
        else:
            loaded = np.load(fspath(data), mmap_mode="r", allow_pickle=False)
    except Exception as error:  # what parses the header raises all there is
        raise FormatError(f"{name}: not a NumPy array that can be read") from error
    return loaded


def _stack_of(data: Data, name: str) -> np.ndarray:
    return _checked(_load(data, name), name)


def _checked(array: np.ndarray, name: str) -> np.ndarray:
    """Return an array as (T, H, W) or (T, H, W, 3 or 4) pixels."""
    shape = array.shape
    if array.dtype != np.uint8:
        hint = (
            "; multiply values in 0..1 by 255, round, and convert"
            if array.dtype.kind == "f"
            else ""
        )
        raise FormatError(f"{name}: pixels must be uint8, got {array.dtype}{hint}")
    if array.size == 0 or not 2 <= array.ndim <= 4:
        raise FormatError(
            f"{name}: an array of shape {shape} is neither a picture nor a stack of pictures"
        )
    if array.ndim == 2:
        return array[None]
    channels = shape[-1]
    if array.ndim == 3:
        if channels in (3, 4):
            return array[None]
        if channels in (1, 2):
            raise FormatError(
                f"{name}: shape {shape} may be one grey picture or {shape[0]} narrow ones; "
                f"one grey picture is (H, W), and several are (T, H, W, 1)"
            )
        if shape[0] in (3, 4):
            raise FormatError(
                f"{name}: shape {shape} may be one picture, channels first, or {shape[0]} grey ones; "
                f"move the channels to the end, or add an axis for grey: (T, H, W, 1)"
            )
        return array
    if channels == 1:
        return array[..., 0]
    if channels not in (3, 4):
        first = "; channels come last: (T, H, W, 3)" if shape[1] in (1, 3, 4) else ""
        raise FormatError(f"{name}: an array of shape {shape} is not a stack of pictures{first}")
    return array


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
    fields = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}"
    text = fields.ljust(_HEADER_SIZE - 11).encode("latin1") + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text

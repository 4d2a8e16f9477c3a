"""The one place where any source is opened: files, bytes, streams, arrays, images, animations."""

from __future__ import annotations

import sys
from os import PathLike, fspath
from os.path import exists, isdir, isfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from steadyhue.errors import FormatError, OptionError
from steadyhue.formats.adapt import Frames, adapt, source_of
from steadyhue.formats.boundary import reading
from steadyhue.formats.limits import Limits
from steadyhue.formats.listing import names_many
from steadyhue.formats.outputs import STANDARD_STREAM
from steadyhue.formats.raster import Raster
from steadyhue.formats.sniff import HEAD, reader_of
from steadyhue.formats.source import Data, Source, opened
from steadyhue.formats.spool import Spool, name_of, next_bytes
from steadyhue.formats.timing import Timing
from steadyhue.frame import Animation
from steadyhue.ranges import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

    Openable = (
        Animation
        | str
        | PathLike[str]
        | bytes
        | BinaryIO
        | NDArray[Any]
        | Image
        | Sequence[NDArray[Any]]
        | Sequence[Image]
    )
    """What people have: a clip, a path, a file's bytes, an open file, pixels, Pillow images."""
else:
    Openable = object


def open_animation(
    source: Openable,
    *,
    timing: Timing = Timing(),  # noqa: B008 -- frozen
    raster: Raster = Raster(),  # noqa: B008
    limits: Limits = Limits(),  # noqa: B008
) -> Animation:
    """Open anything that has pictures as a lazy animation.

    Parameters
    ----------
    source : Openable
        A path to a file or folder, a glob or a numbered pattern of pictures; ``-`` is
        standard input. That, an open file and a pipe are read once, into a temporary file.
        Arrays are as for `arrays.source_of_array`. An animation is taken as it is.
    timing : Timing
        Which frames to use, and for how long.
    raster : Raster
        Bounds for the size, and what becomes of partial transparency.
    limits : Limits
        How much the file may ask for.

    Raises
    ------
    OptionError
        If the source is of a kind that has no pictures.
    FormatError
        If it cannot be read as an animation.
    LimitError
        If it asks for more than the limits.
    MissingDependencyError
        If its format needs an extra that is not installed.
    """
    if isinstance(source, Animation):
        plain = timing.keeps_all and raster == Raster()
        return source if plain else adapt(source_of(source), timing, raster, limits)
    if isinstance(source, (str, PathLike)):
        name = fspath(source)
        if not name:
            raise OptionError("an empty text names no file")
        if name == STANDARD_STREAM:
            if sys.stdin is None:
                raise FormatError("standard input: is closed")
            return _spooled(sys.stdin.buffer, "standard input", timing, raster, limits)
        path = Path(name)
        if exists(path) and not (isfile(path) or isdir(path)):  # a pipe is read once
            with reading(name), path.open("rb") as file:
                return _spooled(file, name, timing, raster, limits)
        return adapt(_read_path(path, name, limits), timing, raster, limits)
    if callable(getattr(source, "read", None)):
        return _spooled(source, name_of(source), timing, raster, limits)
    return adapt(_read_memory(source, limits), timing, raster, limits)


def open_frames(path: str, name: str, timing: Timing, raster: Raster, limits: Limits) -> Frames:
    """Open a file or pictures as what makes its frames, to be read in parts (`parts`).

    Messages call it `name`.

    Raises
    ------
    FormatError
        As for `open_animation`.
    """
    return Frames(_read_path(Path(path), name, limits), timing, raster, limits)


def _read_path(path: Path, name: str, limits: Limits) -> Source:
    with reading(name):
        if names_many(path):
            from steadyhue.formats.sequences import read_sequence

            return read_sequence(path, name, limits)
    return _read(path, name, limits)


def _read(data: Data, name: str, limits: Limits) -> Source:
    """Choose a reader by the first bytes, and read."""
    with reading(name):
        with opened(data) as file:
            head = file.read(HEAD)
        return reader_of(head, name)(data, name, limits)


def _read_memory(source: Any, limits: Limits) -> Source:
    """Read what is in memory: bytes, arrays, Pillow images."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _read(bytes(source), "bytes", limits)
    several = isinstance(source, (list, tuple))
    pictures = list(source) if several else [source]
    if pictures and all(hasattr(picture, "getexif") for picture in pictures):
        from steadyhue.formats.images import source_of_images

        return source_of_images(pictures, "images" if several else "image", limits)
    from steadyhue.formats.arrays import source_of_array, source_of_arrays

    if pictures and all(hasattr(picture, "__array__") for picture in pictures):
        arrays = [np.asarray(picture) for picture in pictures]
        return source_of_arrays(arrays) if several else source_of_array(arrays[0])
    raise OptionError(
        f"{kind_of(source)} cannot be opened as an animation: give a path, a file's bytes, "
        "an open file, a uint8 array, a Pillow image, or a list of arrays or images"
    )


def _spooled(stream: Any, name: str, timing: Timing, raster: Raster, limits: Limits) -> Animation:
    """Read a stream once, into a file that lasts as long as it can be read from."""
    head = b""
    while len(head) < HEAD and (more := next_bytes(stream, HEAD - len(head), name)):
        head += more  # an unbuffered pipe gives what it has
    reader_of(head, name)  # refuse what is of no use before all of it is taken
    spool = Spool(stream, head, name, limits.stream)
    try:
        return adapt(_read(spool, name, limits), timing, raster, limits)
    except BaseException:
        spool.close()  # now, not when the last traceback is gone
        raise

"""Files in and out: one module a format, reading and writing together.

`open_animation` goes by the first bytes of a file, `open_sink` by the suffix of
its name. Heavy libraries are imported when a file needs them.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from steadyhue.errors import FormatError, OutputError
from steadyhue.formats import arrays, images, png, sequences, webp
from steadyhue.formats.raster import Raster
from steadyhue.formats.sink import STANDARD_STREAM, FileSink, Sink, Target, Writer
from steadyhue.formats.timing import Timing
from steadyhue.frame import Animation, Frame, Limits

__all__ = ["Raster", "Sink", "Timing", "open_animation", "open_labels", "open_sink"]

Openable = Animation | str | PathLike[str]

VIDEO_SUFFIXES = (".mp4", ".mov", ".webm", ".mkv")


def open_animation(
    path: str | PathLike[str],
    *,
    timing: Timing = Timing(),  # noqa: B008 -- frozen
    raster: Raster = Raster(),  # noqa: B008
    limits: Limits = Limits(),  # noqa: B008
) -> Animation:
    """Open a file as a lazy animation.

    Parameters
    ----------
    path : path
        A file, a folder, a glob or a numbered pattern of pictures; ``-`` is
        standard input, which is kept in a temporary file so that it can be
        read more than once.
    timing : Timing
        Which frames to use, and for how long.
    raster : Raster
        Bounds for the size, and what becomes of partial transparency.
    limits : Limits
        How much the file may ask for.

    Raises
    ------
    FormatError
        If the file cannot be read as an animation.
    LimitError
        If it asks for more than the limits.
    MissingDependencyError
        If its format needs an extra that is not installed.
    """
    if isinstance(path, Animation):
        return path
    import numpy as np

    if isinstance(path, np.ndarray):
        return Animation.from_arrays(path if path.ndim == 4 else [path])
    if str(path) == STANDARD_STREAM:
        return _open_standard_input(timing, raster, limits)
    return _open_file(Path(path), str(path), timing, raster, limits)


def _open_file(path: Path, name: str, timing: Timing, raster: Raster, limits: Limits) -> Animation:
    read = _reader(path, name)
    return read(path, name=name, timing=timing, raster=raster, limits=limits)


def _reader(path: Path, name: str) -> Callable[..., Animation]:
    """Choose by the first bytes; by the suffix only for what cannot be known by them."""
    if sequences.names_many(path):
        return sequences.read_sequence
    head = _head(path, name)
    if head.startswith(b"GIF8"):
        return _read_gif
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"BM")) or head[8:12] == b"WEBP":
        return images.read_images
    if head.startswith(b"\x93NUMPY"):
        return arrays.read_stack
    ebml, avi = head.startswith(b"\x1aE\xdf\xa3"), head[8:12] == b"AVI "
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide") or ebml or avi:
        from steadyhue.formats import video

        return video.read_video
    raise FormatError(f"{name}: not a picture or video of a known kind")


def _head(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(32)
    except OSError as error:
        raise FormatError(f"{name}: cannot be read: {error.strerror}") from error
    if not head:
        raise FormatError(f"{name}: the file is empty")
    return head


def _read_gif(
    path: Path, *, name: str, timing: Timing, raster: Raster, limits: Limits
) -> Animation:
    from steadyhue.formats import gif

    return _adapt(gif.read_gif(path, name=name, limits=limits), timing, raster)


def _adapt(clip: Animation, timing: Timing, raster: Raster) -> Animation:
    """Apply timing and raster to an animation whose colors are counted already."""

    def frames() -> Iterator[Frame]:
        for frame, duration in timing.select((frame, frame.duration) for frame in clip):
            yield raster.refit(frame, duration)

    if timing.keeps_all and raster == Raster():
        return clip
    width, height = raster.size(*clip.size)
    n_frames = clip.n_frames if timing.keeps_all else None
    return Animation(
        frames, width=width, height=height, loop=clip.loop, n_frames=n_frames, name=clip.name
    )


def _open_standard_input(timing: Timing, raster: Raster, limits: Limits) -> Animation:
    import shutil
    import tempfile

    with tempfile.NamedTemporaryFile(prefix="steadyhue-", delete=False) as file:
        path = Path(file.name)
        try:
            shutil.copyfileobj(sys.stdin.buffer, file)
            file.flush()
            animation = _open_file(path, "standard input", timing, raster, limits)
        except BaseException:
            path.unlink()
            raise
    weakref.finalize(animation, path.unlink, missing_ok=True)
    return animation


def open_sink(
    target: Target, width: int, height: int, *, loop: int = 0, force: bool = False
) -> Sink:
    """Open a file for indexed frames; the suffix names the format.

    GIF, PNG (animated if there are several frames), WebP, PNG sequences,
    ``.npy`` and MKV keep every pixel; MP4, MOV and WebM are for viewing. Times
    are kept by all but ``.npy``; GIF rounds them to 1/100 s, WebP, WebM and MKV to
    1/1000 s, and what is lost is carried to the next frame.

    Parameters
    ----------
    target : path or binary file
        Where to, or a numbered pattern such as ``frames/%04d.png``; ``-`` is
        standard output. That and an open file are written as a GIF.
    width, height : int
        Size of every frame in pixels.
    loop : int
        How often to play, for formats that say so; 0 means forever.
    force : bool
        Whether an existing file may be replaced.

    Raises
    ------
    OutputError
        If the suffix is unknown, the target exists and may not be replaced,
        or it cannot be written.
    """
    suffix = ".gif"
    if isinstance(target, (str, PathLike)) and str(target) != STANDARD_STREAM:
        if sequences.is_pattern(target):
            return sequences.SequenceSink(target, loop, force=force)
        suffix = Path(target).suffix.lower()
    writer = _writer(suffix)
    if writer is None:
        raise OutputError(f"{target}: no format that can be written has the suffix {suffix!r}")
    return FileSink(target, lambda file: writer(file, width, height, loop), force=force)


def open_labels(target: Target, width: int, height: int, *, force: bool = False) -> Sink:
    """Open an ``.npz`` file for the slot of every pixel; see `arrays.LabelsWriter`.

    Raises
    ------
    OutputError
        If the target exists and may not be replaced, or cannot be written.
    """
    return FileSink(target, lambda file: arrays.LabelsWriter(file, width, height), force=force)


def _writer(suffix: str) -> Callable[[BinaryIO, int, int, int], Writer] | None:
    if suffix == ".gif":
        from steadyhue.formats import gif

        return gif.GifWriter
    if suffix in (".png", ".apng"):
        return png.PngWriter
    if suffix == ".webp":
        return webp.WebpWriter
    if suffix == ".npy":
        return arrays.StackWriter
    if suffix in VIDEO_SUFFIXES:
        from steadyhue.formats import video

        return video.WRITERS[suffix]
    return None

"""The one place where outputs are opened: the suffix of a name chooses the format."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from steadyhue.errors import OptionError, OutputError
from steadyhue.formats import numbers
from steadyhue.formats.encodings import ENCODINGS
from steadyhue.formats.outputs import STANDARD_STREAM, check_name
from steadyhue.formats.replacing import Ready
from steadyhue.formats.sink import FileSink, Sink, Target, Writer

SUFFIXES = (".gif", ".png", ".apng", ".webp", ".npy", *ENCODINGS)
"""What can be written; numbered patterns (``frames/%04d.png``) besides."""


def open_sink(
    target: Target,
    width: int,
    height: int,
    *,
    loop: int = 0,
    real_times: bool = False,
    force: bool = False,
    ready: Ready | None = None,
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
    real_times : bool
        Whether times of at most 10 ms are meant, as in a video. Players of image files show such
        frames for 100 ms, so GIF, PNG and WebP then leave out as many as their clocks can't
        show, with a warning. Else such times are kept as they are.
    force : bool
        Whether an existing file may be replaced.
    ready : callable, optional
        Told what the file is when it is complete, and before it is in place; not of pictures.

    Raises
    ------
    OutputError
        If the suffix is unknown, the target exists and may not be replaced,
        or it cannot be written.
    """
    suffix = ".gif"
    if isinstance(target, (str, PathLike)) and str(target) != STANDARD_STREAM:
        check_suffix(target)
        if numbers.makes_pictures(target):
            from steadyhue.formats.numbered import SequenceSink

            return SequenceSink(target, loop, force=force)
        suffix = Path(target).suffix.lower()
    writer = _writer(suffix, real_times)
    return FileSink(
        target, lambda file: writer(file, width, height, loop), force=force, ready=ready
    )


def check_suffix(target: object, *, more: tuple[str, ...] = ()) -> None:
    """Raise `OutputError` if no format that can be written is called so, nor one of `more`."""
    if not isinstance(target, (str, PathLike)) or str(target) == STANDARD_STREAM:
        return
    check_name(target)
    suffix = Path(target).suffix.lower()
    if numbers.is_pattern(target) and suffix != ".png":
        raise OutputError(f"{target}: numbered pictures are written as .png")
    if suffix not in (*more, *SUFFIXES):
        raise OutputError(
            f"{target}: no format that can be written has the suffix {suffix!r}; "
            f"there are {', '.join((*more, *SUFFIXES))} and numbered pictures (%04d.png)"
        )


def check_labels(target: object) -> None:
    """Raise `OutputError` if a file of slots is called otherwise than ``.npz``."""
    if isinstance(target, (str, PathLike)) and str(target) != STANDARD_STREAM:
        check_name(target)
        if Path(target).suffix.lower() != ".npz":
            raise OutputError(f"{target}: the slots of pixels are written as .npz")


def check_gif(target: object, option: str) -> None:
    """Raise `OptionError` unless the target is written as a GIF, for an option that concerns only that."""
    if isinstance(target, (str, PathLike)) and str(target) != STANDARD_STREAM:
        suffix = Path(target).suffix.lower()
        if suffix != ".gif":
            raise OptionError(f"{target}: {option} has no effect on {suffix}; it is for GIFs")


def open_labels(target: Target, width: int, height: int, *, force: bool = False) -> Sink:
    """Open an ``.npz`` file for the slot of every pixel; see `arrays.LabelsWriter`.

    Raises
    ------
    OutputError
        If the target is not called so, exists and may not be replaced, or cannot be written.
    """
    from steadyhue.formats.arrays import LabelsWriter

    check_labels(target)
    return FileSink(target, lambda file: LabelsWriter(file, width, height), force=force)


def _writer(suffix: str, real_times: bool) -> Callable[[BinaryIO, int, int, int], Writer]:
    if suffix == ".gif":
        from steadyhue.formats import gif

        return partial(gif.GifWriter, real_times=real_times)
    if suffix in (".png", ".apng"):
        from steadyhue.formats import png

        return partial(png.PngWriter, real_times=real_times)
    if suffix == ".webp":
        from steadyhue.formats import webp

        return partial(webp.WebpWriter, real_times=real_times)
    if suffix == ".npy":
        from steadyhue.formats import arrays

        return arrays.StackWriter
    from steadyhue.formats import video

    return video.WRITERS[suffix]

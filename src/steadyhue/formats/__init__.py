"""Files in and out: one module a format, reading and writing together.

`open_animation` goes by the first bytes of a file, `open_sink` by the suffix of
its name. The module of a format is imported when a file needs it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

from steadyhue.errors import FormatError, OutputError
from steadyhue.formats.raster import Raster
from steadyhue.formats.sink import STANDARD_STREAM, FileSink, Sink
from steadyhue.formats.timing import Timing
from steadyhue.frame import Animation, Frame, Limits

__all__ = ["Raster", "Sink", "Timing", "open_animation", "open_sink"]


def open_animation(
    path: str | Path,
    *,
    timing: Timing = Timing(),  # noqa: B008 -- frozen
    raster: Raster = Raster(),  # noqa: B008
    limits: Limits = Limits(),  # noqa: B008
) -> Animation:
    """Open a file as a lazy animation.

    Parameters
    ----------
    path : str or Path
        A file; ``-`` is standard input, which is kept in a temporary file so
        that it can be read more than once.
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
    if str(path) == STANDARD_STREAM:
        return _open_standard_input(timing, raster, limits)
    return _open_file(Path(path), str(path), timing, raster, limits)


def _open_file(path: Path, name: str, timing: Timing, raster: Raster, limits: Limits) -> Animation:
    head = _head(path, name)
    if head.startswith(b"GIF8"):
        from steadyhue.formats import gif

        return _adapt(gif.read_gif(path, name=name, limits=limits), timing, raster)
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
    path: str | Path, *, width: int, height: int, loop: int = 0, force: bool = False
) -> Sink:
    """Open a file for indexed frames; the suffix names the format.

    Parameters
    ----------
    path : str or Path
        The target; ``-`` is standard output, as a GIF.
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
    suffix = ".gif" if str(path) == STANDARD_STREAM else Path(path).suffix.lower()
    if suffix == ".gif":
        from steadyhue.formats import gif

        return FileSink(path, lambda file: gif.GifWriter(file, width, height, loop), force=force)
    raise OutputError(f"{path}: the suffix {suffix!r} is not of a format that can be written")

"""What kind of file it is, by its first bytes; names can lie."""

from __future__ import annotations

from collections.abc import Callable

from steadyhue.errors import FormatError
from steadyhue.formats.limits import Limits
from steadyhue.formats.source import Data, Source

Reader = Callable[[Data, str, Limits], Source]
"""Takes a file or its bytes, its name for messages, and limits."""

HEAD = 32
"""Bytes to look at."""


def reader_of(head: bytes, name: str) -> Reader:
    """Return the reader of a file that begins so; heavy libraries are imported when needed.

    Raises
    ------
    FormatError
        If it is of no known kind.
    """
    if head.startswith(b"GIF8"):
        from steadyhue.formats.gif import read_gif

        return read_gif
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"BM")) or head[8:12] == b"WEBP":
        from steadyhue.formats.images import read_images

        return read_images
    if head.startswith(b"\x93NUMPY"):
        from steadyhue.formats.arrays import read_stack

        return read_stack
    ebml, avi = head.startswith(b"\x1aE\xdf\xa3"), head[8:12] == b"AVI "
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide") or ebml or avi:
        from steadyhue.formats.video import read_video

        return read_video
    raise FormatError(f"{name}: not a picture or video of a known kind")

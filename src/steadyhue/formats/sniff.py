"""What kind of file it is, by its first bytes; names can lie.

Of a video, the first bytes also choose FFmpeg's demuxer, which would else try all it has on a
file: playlists and scripts that open other files among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from steadyhue.errors import FormatError
from steadyhue.formats.limits import Limits
from steadyhue.formats.source import Data, Source

Reader = Callable[[Data, str, Limits], Source]
"""Takes a file or its bytes, its name for messages, and limits."""

HEAD = 512
"""Bytes to look at: more than two packets of a transport stream."""

KINDS = (
    "GIF, PNG, WebP, JPEG, BMP, TIFF, PPM, .npy, "
    "MP4, MOV, WebM, MKV, AVI, MPEG-TS, MPEG-PS, FLV, WMV, Ogg, Y4M"
)
"""What can be read, for messages."""

_PICTURES = re.compile(
    rb"\x89PNG|\xff\xd8\xff|BM|RIFF....WEBP|II[*+]\0|MM\0[*+]|P[1-6]\s", re.DOTALL
)

# Magic numbers: ISO/IEC 14496-12 (boxes), RFC 9559 (EBML), ISO/IEC 13818-1 (a transport
# stream has 0x47 every 188 bytes, of a Blu-ray 4 bytes later every 192; a program
# stream its pack header; ISO/IEC 13818-2: a video its sequence header), Adobe's FLV 10.1,
# Microsoft's ASF 01.20.03 (header object), RFC 3533 (Ogg), and yuv4mpeg(5).
_DEMUXERS = [
    ("mov", re.compile(rb"....(ftyp|moov|mdat|wide)", re.DOTALL)),
    ("matroska", re.compile(rb"\x1aE\xdf\xa3")),
    ("avi", re.compile(rb"RIFF....AVI ", re.DOTALL)),
    ("mpegts", re.compile(rb"G.{187}G|.{4}G.{191}G", re.DOTALL)),
    ("mpeg", re.compile(rb"\x00\x00\x01\xba")),
    ("mpegvideo", re.compile(rb"\x00\x00\x01\xb3")),
    ("flv", re.compile(rb"FLV\x01")),
    ("asf", re.compile(rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11")),
    ("ogg", re.compile(rb"OggS")),
    ("yuv4mpegpipe", re.compile(rb"YUV4MPEG2 ")),
]


def reader_of(head: bytes, name: str) -> Reader:
    """Return the reader of a file that begins so; heavy libraries are imported when needed.

    Raises
    ------
    FormatError
        If it is empty, or of no known kind.
    """
    if not head:
        raise FormatError(f"{name}: the file is empty")
    if head.startswith(b"GIF8"):
        from steadyhue.formats.gif import read_gif

        return read_gif
    if _PICTURES.match(head):
        from steadyhue.formats.images import read_images

        return read_images
    if head.startswith(b"\x93NUMPY"):
        from steadyhue.formats.arrays import read_stack

        return read_stack
    for demuxer, magic in _DEMUXERS:
        if magic.match(head):
            from steadyhue.formats.video import read_video

            return partial(read_video, demuxer=demuxer)
    raise FormatError(f"{name}: not a picture or video of a known kind ({KINDS})")

"""What is fed with hostile bytes. Only a `SteadyhueError`, one sentence long, may come out."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from contextlib import closing
from itertools import islice

import numpy as np

from steadyhue import _native
from steadyhue.errors import SteadyhueError
from steadyhue.formats import Limits, open_animation
from steadyhue.formats.gif import GifWriter
from steadyhue.formats.maps import decode_map
from steadyhue.formats.palettes import SUFFIXES, decode_palette
from steadyhue.frame import IndexedFrame

LIMITS = Limits(canvas=1 << 18, frames=300, total=1 << 22)


def expected(run: Callable[[], object]) -> None:
    """Run, and let pass what people can act on."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run()
    except SteadyhueError as error:
        told = str(error)
        if not told or "\n" in told:
            raise AssertionError(f"not one sentence: {told!r}") from error


def frames(data: bytes) -> None:
    """Read whatever it is, and look at its first frames."""
    expected(lambda: [frame.rgba() for frame in islice(open_animation(data, limits=LIMITS), 20)])


def gif(data: bytes) -> None:
    """Read a GIF."""
    frames(data if data[:4] == b"GIF8" else b"GIF89a" + data)


def lzw(data: bytes) -> None:
    """Decode codes: width, count, the rest."""
    if len(data) > 3:
        width, count = 1 + data[0] % 8, data[1] << 4 | data[2]
        _native.lzw_decode(bytes(data), 3, len(data), width, count)


def written(data: bytes) -> None:
    """Make frames of the bytes, write them as a GIF and compare what comes back."""
    if len(data) < 8:
        return
    width, height, colors = 1 + data[0] % 24, 1 + data[1] % 16, 1 + data[2] % 255
    palette = np.resize(np.frombuffer(data, np.uint8), (colors, 3))
    rest = np.frombuffer(data[3:], np.uint8)
    size = width * height
    made = []
    for start in range(0, min(len(rest), 12 * size), size):
        part = np.resize(rest[start : start + size], (height, width))
        hole = colors if part[0, 0] % 3 else None
        indices = (part % np.int64(colors + (hole is not None))).astype(np.uint8)
        turned = np.roll(palette, int(part[-1, -1]) % 2, axis=0)
        made.append(IndexedFrame(indices, turned, 10.0 * int(part[0, -1]), hole))
    file = io.BytesIO()
    with closing(GifWriter(file, width, height)) as writer:
        for frame in made:
            writer.write(frame)
    back = list(open_animation(file.getvalue()))
    assert len(back) == len(made)
    for ours, theirs in zip(made, back, strict=True):
        assert ours.duration == theirs.duration
        assert np.array_equal(ours.rgba(), theirs.rgba())


def npy(data: bytes) -> None:
    """Read a stack of pictures."""
    frames(data if data[:6] == b"\x93NUMPY" else b"\x93NUMPY" + data)


def palette(data: bytes) -> None:
    """Read a palette file; the first byte says of which kind."""
    if data:
        suffix = sorted(SUFFIXES)[data[0] % len(SUFFIXES)]
        expected(lambda: decode_palette(bytes(data[1:]), suffix))


def json(data: bytes) -> None:
    """Read a map of colors, and a palette as JSON."""
    expected(lambda: decode_map(bytes(data)))
    expected(lambda: decode_palette(bytes(data), ".json"))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "gif": gif,
    "lzw": lzw,
    "written": written,
    "pictures": frames,
    "npy": npy,
    "palette": palette,
    "json": json,
    "video": frames,
}

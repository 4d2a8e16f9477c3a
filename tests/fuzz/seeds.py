"""Small files to begin with, made when they are needed."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from steadyhue.formats import open_sink
from steadyhue.formats.palettes import SUFFIXES, encode_palette
from steadyhue.frame import IndexedFrame
from steadyhue.palette import Palette

sys.path.insert(0, str(Path(__file__).parents[1]))

from gifs import control, image, loop, screen


def seeds(target: str, folder: Path) -> list[bytes]:
    """Return files for a target; `folder` holds what can't be made in memory."""
    if target == "lzw":
        return [bytes([width, 1, 0]) + bytes(range(40)) for width in range(8)]
    if target == "written":
        rng = np.random.default_rng(0)
        return [bytes([w, w, k]) + rng.bytes(400) for w in (1, 7, 20) for k in (0, 1, 5, 254)]
    if target == "palette":
        colors = Palette(np.array([[1, 2, 3], [200, 30, 40]], np.uint8))
        return [
            bytes([number]) + encode_palette(colors, suffix)
            for number, suffix in enumerate(sorted(SUFFIXES))
        ]
    if target == "json":
        return [
            b'{"colors": ["#010203", {"color": "#ffeedd", "weight": 2}]}',
            b'{"frames": [{"colors": ["#010203"], "weights": [3]}]}',
            b'{"version": 1, "pairs": [["#010203", "#ffffff"]], "source": [[1, 2, 3]]}',
        ]
    if target == "gif":
        pixels = [0, 1, 2, 3] * 4
        return [
            screen()
            + loop(2)
            + control(2, 1)
            + image(0, 0, 4, 4, pixels)
            + image(1, 1, 2, 2, [1] * 4),
            screen() + control(3) + image(0, 0, 4, 4, pixels, interlaced=True) + b"!\xfe\x01x\0;",
            *_clips(folder, [".gif"]),
        ]
    if target == "npy":
        return [*_clips(folder, [".npy"]), _saved(np.zeros((2, 3, 3), np.uint8))]
    if target == "video":
        return _clips(folder, [".mp4", ".webm", ".mkv", ".mov"])
    return [*_clips(folder, [".png", ".webp"]), *(_still(kind) for kind in ("JPEG", "BMP", "PNG"))]


def _clips(folder: Path, suffixes: list[str]) -> list[bytes]:
    palette = np.array([[0, 0, 0], [250, 120, 10]], np.uint8)
    found = []
    for suffix in suffixes:
        path = folder / f"seed{suffix}"
        with open_sink(path, 16, 16, force=True) as sink:
            for number in range(3):
                indices = np.zeros((16, 16), np.uint8)
                indices[number : number + 5] = 1
                sink.write(IndexedFrame(indices, palette, 40.0))
        found.append(path.read_bytes())
        path.unlink()
    return found


def _still(kind: str) -> bytes:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (5, 3), (9, 99, 200)).save(file, kind, exif=exif)
    return file.getvalue()


def _saved(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()

"""What others make of a GIF: Pillow, FFmpeg, gifsicle."""

from __future__ import annotations

import io
import subprocess
from contextlib import closing
from pathlib import Path
from shutil import which

import numpy as np
import pytest
from PIL import Image

from steadyhue.formats.gif import GifWriter
from steadyhue.frame import IndexedFrame


def written(frames: list[IndexedFrame], loop: int = 0) -> bytes:
    out = io.BytesIO()
    with closing(GifWriter(out, frames[0].width, frames[0].height, loop)) as writer:
        for frame in frames:
            writer.write(frame)
    return out.getvalue()


needs_gifsicle = pytest.mark.skipif(which("gifsicle") is None, reason="no gifsicle")


def gifsicle(data: bytes, *options: str) -> bytes:
    return subprocess.run(
        ["gifsicle", *options], input=data, capture_output=True, check=True
    ).stdout


def by_pillow(data: bytes, _: Path) -> list[np.ndarray]:
    image = Image.open(io.BytesIO(data))
    frames = []
    for i in range(getattr(image, "n_frames", 1)):
        image.seek(i)
        frames.append(np.array(image.convert("RGBA")))
    return frames


def by_pyav(data: bytes, folder: Path) -> list[np.ndarray]:
    av = pytest.importorskip("av")
    path = folder / "clip.gif"
    path.write_bytes(data)
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgba") for frame in container.decode(video=0)]


def by_gifsicle(data: bytes, folder: Path) -> list[np.ndarray]:
    """Let gifsicle do the compositing: every frame comes back whole."""
    return by_pillow(gifsicle(data, "--unoptimize"), folder)

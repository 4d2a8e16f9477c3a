"""Small files of every kind that is read, and broken ones made of them: the same ones each time."""

from __future__ import annotations

import io
import json
import random
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from steadyhue.formats import open_sink
from steadyhue.formats.palettes import SUFFIXES, encode_palette
from steadyhue.frame import IndexedFrame
from steadyhue.palette import Palette

VIDEOS = {
    "mp4": "libx264",
    "mkv": "ffv1",
    "webm": "libvpx-vp9",
    "avi": "mpeg4",
    "ts": "mpeg2video",
    "mpg": "mpeg2video",
    "flv": "flv",
    "wmv": "wmv2",
    "y4m": "wrapped_avframe",
}
PICTURES = ("jpg", "bmp", "tiff", "ppm", "pgm")
OURS = ("gif", "png", "webp", "npy")


def clip(count: int = 3) -> list[np.ndarray]:
    """A square that moves, of 24x16 pixels."""
    frames = np.zeros((count, 16, 24, 3), np.uint8)
    for number, frame in enumerate(frames):
        frame[4:10, 3 * number : 3 * number + 8] = 200, 90, 30
    return list(frames)


def encoded(suffix: str, codec: str, frames: list[np.ndarray], **stream: object) -> bytes:
    """A video; further arguments are attributes of its codec context."""
    file = io.BytesIO()
    file.name = f"clip.{suffix}"
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    with av.open(
        file,
        "w",
        format={"ts": "mpegts", "mpg": "mpeg", "wmv": "asf", "m2v": "mpeg2video"}.get(suffix),
    ) as out:
        video = out.add_stream(codec, rate=25, options=options)
        video.height, video.width = frames[0].shape[:2]
        video.pix_fmt = "bgr0" if codec == "ffv1" else "yuv420p"
        for name, value in stream.items():
            setattr(video if name == "pix_fmt" else video.codec_context, name, value)
        for number, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            for packet in video.encode(frame):
                out.mux(packet)
        for packet in video.encode(None):
            out.mux(packet)
    return file.getvalue()


def whole_files() -> dict[str, bytes]:
    """One good file of each kind, by suffix; ``clip`` or ``palette`` says what it is."""
    files = {}
    for suffix in OURS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"clip.{suffix}"
            with open_sink(path, 24, 16) as sink:
                for pixels in clip():
                    slots = (pixels[..., 0] > 0).astype(np.uint8)
                    colors = np.array([[0, 0, 0], [200, 90, 30]], np.uint8)
                    sink.write(IndexedFrame(slots, colors, 40))
            files[path.name] = path.read_bytes()
    for suffix in PICTURES:
        image = Image.fromarray(clip()[1])
        exif = Image.Exif()
        exif[0x0112] = 6
        file = io.BytesIO()
        kind = {"jpg": "JPEG", "pgm": "PPM"}.get(suffix, suffix.upper())
        more = {"exif": exif} if suffix in ("jpg", "tiff") else {}
        (image.convert("L") if suffix == "pgm" else image).save(file, kind, **more)
        files[f"clip.{suffix}"] = file.getvalue()
    for suffix, codec in VIDEOS.items():
        files[f"clip.{suffix}"] = encoded(suffix, codec, clip())
    palette = Palette(np.array([[0, 0, 0], [255, 0, 0], [9, 200, 90]], np.uint8))
    for suffix in SUFFIXES:
        files[f"palette{suffix}"] = encode_palette(palette, suffix)
    pairs = [{"source": "#000", "target": "#102030"}, {"source": "#c85a1e", "target": "#fff"}]
    files["map.json"] = json.dumps({"map": pairs}).encode()
    return files


def broken_files(count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents: of each kind in turn, cut, flipped, filled or spliced."""
    chance = random.Random(seed)
    whole = list(whole_files().items())
    for number in range(count):
        name, data = whole[number % len(whole)]
        yield f"{number:04d}-{name}", bytes(_broken(bytearray(data), chance))


def _broken(data: bytearray, chance: random.Random) -> bytearray:
    kind = chance.randrange(6)
    head = min(len(data), 96)
    if kind == 0:
        return data[: chance.randrange(1, len(data))]
    if kind == 1:  # headers hold the sizes
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(4, max(5, head))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
    elif kind == 2:
        for _ in range(chance.randrange(1, 9)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif kind == 3:
        at = chance.randrange(len(data))
        data[at : at + 4] = chance.choice((b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff"))
    elif kind == 4:
        at = chance.randrange(len(data))
        data[at:at] = data[chance.randrange(len(data)) :]
    else:
        at = chance.randrange(len(data))
        del data[at : at + chance.randrange(1, 30)]
    return data

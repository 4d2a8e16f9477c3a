"""Limits hold on what a file delivers, whatever it declares."""

from __future__ import annotations

import io
import json
import struct
import time
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import commands
import steadyhue as sh
from mutations import clip, encoded
from steadyhue.errors import FormatError, LimitError
from steadyhue.formats import Limits


@pytest.mark.parametrize("suffix", ["mkv", "ts", "y4m"])
def test_frames_of_a_container_that_counts_none_are_counted(suffix: str) -> None:
    codec = {"mkv": "ffv1", "ts": "mpeg2video", "y4m": "wrapped_avframe"}[suffix]
    data = encoded(suffix, codec, clip(30))
    found = sh.open(data, limits=Limits(frames=20))
    assert found.n_frames is None
    frames = iter(found)
    for _ in range(20):
        next(frames)
    with pytest.raises(LimitError, match="21 frames are over the limit of 20"):
        next(frames)
    assert len(list(sh.open(data, limits=Limits(frames=30)))) == 30
    with pytest.raises(LimitError, match="pixels"):
        list(sh.open(data, limits=Limits(total=24 * 16 * 20)))


def test_frames_that_are_left_out_do_not_count() -> None:
    data = encoded("mp4", "libx264", clip(30))
    with pytest.raises(LimitError, match="30 frames are over the limit of 20"):
        sh.open(data, limits=Limits(frames=20))
    assert len(list(sh.open(data, start=400, duration="0.5", limits=Limits(frames=20)))) == 13


def test_frames_that_are_repeated_count(tmp_path: Path) -> None:
    for name in ("0.png", "1.png"):
        Image.new("L", (2, 2)).save(tmp_path / name)
    (tmp_path / "animation.json").write_text(json.dumps({"durations": [100, 5e8]}))
    frames = iter(sh.open(tmp_path, fps=1000))
    assert len(list(islice(frames, 100))) == 100
    # Known before the second picture is repeated so often.
    with pytest.raises(LimitError, match="500000100 frames are over the limit of 100000"):
        next(frames)
    assert len(list(sh.open(tmp_path, fps=1000, duration=500, limits=Limits(frames=500)))) == 500
    with pytest.raises(LimitError, match="501 frames are over the limit of 500"):
        list(sh.open(tmp_path, fps=1000, duration=501, limits=Limits(frames=500)))


def gif(images: int, width: int, height: int) -> bytes:
    place = struct.pack("<HHHHB", 1, 1, width, height, 0)
    image = b"," + place + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a\x01\x00\x01\x00\x80\0\0\0\0\0\xff\xff\xff" + image * images + b";"


def test_images_off_the_canvas_count() -> None:
    data = gif(200, 6000, 6000)
    start = time.process_time()
    small = b"GIF89a\x01\x00\x01\x00\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\x02\x02\x4c\1\0"
    with pytest.raises(LimitError, match="pixels together are over the limit of 1000000000"):
        sh.open(small + data[19:], limits=Limits(total=1_000_000_000))
    assert time.process_time() - start < 1


def test_the_command_lets_large_pictures_in(tmp_path: Path) -> None:
    picture, output = tmp_path / "photo.png", tmp_path / "out.gif"
    Image.new("P", (8000, 6000)).save(picture)
    command = ["quantize", str(picture), "-o", str(output), "-W", "80", "-k", "2"]
    found = commands.run(command)
    assert found.exit_code == 1
    assert "8000x6000 is over the limit of 36000000 pixels; --max-pixels" in found.stderr
    found = commands.run([*command, "--max-pixels", "48000000"])
    assert (found.exit_code, found.stderr) == (0, "")
    assert sh.open(output).size == (80, 60)


def test_the_command_bounds_frames(tmp_path: Path) -> None:
    path, output = tmp_path / "clip.mkv", tmp_path / "out.gif"
    path.write_bytes(encoded("mkv", "ffv1", clip(12)))
    command = ["quantize", str(path), "-o", str(output), "-k", "2", "--max-frames"]
    found = commands.run([*command, "11"])
    assert found.exit_code == 1
    assert found.stderr.startswith(f"Error: {path}: 12 frames are over the limit of 11")
    assert not output.exists()
    assert commands.run([*command, "12"]).exit_code == 0


def test_limits_that_are_asked_for_stand() -> None:
    assert Limits.of() == Limits()
    assert Limits.of(max_pixels=10**12).total == 10**12
    lifted = Limits.of(max_frames=10**6)
    assert (lifted.frames, lifted.total) == (10**6, 36 * 10**12)


def tiff(directories: int, *, cycle: bool) -> bytes:
    """A file of empty directories, the last of which leads to the first or to nothing."""
    places = [8 + 6 * number for number in range(directories)]
    last = places[0] if cycle else 0
    chain = [following for _, following in pairwise(places)] + [last]
    return b"II*\0\x08\0\0\0" + b"".join(struct.pack("<HI", 0, following) for following in chain)


@pytest.mark.parametrize("cycle", [True, False])
def test_chains_of_directories_end(cycle: bool) -> None:
    start = time.process_time()
    with pytest.raises(FormatError):
        sh.open(tiff(20_000, cycle=cycle))
    file = io.BytesIO()
    Image.fromarray(np.zeros((2, 2), np.uint8)).save(file, "TIFF", big_tiff=False)
    data = bytearray(file.getvalue())
    at = struct.unpack("<I", data[4:8])[0]
    entries = struct.unpack("<H", data[at : at + 2])[0]
    link = at + 2 + 12 * entries
    data[link : link + 4] = struct.pack("<I", at)  # to itself
    with pytest.raises(FormatError, match="over 5000 pages"):
        sh.open(bytes(data))
    assert time.process_time() - start < 5


def pages(count: int) -> bytes:
    """A TIFF of pages of one pixel."""
    tags = [
        (256, 1),
        (257, 1),
        (258, 8),
        (259, 1),
        (262, 1),
        (273, 0),
        (277, 1),
        (278, 1),
        (279, 1),
    ]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    size = 2 + len(entries) + 4
    page = struct.pack("<H", len(tags)) + entries
    links = [8 + size * (number + 1) for number in range(count - 1)] + [0]
    return b"II*\0\x08\0\0\0" + b"".join(page + struct.pack("<I", link) for link in links)


def test_very_many_pages_are_refused_at_once() -> None:
    assert len(list(sh.open(pages(40)))) == 40
    start = time.process_time()
    with pytest.raises(FormatError, match="bytes: a TIFF of over 5000 pages is not read"):
        sh.open(pages(50_000))
    assert time.process_time() - start < 10

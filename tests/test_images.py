import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clips import DURATIONS, assert_same_pixels, indexed_clip
from corpus import files, needs_corpus
from steadyhue.errors import FormatError, LimitError
from steadyhue.formats import Limits, Raster, Timing, open_animation, open_sink
from steadyhue.formats.png import PngWriter, _delay
from steadyhue.frame import IndexedFrame


def write(path: Path, frames: list[IndexedFrame], loop: int = 0) -> Path:
    with open_sink(path, frames[0].width, frames[0].height, loop=loop) as sink:
        for frame in frames:
            sink.write(frame)
    return path


@pytest.mark.parametrize("transparent", [True, False])
@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_every_frame_time_and_loop_count_comes_back(
    tmp_path: Path, suffix: str, transparent: bool
) -> None:
    frames = indexed_clip(transparent=transparent)
    clip = open_animation(write(tmp_path / f"out.{suffix}", frames, loop=3))
    assert (clip.size, clip.loop, clip.n_frames) == ((53, 37), 3, 6)
    read = assert_same_pixels(frames, clip)
    assert [frame.duration for frame in read] == DURATIONS


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_one_frame_is_a_still(tmp_path: Path, suffix: str) -> None:
    frame = indexed_clip()[0]
    clip = open_animation(write(tmp_path / f"out.{suffix}", [frame]))
    assert clip.n_frames == 1
    assert_same_pixels([frame], clip)


def test_a_still_png_keeps_palette_and_indices(tmp_path: Path) -> None:
    frame = indexed_clip(transparent=False)[0]
    with Image.open(write(tmp_path / "out.png", [frame])) as image:
        assert image.mode == "P"
        assert np.array_equal(np.asarray(image), frame.indices)
        assert bytes(frame.palette) == bytes(image.getpalette()[:21])


@pytest.mark.parametrize(
    ("milliseconds", "fraction"),
    [
        (0, (0, 1)),
        (40, (1, 25)),
        (1001 / 24, (1001, 24000)),
        (65535, (13107, 200)),
        (7e7, (65535, 1)),
    ],
)
def test_delays_of_png_are_exact_fractions(milliseconds: float, fraction: tuple[int, int]) -> None:
    assert _delay(milliseconds) == fraction


def test_long_delays_of_png_lose_little() -> None:
    numerator, denominator = _delay(70_123.0)
    assert abs(numerator / denominator * 1000 - 70_123) < 1


def test_times_of_webp_carry_what_rounding_loses(tmp_path: Path) -> None:
    frame = indexed_clip()[0]
    frames = [IndexedFrame(frame.indices, frame.palette, 100 / 3) for _ in range(6)]
    clip = open_animation(write(tmp_path / "out.webp", frames))
    assert [frame.duration for frame in clip] == [33, 34, 33, 33, 34, 33]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_the_still_for_old_viewers_is_no_frame(tmp_path: Path) -> None:
    file = io.BytesIO()
    writer = PngWriter(file, 53, 37)
    for frame in indexed_clip():
        writer.write(frame)
    writer.close()
    data = file.getvalue()
    # A picture between the two headers belongs to no animation control.
    control = data.index(b"fcTL") - 4
    rows = zlib.compress(bytes(37 * (1 + 4 * 53)))
    first, rest = data[:control], data[control:]
    rest = rest.replace(b"IDAT", b"fdAT", 1)
    at = rest.index(b"fdAT") - 4
    (length,) = struct.unpack_from(">I", rest, at)
    body = struct.pack(">I", 1) + rest[at + 8 : at + 8 + length]
    rest = rest[:at] + chunk(b"fdAT", body) + rest[at + 12 + length :]
    path = tmp_path / "old.png"
    path.write_bytes(first + chunk(b"IDAT", rows) + renumbered(rest))
    clip = open_animation(path)
    assert clip.n_frames == 6
    assert_same_pixels(indexed_clip(), clip)


def renumbered(chunks: bytes) -> bytes:
    out, at, number = b"", 0, 0
    while at < len(chunks):
        (length,) = struct.unpack_from(">I", chunks, at)
        kind, data = chunks[at + 4 : at + 8], chunks[at + 8 : at + 8 + length]
        if kind in (b"fcTL", b"fdAT"):
            data = struct.pack(">I", number) + data[4:]
            number += 1
        out += chunk(kind, data)
        at += 12 + length
    return out


@pytest.mark.parametrize(
    ("mode", "color", "expected"),
    [
        ("1", 1, [255, 255, 255, 255]),
        ("L", 77, [77, 77, 77, 255]),
        ("LA", (77, 0), [0, 0, 0, 0]),
        ("P", 0, [0, 0, 0, 255]),
        ("RGB", (1, 2, 3), [1, 2, 3, 255]),
        ("RGBA", (1, 2, 3, 200), [1, 2, 3, 255]),
        ("I;16", 0x4D4D, [77, 77, 77, 255]),
    ],
)
def test_every_kind_of_pixel_is_read(
    tmp_path: Path, mode: str, color: object, expected: list[int]
) -> None:
    Image.new(mode, (3, 2), color).save(tmp_path / "still.png")
    frame = next(iter(open_animation(tmp_path / "still.png")))
    assert (frame.width, frame.height, frame.duration) == (3, 2, 0)
    assert (frame.rgba() == expected).all()


def test_photos_are_turned_upright(tmp_path: Path) -> None:
    image = Image.new("RGB", (30, 20), (250, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "photo.jpg", exif=exif)
    clip = open_animation(tmp_path / "photo.jpg")
    frame = next(iter(clip))
    assert clip.size == (frame.width, frame.height) == (20, 30)


def test_timing_and_raster_apply(tmp_path: Path) -> None:
    path = write(tmp_path / "out.png", indexed_clip())
    clip = open_animation(path, timing=Timing(every=2), raster=Raster(width=20, matte=(9, 9, 9)))
    frames = list(clip)
    assert clip.size == (20, 14)
    assert [frame.duration for frame in frames] == [40, 140, 530]
    assert {(frame.width, frame.height) for frame in frames} == {(20, 14)}
    assert not any(frame.has_transparency for frame in frames)


@pytest.mark.parametrize("suffix", ["png", "webp"])
@pytest.mark.parametrize("keep", [9, 40, 0.5, 0.9])
def test_cut_off_files_give_one_sentence_that_names_them(
    tmp_path: Path, suffix: str, keep: float
) -> None:
    whole = write(tmp_path / f"whole.{suffix}", indexed_clip()).read_bytes()
    path = tmp_path / f"cut.{suffix}"
    path.write_bytes(whole[: int(keep if keep > 1 else len(whole) * keep)])
    with pytest.raises(FormatError, match=f"cut.{suffix}: ") as raised:
        list(open_animation(path))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("suffix", ["png", "webp", "jpg", "bmp"])
def test_sizes_over_the_limit_are_refused_unread(tmp_path: Path, suffix: str) -> None:
    Image.new("RGB", (30, 20)).save(tmp_path / f"big.{suffix}")
    with pytest.raises(LimitError, match="30x20 is over the limit of 599 pixels"):
        open_animation(tmp_path / f"big.{suffix}", limits=Limits(canvas=599))


def test_a_huge_webp_takes_no_memory(tmp_path: Path) -> None:
    head = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0" + b"\xff\x3f\0" * 2
    (tmp_path / "huge.webp").write_bytes(head + b"ANIM\x06\0\0\0" + bytes(6))
    with pytest.raises(LimitError, match="16384x16384"):
        open_animation(tmp_path / "huge.webp")


@needs_corpus
@pytest.mark.parametrize("path", files("still/*"), ids=lambda path: path.name)
def test_real_stills_are_read_as_pillow_reads_them(path: Path) -> None:
    with Image.open(path) as image:
        expected = np.asarray(image.convert("RGB"))
    frame = next(iter(open_animation(path)))
    assert np.array_equal(frame.rgba()[..., :3], expected)

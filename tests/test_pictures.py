"""Pictures of more kinds: TIFF and its pages, PPM, 16 bits, CMYK, color profiles."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

import steadyhue as sh
from steadyhue.color import linear_from_srgb, srgb_from_linear
from steadyhue.errors import FormatError, FormatWarning
from steadyhue.formats import open_animation

RNG = np.random.default_rng(3)
COLORS = RNG.integers(0, 256, (6, 9, 3), np.uint8)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def only(data: bytes) -> np.ndarray:
    (frame,) = open_animation(data)
    return frame.rgba()[..., :3]


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_tiff_keeps_every_pixel(compression: str) -> None:
    data = saved(Image.fromarray(COLORS), "TIFF", compression=compression)
    assert np.array_equal(only(data), COLORS)


def test_pages_are_frames_without_times() -> None:
    pages = [Image.fromarray(np.roll(COLORS, n, 1)) for n in range(3)]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    clip = sh.open(data, fps=20)

    frames = list(clip)
    assert [frame.duration for frame in frames] == [50.0] * 3
    assert np.array_equal(frames[2].rgba()[..., :3], np.roll(COLORS, 2, 1))
    pages[2] = pages[2].crop((0, 0, 4, 4))
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    with pytest.raises(FormatError, match="frame 2: is 4x4, not 9x6 as the first; --fit"):
        list(sh.open(data))
    assert {(frame.width, frame.height) for frame in sh.open(data, fit="pad")} == {(9, 6)}


@pytest.mark.parametrize("orientation", range(1, 10))
@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "WEBP"])
def test_every_orientation_is_upright(kind: str, orientation: int) -> None:
    picture = np.zeros((16, 32, 3), np.uint8)
    picture[:8, :8] = 255
    stored = {
        2: picture[:, ::-1],
        3: picture[::-1, ::-1],
        4: picture[::-1],
        5: picture.transpose(1, 0, 2),
        6: np.rot90(picture),
        7: picture.transpose(1, 0, 2)[::-1, ::-1],
        8: np.rot90(picture, -1),
    }.get(orientation, picture)
    exif = Image.Exif()
    exif[0x0112] = orientation
    clip = open_animation(saved(Image.fromarray(stored.copy()), kind, exif=exif))
    (frame,) = clip
    assert clip.size == (32, 16)
    assert np.abs(frame.rgba()[..., :3].astype(int) - picture).max() < 40


@pytest.mark.parametrize("magic", [b"P1", b"P2", b"P3", b"P4", b"P5", b"P6"])
def test_netpbm_of_all_six_kinds(magic: bytes) -> None:
    plain = magic in (b"P1", b"P2", b"P3")
    depth = b"" if magic in (b"P1", b"P4") else b" 255"
    samples = {
        b"P1": b"0 1 1 0",
        b"P2": b"255 0 0 255",
        b"P3": b"255 255 255 0 0 0 0 0 0 255 255 255",
        b"P4": b"\x40\x80",
        b"P5": b"\xff\0\0\xff",
        b"P6": b"\xff" * 3 + bytes(6) + b"\xff" * 3,
    }[magic]
    data = magic + b"\n2 2" + depth + b"\n" + samples + (b"\n" if plain else b"")
    assert only(data)[..., 0].tolist() == [[255, 0], [0, 255]]


def test_sixteen_bits_are_brought_to_eight() -> None:
    deep = np.array([[0, 0x1234, 0x80FF, 0xFFFF]], np.uint16)
    for kind in ("PNG", "TIFF"):
        assert only(saved(Image.fromarray(deep), kind))[0, :, 0].tolist() == [0, 0x12, 0x80, 0xFF]
    big_endian = deep.astype(">u2").tobytes()
    assert only(b"P5 4 1 65535\n" + big_endian)[0, :, 0].tolist() == [0, 0x12, 0x80, 0xFF]


def test_cmyk_without_a_profile_is_read_as_inks() -> None:
    inks = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    red = only(saved(inks, "TIFF"))[0, 0]
    assert red.tolist() == [255, 0, 0]


def test_lab_is_converted() -> None:
    lab = ImageCms.createProfile("LAB")
    image = ImageCms.profileToProfile(
        Image.fromarray(COLORS), ImageCms.createProfile("sRGB"), lab, outputMode="LAB"
    )
    found = only(saved(image, "TIFF"))
    assert np.abs(found.astype(int) - COLORS).mean() < 3  # Lab in bytes is coarse


def adobe_rgb() -> bytes:
    """A profile of Adobe RGB (1998): its primaries, and gamma 563/256."""
    import struct

    def number(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(map(number, values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, 563) + b"\0\0"
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"Test\0" + bytes(79)
    tags = {
        b"desc": text,
        b"cprt": b"text\0\0\0\0None\0\0\0\0",
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.60974, 0.31111, 0.01947),  # adapted to D50
        b"gXYZ": xyz(0.20528, 0.62567, 0.06087),
        b"bXYZ": xyz(0.14919, 0.06322, 0.74457),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    size = start + len(body)
    head = struct.pack(">I", size) + b"\0\0\0\0\x02\x40\0\0mntrRGB XYZ " + bytes(12) + b"acsp"
    head += bytes(28) + number(0.9642) + number(1.0) + number(0.8249) + bytes(48)
    return head + struct.pack(">I", len(tags)) + table + body


ADOBE_TO_SRGB = np.array(  # both of white D65, from their primaries
    [[1.3983, -0.3983, 0.0], [0.0, 1.0, 0.0], [0.0, -0.0429, 1.0429]]
)


def expected_of_adobe(pixels: np.ndarray) -> np.ndarray:
    linear = (pixels / 255.0) ** (563 / 256) @ ADOBE_TO_SRGB.T
    return np.rint(srgb_from_linear(np.clip(linear, 0, 1)))


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_a_profile_is_converted_to_srgb(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    data = saved(Image.fromarray(COLORS), kind, icc_profile=adobe_rgb(), **options)
    found = only(data).astype(int)
    assert np.abs(found - expected_of_adobe(COLORS)).max() <= 3
    assert np.abs(found - COLORS).max() > 10


def test_a_profile_keeps_transparency_and_reaches_every_frame() -> None:
    frames = [Image.fromarray(np.roll(COLORS, n, 1)).convert("RGBA") for n in range(2)]
    frames[1].putpixel((0, 0), (9, 9, 9, 0))
    data = saved(frames[0], "PNG", save_all=True, append_images=frames[1:], icc_profile=adobe_rgb())
    first, second = open_animation(data)
    assert np.abs(first.rgba()[..., :3] - expected_of_adobe(COLORS)).max() <= 3
    moved = expected_of_adobe(np.roll(COLORS, 1, 1))
    assert np.abs(second.rgba()[1:, :, :3] - moved[1:]).max() <= 3
    assert second.rgba()[0, 0].tolist() == [0, 0, 0, 0]


def test_palettes_have_their_profile_too() -> None:
    image = Image.fromarray(COLORS).quantize(4)
    plain = only(saved(image, "PNG"))
    found = only(saved(image, "PNG", icc_profile=adobe_rgb()))
    assert np.abs(found - expected_of_adobe(plain)).max() <= 3


def test_srgb_changes_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for image in (Image.fromarray(COLORS), Image.fromarray(COLORS[..., 0])):
        plain, tagged = saved(image, "PNG"), saved(image, "PNG", icc_profile=profile)
        assert np.array_equal(only(plain), only(tagged))


@pytest.mark.parametrize(
    ("mode", "profile"),
    [("RGB", b"nonsense"), ("CMYK", None), ("RGB", b""), ("RGB", b"\0" * 5000)],
)
def test_a_profile_that_is_of_no_use_is_said_to_be(mode: str, profile: bytes | None) -> None:
    image = Image.new(mode, (4, 4))
    profile = adobe_rgb() if profile is None else profile
    data = saved(image, "TIFF", icc_profile=profile)
    if not profile:
        assert len(only(data)) == 4
        return
    with pytest.warns(FormatWarning, match="its color profile is not used") as warned:
        only(data)
    assert len(warned) == 1


def test_a_folder_warns_once(tmp_path: Path) -> None:
    for number in range(5):
        Image.fromarray(COLORS).save(tmp_path / f"{number}.png", icc_profile=b"nonsense")
    clip = sh.open(tmp_path)
    with pytest.warns(FormatWarning, match="its color profile is not used") as warned:
        list(clip)
    assert len(warned) == 1
    list(clip)  # said already
    assert linear_from_srgb(np.array([255]))[0] == pytest.approx(1)


def test_what_is_refused_says_what_is_possible(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("<svg/>")
    with pytest.raises(FormatError, match=r"of a known kind \(GIF, PNG, .*TIFF.*Y4M\)"):
        sh.open(tmp_path / "a.svg")

import struct
import sys
from contextlib import nullcontext
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from clips import assert_same_pixels, indexed_clip
from corpus import ROOT, needs_corpus
from steadyhue.errors import (
    FormatError,
    FormatWarning,
    LimitError,
    MissingDependencyError,
    OutputError,
)
from steadyhue.formats import Limits, Raster, Timing, open_animation, open_sink
from steadyhue.frame import IndexedFrame

# Matrix coefficients of ITU-T H.273: their number, red and blue weights.
MATRICES = {"bt709": (1, 0.2126, 0.0722), "bt601": (6, 0.299, 0.114), "bt2020": (9, 0.2627, 0.0593)}
SHOWN = [40.0, 100.0, 70.0, 70.0, 500.0, 30.0]  # a frame without a time is given one

PATCHES = np.array(
    [[30, 30, 30], [220, 220, 220], [180, 60, 50], [60, 160, 70], [50, 70, 170], [200, 180, 60]]
)


def write(path: Path, frames: list[IndexedFrame]) -> Path:
    with open_sink(path, frames[0].width, frames[0].height) as sink:
        for frame in frames:
            sink.write(frame)
    return path


def patches(size: int = 32) -> np.ndarray:
    """A row of flat squares."""
    return PATCHES.astype(np.uint8).repeat(size, axis=0)[None].repeat(size, axis=0)


def assert_patches(pixels: np.ndarray, size: int = 32) -> None:
    """Check the middle of every square within 2 levels."""
    for number, color in enumerate(PATCHES):
        middle = pixels[12:-12, number * size + 12 : (number + 1) * size - 12, :3].astype(int)
        assert np.abs(middle - color).max() <= 2


def encoded(path: Path, matrix: str, *, full: bool) -> Path:
    """An H.264 file whose samples are computed here, by the equations of H.273."""
    number, red, blue = MATRICES[matrix]
    rgb = patches() / 255.0
    luma = rgb @ [red, 1 - red - blue, blue]
    chroma = np.stack([(rgb[..., 2] - luma) / (2 - 2 * blue), (rgb[..., 0] - luma) / (2 - 2 * red)])
    scale, chroma_scale, offset = (255, 255, 0) if full else (219, 224, 16)
    planes = [luma * scale + offset, *(chroma[:, ::2, ::2] * chroma_scale + 128)]
    samples = np.concatenate([np.rint(plane).astype(np.uint8).ravel() for plane in planes])
    height, width = luma.shape
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"qp": "0"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.color_range = 2 if full else 1
        stream.codec_context.colorspace = number
        frame = av.VideoFrame.from_ndarray(samples.reshape(-1, width), format="yuv420p")
        frame.color_range = 2 if full else 1
        frame.colorspace = number
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return path


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("matrix", MATRICES)
def test_matrices_and_ranges_are_right(tmp_path: Path, matrix: str, full: bool) -> None:
    clip = open_animation(encoded(tmp_path / "known.mp4", matrix, full=full))
    assert_patches(next(iter(clip)).rgba())


@pytest.mark.parametrize("suffix", ["mp4", "mov", "webm"])
def test_flat_colors_come_back_within_two_levels(tmp_path: Path, suffix: str) -> None:
    slots = np.arange(6, dtype=np.uint8).repeat(32)[None].repeat(32, axis=0)
    frame = IndexedFrame(slots, PATCHES.astype(np.uint8), 40)
    clip = open_animation(write(tmp_path / f"flat.{suffix}", [frame, frame]))
    for read in clip:
        assert_patches(read.rgba())


@pytest.mark.parametrize("transparent", [True, False])
def test_mkv_keeps_every_pixel(tmp_path: Path, transparent: bool) -> None:
    frames = indexed_clip(transparent=transparent)
    read = assert_same_pixels(frames, open_animation(write(tmp_path / "out.mkv", frames)))
    assert [frame.duration for frame in read] == SHOWN


@pytest.mark.parametrize("suffix", ["mp4", "mov", "webm"])
def test_variable_times_come_back(tmp_path: Path, suffix: str) -> None:
    clip = open_animation(write(tmp_path / f"out.{suffix}", indexed_clip(transparent=False)))
    assert clip.size == (54, 38)  # even numbers
    assert [round(frame.duration, 6) for frame in clip] == SHOWN


def test_fractional_rates_are_exact_in_mp4(tmp_path: Path) -> None:
    still = indexed_clip(transparent=False)[0]
    frames = [IndexedFrame(still.indices, still.palette, 1001 / 24) for _ in range(9)]
    clip = open_animation(write(tmp_path / "film.mp4", frames))
    assert [frame.duration for frame in clip] == pytest.approx([1001 / 24] * 9, abs=1e-9)


def test_sizes_that_a_codec_refuses_are_named(tmp_path: Path) -> None:
    wide = IndexedFrame(np.zeros((2, 20_000), np.uint8), PATCHES[:1].astype(np.uint8), 40)
    with pytest.raises(OutputError, match=r"wide\.mp4: the codec refuses frames of 20000x2"):
        write(tmp_path / "wide.mp4", [wide])
    assert not list(tmp_path.iterdir())


def test_webm_keeps_holes(tmp_path: Path) -> None:
    indices = np.zeros((64, 64), np.uint8)
    indices[:32] = 1
    frame = IndexedFrame(indices, PATCHES[2:3].astype(np.uint8), 40, transparent=1)
    (read,) = open_animation(write(tmp_path / "hole.webm", [frame]))
    alpha = read.rgba()[..., 3]
    assert not alpha[:28].any()
    assert alpha[36:].all()


def turned(path: Path, matrix: tuple[int, int, int, int]) -> Path:
    """Change the display matrix in the track header of an MP4 file."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 44
    a, b, c, d = (value << 16 for value in matrix)
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("matrix", "turns"), [((0, 1, -1, 0), -1), ((-1, 0, 0, -1), 2), ((0, -1, 1, 0), 1)]
)
def test_rotation_is_applied(tmp_path: Path, matrix: tuple[int, int, int, int], turns: int) -> None:
    path = turned(encoded(tmp_path / "turned.mp4", "bt709", full=False), matrix)
    clip = open_animation(path)
    frame = next(iter(clip))
    assert clip.size == (frame.width, frame.height)
    assert_patches(np.rot90(frame.rgba(), -turns))


def test_pixels_that_are_not_square_are_stretched(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "wide.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 32, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(3, 2)
        frame = av.VideoFrame(64, 32, "yuv420p")
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    clip = open_animation(tmp_path / "wide.mp4")
    assert clip.size == (96, 32)
    assert {(frame.width, frame.height) for frame in clip} == {(96, 32)}


def test_a_cut_and_a_size_apply(tmp_path: Path) -> None:
    path = write(tmp_path / "out.mkv", indexed_clip())
    clip = open_animation(path, timing=Timing(start=140, duration=150), raster=Raster(width=20))
    assert clip.size == (20, 14)
    assert [(frame.width, frame.duration) for frame in clip] == [(20, 70), (20, 70), (20, 10)]
    repeated = open_animation(path, timing=Timing(fps=100))
    assert len(list(repeated)) == sum(SHOWN) / 10


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate, frame.time_base = 8000, Fraction(1, 8000)
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    with pytest.raises(FormatError, match=r"sound\.mp4: there is no video in the file"):
        open_animation(tmp_path / "sound.mp4")


def test_broken_files_give_one_sentence_that_names_them(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.mkv", indexed_clip()).read_bytes()
    for keep in (30, 300):
        (tmp_path / "cut.mkv").write_bytes(whole[:keep])
        with pytest.raises(FormatError, match=r"cut\.mkv: ") as raised:
            list(open_animation(tmp_path / "cut.mkv"))
        assert "\n" not in str(raised.value)


def test_sizes_over_the_limit_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "out.mkv", indexed_clip())
    with pytest.raises(LimitError, match="53x37 is over the limit of 1000 pixels"):
        open_animation(path, limits=Limits(canvas=1000))


def test_a_missing_library_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "out.mkv", indexed_clip())
    monkeypatch.setitem(sys.modules, "av", None)
    for module in [name for name in sys.modules if name.startswith("steadyhue.formats.video")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.delattr("steadyhue.formats.video")
    with pytest.raises(MissingDependencyError, match=r"pip install 'steadyhue\[video\]'"):
        open_animation(path)


@needs_corpus
@pytest.mark.parametrize(
    ("name", "size", "count", "seconds"),
    [
        ("decord_rot90.mov", (320, 568), 3, 0.1),
        ("intel_asl_bird.mkv", (640, 480), 63, 2.1),
        ("mdn_stream.mp4", (480, 360), 90, 3.0),
        ("moviepy_transparent.webm", (200, 200), 150, 5.0),
    ],
)
def test_real_videos_are_read_whole(
    name: str, size: tuple[int, int], count: int, seconds: float
) -> None:
    clip = open_animation(ROOT / "video" / name)
    with nullcontext() if name[0] in "di" else pytest.warns(FormatWarning, match="the sound"):
        frames = list(clip)
    assert clip.size == size
    assert len(frames) == count
    assert sum(frame.duration for frame in frames) == pytest.approx(seconds * 1000, abs=40)
    assert frames[0].has_transparency == ("transparent" in name)


@needs_corpus
def test_a_damaged_video_names_the_frame() -> None:
    with pytest.raises(FormatError, match=r"decord_corrupted\.mp4: frame 28: cannot be decoded"):
        list(open_animation(ROOT / "video" / "decord_corrupted.mp4"))

"""Videos as they come: containers, interlacing, HDR, damage."""

from __future__ import annotations

import io
import struct
import warnings
from fractions import Fraction
from types import SimpleNamespace

import av
import numpy as np
import pytest
from av.sidedata.sidedata import Type

import steadyhue as sh
from mutations import VIDEOS, clip, encoded
from steadyhue.errors import FormatWarning
from steadyhue.formats.video.color import peak_of
from steadyhue.formats.video.hdr import HLG, PQ, pq_of_light, reduced, sdr_of


@pytest.mark.parametrize("suffix", [*VIDEOS, "mov", "m2v"])
def test_containers_open_by_their_content(suffix: str) -> None:
    codec = VIDEOS.get(suffix, "libx264" if suffix == "mov" else "mpeg2video")
    data = encoded(suffix, codec, clip(5))
    found = sh.open(data)
    frames = list(found)
    assert found.size == (24, 16)
    assert [frame.duration for frame in frames[1:-1]] == [40.0] * 3 or suffix == "avi"
    moved = [frame.rgba()[6, :, 0].argmax() for frame in frames]
    assert len(moved) == 5
    assert moved == sorted(moved)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "webm", "flv"])
def test_what_is_cut_off_is_said_once(suffix: str) -> None:
    rng = np.random.default_rng(1)
    noise = [rng.integers(0, 256, (48, 64, 3), np.uint8) for _ in range(60)]
    data = encoded(suffix, VIDEOS[suffix], noise)
    if suffix == "mp4":  # the index comes first where files are made for the web
        box = data.index(b"moov") - 4
        media = data.index(b"mdat") - 4
        index = shifted(data[box:], len(data) - box)
        data = data[:media] + index + data[media:box]
    assert len(list(sh.open(data))) == 60
    found = sh.open(data[: int(len(data) * 0.6)])
    with pytest.warns(
        FormatWarning, match=r"bytes: .*\d of (60 frames|2\.4 seconds) could be read"
    ) as said:
        count = len(list(found))
    assert 25 < count < 45
    assert len(said) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(list(found)) == count


def shifted(index: bytes, by: int) -> bytes:
    """Let the chunk offsets of an MP4 index point further on."""
    at = index.index(b"stco") + 8
    count = int.from_bytes(index[at : at + 4], "big")
    offsets = np.frombuffer(index, ">u4", count, at + 4) + by
    return index[: at + 4] + offsets.astype(">u4").tobytes() + index[at + 4 + 4 * count :]


def test_a_stream_that_breaks_off_within_a_frame_is_read_up_to_it() -> None:
    rng = np.random.default_rng(1)
    noise = [rng.integers(0, 256, (48, 64, 3), np.uint8) for _ in range(60)]
    data = encoded("ts", "mpeg2video", noise)
    with pytest.warns(FormatWarning):
        count = len(list(sh.open(data[: int(len(data) * 0.6)])))
    assert 20 < count < 45


def combed(count: int = 6) -> list[np.ndarray]:
    """A bar whose odd rows are of a later time."""
    frames = np.zeros((count, 64, 96, 3), np.uint8)
    for number, frame in enumerate(frames):
        frame[::2, 8 * number : 8 * number + 20] = 255
        frame[1::2, 8 * number + 4 : 8 * number + 24] = 255
    return list(frames)


def interlaced(*, flagged: bool, **stream: object) -> bytes:
    file = io.BytesIO()
    options = {"x264-params": f"interlaced={int(flagged)}:qp=1"}
    with av.open(file, "w", format="matroska") as out:
        video = out.add_stream("libx264", rate=25, options=options)
        video.width, video.height, video.pix_fmt = 96, 64, "yuv420p"
        for name, value in stream.items():
            setattr(video.codec_context, name, value)
        for number, pixels in enumerate(combed()):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            for packet in video.encode(frame):
                out.mux(packet)
        for packet in video.encode(None):
            out.mux(packet)
    return file.getvalue()


def combing(clip: sh.Animation) -> float:
    shown = [frame.rgba()[..., 0].astype(int) for frame in clip]
    return max(np.abs(np.diff(pixels, axis=0)).mean() for pixels in shown[1:-1])


def test_interlaced_pictures_are_made_whole_and_no_others() -> None:
    found = sh.open(interlaced(flagged=True))
    frames = list(found)
    assert [frame.duration for frame in frames] == [40.0] * 6
    assert found.size == (96, 64)
    assert combing(found) < 1
    assert combing(sh.open(interlaced(flagged=False))) > 10


def test_the_filter_keeps_the_matrix() -> None:
    """Levels of a flat color are the same with it and without."""
    for matrix in (1, 5, 9):
        colors = []
        for flagged in (True, False):
            clip = sh.open(interlaced(flagged=flagged, colorspace=matrix, color_range=2))
            colors.append(list(clip)[2].rgba()[:, 20:28, :3].reshape(-1, 3).mean(axis=0))
        assert np.abs(colors[0] - colors[1]).max() < 1


LIGHT = np.array([0, 1, 10, 50, 94, 150, 203, 400, 1000, 4000], float)


def test_light_below_the_knee_stays_and_the_peak_is_white() -> None:
    shown = reduced(LIGHT)
    assert shown[:4] == pytest.approx(LIGHT[:4], rel=1e-6, abs=1e-9)
    assert (np.diff(shown) >= 0).all()
    assert shown[-2:] == pytest.approx([203, 203], rel=1e-6)


def test_the_peak_that_is_told_becomes_white() -> None:
    assert reduced(LIGHT, 4000)[-1] == pytest.approx(203, rel=1e-6)
    assert reduced(LIGHT, 4000)[-2] < reduced(LIGHT)[-2]
    for dim in (100, 203):
        assert reduced(LIGHT, dim).tolist() == np.minimum(LIGHT, 203).tolist()
    bright = np.rint(pq_of_light(np.full((1, 1, 3), 1000.0)) * 65535).astype(np.uint16)
    assert sdr_of(bright, PQ, 4000).max() < 255 == sdr_of(bright, PQ).max()


def light(*told: tuple[Type, bytes], curve: int = PQ) -> float:
    """The peak of a picture that tells so much."""

    class Data(bytes):
        type: Type

    found = []
    for kind, data in told:
        found.append(Data(data))
        found[-1].type = kind
    return peak_of(SimpleNamespace(color_trc=curve, side_data=found))


def test_the_peak_is_that_of_the_content_or_of_its_grading() -> None:
    def graded(over: int, under: int = 10_000, known: int = 1) -> tuple[Type, bytes]:
        numbers = [1] * 18 + [over, under, 1, known]
        return Type.MASTERING_DISPLAY_METADATA, struct.pack("=22i", *numbers)

    def content(most: int) -> tuple[Type, bytes]:
        return Type.CONTENT_LIGHT_LEVEL, struct.pack("=2I", most, 90)

    assert light() == 1000
    assert light(graded(40_000_000)) == 4000
    assert light(graded(40_000_000), content(1500)) == 1500
    assert light(content(40)) == 203  # never below reference white
    assert light(content(2**32 - 1)) == 10_000
    for useless in (content(0), graded(1, 0), graded(-5), graded(40_000_000, known=0)):
        assert light(useless) == 1000
    assert light((Type.CONTENT_LIGHT_LEVEL, b"")) == 1000
    assert light(graded(40_000_000), curve=HLG) == 1000


def test_pq_levels_are_those_of_the_recommendation() -> None:
    """ITU-R BT.2408: reference white is at 58 %, and 1000 cd/m2 at 75 %."""
    assert pq_of_light(203.0) == pytest.approx(0.58, abs=0.005)
    assert pq_of_light(1000.0) == pytest.approx(0.75, abs=0.005)
    levels = np.rint(pq_of_light(LIGHT) * 65535).astype(np.uint16)
    grey = sdr_of(np.repeat(levels[None, :, None], 3, axis=2), PQ)[0]
    assert (grey[:, :1] == grey).all()
    assert grey[3, 0] == pytest.approx(255 * 1.055 * (50 / 203) ** (1 / 2.4) - 0.055 * 255, abs=1)
    assert grey[-2:, 0].tolist() == [255, 255]


def test_hlg_levels_are_those_of_the_recommendation() -> None:
    """ITU-R BT.2408: the level of reference white is 75 %, which is 203 cd/m2."""
    levels = np.array([0, 0.75, 1.0]) * 65535
    hlg = sdr_of(np.repeat(levels.astype(np.uint16)[None, :, None], 3, axis=2), HLG)[0, :, 0]
    pq = np.rint(pq_of_light(np.array([0.0, 203.0, 1000.0])) * 65535).astype(np.uint16)
    same = sdr_of(np.repeat(pq[None, :, None], 3, axis=2), PQ)[0, :, 0]
    assert np.abs(hlg.astype(int) - same).max() <= 1


def test_the_primaries_are_converted() -> None:
    """sRGB's red at 50 cd/m2, told in BT.2020, is sRGB's red again."""
    red = np.array([0.6274, 0.0691, 0.0164]) * 50
    levels = np.rint(pq_of_light(red) * 65535).astype(np.uint16)
    shown = sdr_of(levels[None, None], PQ)[0, 0]
    assert shown[0] > 120
    assert shown[1:].max() <= 6


@pytest.mark.parametrize("curve", [PQ, HLG])
@pytest.mark.parametrize("full", [1, 2])
def test_hdr_video_is_shown_as_sdr_and_said_to_be(curve: int, full: int) -> None:
    """The way through the codec gives what the samples give."""
    levels = np.linspace(0.1, 0.8, 8) if curve == PQ else np.linspace(0.1, 1, 8)
    samples = np.rint(levels * 65535).astype(np.uint16)
    picture = np.repeat(samples.repeat(16)[None, :, None], 3, axis=2).repeat(16, axis=0)
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as out:
        video = out.add_stream("ffv1", rate=25)
        video.width, video.height, video.pix_fmt = 128, 16, "yuv420p10le"
        tags = {"color_trc": curve, "color_primaries": 9, "colorspace": 9, "color_range": full}
        for name, value in tags.items():
            setattr(video.codec_context, name, value)
        frame = av.VideoFrame.from_ndarray(picture, format="rgb48le").reformat(
            format="yuv420p10le",
            dst_colorspace=9,
            src_color_range=2,
            dst_color_range=full,
        )
        for name, value in tags.items():
            setattr(frame, name, value)
        for packet in (*video.encode(frame), *video.encode(None)):
            out.mux(packet)
    with pytest.warns(FormatWarning, match=r"its HDR \((PQ|HLG)\) is shown as SDR") as said:
        (shown,) = sh.open(file.getvalue())
    assert len(said) == 1
    middle = shown.rgba()[8, 8::16, :3].astype(int)
    assert np.abs(middle - sdr_of(picture, curve)[8, 8::16]).max() <= 4  # one of 1023 levels is 1

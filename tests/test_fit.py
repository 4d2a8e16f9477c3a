"""Pictures of several sizes become one size when asked, and are refused else."""

from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

import commands
import steadyhue as sh
from mutations import clip
from steadyhue.errors import FormatError, OptionError
from steadyhue.formats import Raster

RED, BLUE = (255, 0, 0), (0, 0, 255)


def picture(width: int, height: int, color: tuple[int, int, int] = RED) -> np.ndarray:
    return np.full((height, width, 3), color, np.uint8)


def sizes(clip: sh.Animation) -> set[tuple[int, int]]:
    found = {(frame.width, frame.height) for frame in clip}
    assert found == {clip.size}
    return found


def test_padding_shows_all_of_it_in_the_middle() -> None:
    (frame,) = sh.open(picture(4, 2), width=6, height=6, fit="pad")
    rgba = frame.rgba()
    assert (rgba[2:4, 1:5] == (*RED, 255)).all()
    assert rgba[..., 3].sum() == 8 * 255
    (frame,) = sh.open(picture(40, 20), width=10, height=10, fit="pad", matte=BLUE)
    assert (frame.rgba()[..., :3] == BLUE).all(axis=-1).sum() == 50
    assert not frame.has_transparency
    (frame,) = sh.open(picture(40, 20)[..., 0], width=10, height=10, fit="pad")
    assert frame.rgba()[..., 3].sum() == 50 * 255


def test_cropping_fills_the_size_with_the_middle() -> None:
    wide = picture(12, 4)
    wide[:, 4:8] = BLUE
    (frame,) = sh.open(wide, width=4, height=4, fit="crop")
    assert (frame.rgba() == (*BLUE, 255)).all()
    (frame,) = sh.open(wide, width=40, height=40, fit="crop")
    assert (frame.width, frame.height) == (40, 40)
    assert not frame.has_transparency
    high = wide.transpose(1, 0, 2)
    (frame,) = sh.open(high, width=2, height=2, fit="crop")
    assert (frame.rgba() == (*BLUE, 255)).all()


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ({}, (30, 20)),
        ({"width": 15}, (15, 10)),
        ({"height": 40}, (60, 40)),
        ({"width": 1, "height": 9}, (1, 9)),
        ({"width": 90, "height": 7}, (90, 7)),
    ],
)
@pytest.mark.parametrize("fit", ["pad", "crop"])
@pytest.mark.parametrize("first", [(30, 20), (300, 200), (1, 1)])
def test_every_picture_comes_to_the_size(
    given: dict[str, int], size: tuple[int, int], fit: str, first: tuple[int, int]
) -> None:
    if first == (30, 20):
        pictures = [picture(*each) for each in (first, (7, 50), (200, 1), (1, 1))]
        assert sizes(sh.open(pictures, fit=fit, **given)) == {size}
    elif given.get("width") and given.get("height"):
        assert sizes(sh.open([picture(*first), picture(3, 9)], fit=fit, **given)) == {size}


def test_without_it_mixed_sizes_are_a_sentence(tmp_path: Path) -> None:
    for number, side in enumerate((8, 9)):
        Image.new("RGB", (side, 8)).save(tmp_path / f"{number}.png")
    with pytest.raises(FormatError, match=r"1\.png: is 9x8, not 8x8 as the first; --fit pad"):
        list(sh.open(tmp_path))
    for pictures in (
        [picture(2, 2), picture(3, 2)],
        [Image.new("L", (2, 2)), Image.new("L", (3, 3))],
    ):
        with pytest.raises(FormatError, match="not of one size; --fit pad or crop"):
            sh.open(pictures)
    with pytest.raises(OptionError, match="fit must be one of pad, crop, got 'squeeze'"):
        Raster(fit="squeeze")


def changing() -> bytes:
    """A video whose resolution changes."""
    file = io.BytesIO()
    for side in (32, 64):
        part = io.BytesIO()
        with av.open(part, "w", format="mpegts") as out:
            video = out.add_stream("mpeg2video", rate=25)
            video.width, video.height, video.pix_fmt = side, side, "yuv420p"
            for number in range(3):
                frame = av.VideoFrame.from_ndarray(picture(side, side), format="rgb24")
                frame.pts = number + side
                for packet in video.encode(frame):
                    out.mux(packet)
            for packet in video.encode(None):
                out.mux(packet)
        file.write(part.getvalue())
    return file.getvalue()


def test_videos_that_change_their_size_too(tmp_path: Path) -> None:
    data = changing()
    with pytest.raises(FormatError, match=r"frame \d: is 64x64, not 32x32 as the first"):
        list(sh.open(data))
    assert sizes(sh.open(data, fit="crop")) == {(32, 32)}
    (tmp_path / "clip.ts").write_bytes(data)
    command = ["quantize", str(tmp_path / "clip.ts"), "-o", str(tmp_path / "out.gif"), "-k", "2"]
    assert "--fit" in commands.run(command).stderr
    command += ["--fit", "pad", "-W", "50", "-H", "20", "--matte", "navy"]
    assert commands.run(command).exit_code == 0
    assert sh.open(tmp_path / "out.gif").size == (50, 20)


def test_times_are_texts_in_seconds_or_numbers_in_milliseconds(tmp_path: Path) -> None:
    long = sh.open(np.stack(clip(100)), fps=1)
    for start, expected in (("1:23.5", 83_500), ("0:0:90", 90_000), ("2.5", 2500), (2500, 2500)):
        assert sum(f.duration for f in sh.open(long, start=start)) == 100_000 - expected
    assert sum(f.duration for f in sh.open(long, duration="1:00")) == 60_000
    for wrong in ("1:2:3:4", "", "-1", "abc", "1e3", "٣"):
        with pytest.raises(OptionError, match="start: .* is not a time such as 2.5 or 1:30"):
            sh.open(long, start=wrong)

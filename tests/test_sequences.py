import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clips import DURATIONS, assert_same_pixels, indexed_clip
from steadyhue import quantize
from steadyhue.errors import FormatError, FormatWarning, LimitError, OutputError
from steadyhue.formats import Limits, Timing, open_animation, open_sink
from steadyhue.frame import IndexedFrame


def write(pattern: Path, frames: list[IndexedFrame], *, force: bool = False) -> None:
    with open_sink(pattern, 53, 37, loop=2, force=force) as sink:
        for frame in frames:
            sink.write(frame)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("source", ["", "%02d.png", "*.png"])
def test_pictures_and_times_come_back(tmp_path: Path, source: str) -> None:
    frames = indexed_clip()
    write(tmp_path / "out" / "%02d.png", frames)
    clip = open_animation(tmp_path / "out" / source)
    assert (clip.size, clip.loop, clip.n_frames) == ((53, 37), 2, 6)
    assert [frame.duration for frame in assert_same_pixels(frames, clip)] == DURATIONS


def test_pictures_are_in_natural_order(tmp_path: Path) -> None:
    for number in (10, 9, 1, 2):
        Image.new("L", (2, 2), number).save(tmp_path / f"f{number}.png")
    shades = [int(frame.colors[0, 0]) for frame in open_animation(tmp_path)]
    assert shades == [1, 2, 9, 10]


def test_a_rate_times_pictures_without_repeating_any(tmp_path: Path) -> None:
    for number in range(3):
        Image.new("L", (2, 2), number).save(tmp_path / f"{number}.jpg")
    assert [frame.duration for frame in open_animation(tmp_path)] == [100, 100, 100]
    fast = open_animation(tmp_path, timing=Timing(fps=50))
    assert [frame.duration for frame in fast] == [20, 20, 20]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (json.dumps({"loop": 1, "durations": [1, 2]}), "is of 2 pictures"),
        ('{"durations": [-1]}', "a time is negative"),
        ('{"durations": [Infinity]}', "Infinity is not a finite number"),
        ('{"durations": [1e999]}', "1e999 is not a finite number"),
        ('{"durations": [' + "9" * 400 + "]}", "a number of 400 digits is too long"),
        ("[" * 200_000, "nested too deeply"),
        ("{}", "malformed"),
        ('{"durations": [[]]}', "malformed"),
        ("\x00", "Expecting value"),
    ],
)
def test_times_that_do_not_fit_are_not_used(tmp_path: Path, told: str, reason: str) -> None:
    Image.new("L", (2, 2)).save(tmp_path / "0.png")
    (tmp_path / "animation.json").write_text(told)
    with pytest.warns(FormatWarning, match=rf"animation\.json: .*{reason}.* not used"):
        assert [frame.duration for frame in open_animation(tmp_path)] == [100]


def test_a_time_without_end_is_a_week(tmp_path: Path) -> None:
    Image.new("L", (2, 2)).save(tmp_path / "0.png")
    (tmp_path / "animation.json").write_text('{"durations": [1e300]}')
    with pytest.warns(FormatWarning, match="a frame of more than a week is shown for a week"):
        quantize(tmp_path, 2).save(tmp_path / "out.gif")
    week = sum(frame.duration for frame in open_animation(tmp_path / "out.gif"))
    assert week == 7 * 24 * 60 * 60 * 1000


def test_more_loops_than_can_be_written_are_as_many_as_can(tmp_path: Path) -> None:
    Image.new("L", (2, 2)).save(tmp_path / "0.png")
    (tmp_path / "animation.json").write_text('{"durations": [5], "loop": 1099511627776}')
    clip = open_animation(tmp_path)
    assert clip.loop == 65_536
    for suffix in ("gif", "png", "webp"):
        quantize(clip, 2).save(tmp_path / f"out.{suffix}")


def test_a_picture_of_another_size_is_named(tmp_path: Path) -> None:
    Image.new("L", (2, 2)).save(tmp_path / "0.png")
    Image.new("L", (3, 2)).save(tmp_path / "1.png")
    with pytest.raises(FormatError, match=r"1\.png: is 3x2, not 2x2 as the first"):
        list(open_animation(tmp_path))


def test_too_many_pictures_are_refused(tmp_path: Path) -> None:
    for number in range(3):
        Image.new("L", (2, 2)).save(tmp_path / f"{number}.png")
    with pytest.raises(LimitError, match="3 frames are over the limit of 2"):
        open_animation(tmp_path, limits=Limits(frames=2))


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="there are no pictures"):
        open_animation(tmp_path)
    with pytest.raises(FormatError, match="there are no pictures"):
        open_animation(tmp_path / "*.png")


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> None:
        with open_sink(tmp_path / "out" / "%d.png", 53, 37) as sink:
            sink.write(indexed_clip()[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert names(tmp_path) == []


def test_existing_pictures_need_force_and_none_are_left_over(tmp_path: Path) -> None:
    frames = indexed_clip()
    (tmp_path / "keep.txt").touch()
    write(tmp_path / "%d.png", frames)
    with pytest.raises(OutputError, match="already exist; --force"):
        write(tmp_path / "%d.png", frames)
    write(tmp_path / "%d.png", frames[:2], force=True)
    assert names(tmp_path) == ["1.png", "2.png", "animation.json", "keep.txt"]


def test_pictures_keep_palette_and_indices(tmp_path: Path) -> None:
    frame = indexed_clip(transparent=False)[0]
    write(tmp_path / "%d.png", [frame])
    with Image.open(tmp_path / "1.png") as image:
        assert np.array_equal(np.asarray(image), frame.indices)

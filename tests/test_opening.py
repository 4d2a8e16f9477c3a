"""Opening: whatever people have becomes an animation, and comes back from a pickle."""

from __future__ import annotations

import os
import pickle
import threading
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import steadyhue as sh
from clips import indexed_clip
from steadyhue.formats import open_animation, open_sink

NAMES = ["clip.gif", "clip.png", "clip.webp", "clip.npy", "clip.mkv", "frames/%02d.png"]


def saved(folder: Path, name: str) -> str:
    path = folder / name
    with open_sink(path, 53, 37) as sink:
        for frame in indexed_clip():
            sink.write(frame)
    return str(path)


def pictures(clip: sh.Animation) -> list[tuple[bytes, float]]:
    return [(frame.rgba().tobytes(), frame.duration) for frame in clip]


@pytest.mark.parametrize("name", NAMES)
def test_a_clip_from_a_file_comes_back_from_a_pickle(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path, name)
    for clip in (open_animation(path), sh.open(path, every=2, width=20)):
        copy = pickle.loads(pickle.dumps(clip))
        assert (copy.size, copy.n_frames, copy.loop) == (clip.size, clip.n_frames, clip.loop)
        assert pictures(copy) == pictures(clip)


@pytest.mark.parametrize("name", NAMES[:-1])
def test_bytes_files_and_pipes_are_read_like_paths(tmp_path: Path, name: str) -> None:
    path = Path(saved(tmp_path, name))
    expected = pictures(open_animation(path))
    data = path.read_bytes()
    assert pictures(open_animation(data)) == expected
    assert pictures(open_animation(bytearray(data))) == expected
    assert pictures(open_animation(BytesIO(data))) == expected
    clip = pickle.loads(pickle.dumps(open_animation(data)))
    assert pictures(clip) == expected
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    threading.Thread(target=lambda: fifo.write_bytes(data), daemon=True).start()
    clip = open_animation(fifo)
    assert pictures(clip) == expected
    assert pictures(clip) == expected  # read once, and kept


def test_pillow_images_are_clips(tmp_path: Path) -> None:
    path = saved(tmp_path, "clip.webp")
    with Image.open(path) as image:
        assert pictures(open_animation(image)) == pictures(open_animation(path))
    still = Image.new("RGB", (5, 4), "red")
    assert [frame.duration for frame in open_animation(still)] == [0.0]
    assert open_animation([still, still]).n_frames == 2
    with pytest.raises(sh.FormatError, match="one size"):
        open_animation([still, Image.new("RGB", (4, 4))])


def test_arrays_in_a_list_are_pictures_of_one_size() -> None:
    picture = np.zeros((4, 6, 3), np.uint8)
    assert open_animation([picture] * 3).n_frames == 3
    assert [frame.duration for frame in sh.open([picture] * 2, fps=20)] == [50.0, 50.0]
    with pytest.raises(sh.FormatError, match="one size"):
        open_animation([picture, picture[1:]])
    with pytest.raises(sh.FormatError, match="each array is one picture"):
        open_animation([np.zeros((2, 4, 6, 3), np.uint8)])


@pytest.mark.parametrize("thing", [7, None, [], [7], {"a": 1}, object()])
def test_what_has_no_pictures_is_refused_in_one_sentence(thing: object) -> None:
    with pytest.raises(sh.OptionError, match="cannot be opened as an animation: give a path"):
        open_animation(thing)


def test_an_animation_is_taken_as_it_is_or_cut_once_more(tmp_path: Path) -> None:
    clip = open_animation(saved(tmp_path, "clip.gif"))
    assert open_animation(clip) is clip
    cut = sh.open(clip, every=2, width=20)
    assert cut.size == (20, 14)
    assert len(list(cut)) == 3


def test_clips_have_a_length_and_parts(tmp_path: Path) -> None:
    clip = open_animation(saved(tmp_path, "clip.gif"))
    frames = list(clip)
    assert len(clip) == 6
    assert clip[2].rgba().tobytes() == frames[2].rgba().tobytes()
    assert clip[-1].rgba().tobytes() == frames[-1].rgba().tobytes()
    part = clip[1:-1:2]
    assert len(part) == 2
    assert pictures(part) == [pictures(clip)[1], pictures(clip)[3]]
    assert pictures(pickle.loads(pickle.dumps(part))) == pictures(part)
    with pytest.raises(IndexError, match="no frame 6"):
        clip[6]
    with pytest.raises(IndexError, match="no frame -7"):
        clip[-7]
    with pytest.raises(ValueError, match="runs forward"):
        clip[::-1]


def test_a_clip_of_unknown_length_says_so(tmp_path: Path) -> None:
    clip = sh.open(saved(tmp_path, "clip.gif"), fps=7)
    assert clip
    with pytest.raises(TypeError, match="is not known beforehand"):
        len(clip)
    assert len(list(clip[1:3])) == 2
    assert clip[0].duration == pytest.approx(1000 / 7)

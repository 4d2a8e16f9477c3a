"""Opening: whatever people have becomes an animation, and comes back from a pickle."""

from __future__ import annotations

import os
import pickle
import threading
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryFile
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

import steadyhue as sh
from clips import DURATIONS, indexed_clip
from steadyhue.formats import open_animation, open_sink
from steadyhue.unfinished import UNFINISHED, discard_unfinished

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


@pytest.fixture
def spools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files."""
    folder = tmp_path / "spools"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_a_stream_outlives_its_animation_and_leaves_nothing(tmp_path: Path, spools: Path) -> None:
    data = Path(saved(tmp_path, "clip.gif")).read_bytes()
    # Nothing but the loop holds the animation.
    assert [frame.duration for frame in open_animation(BytesIO(data))] == DURATIONS
    pickled = pickle.dumps(open_animation(BytesIO(data)))
    result = pickle.dumps(sh.quantize(BytesIO(data), 4))
    assert not list(spools.iterdir())
    assert UNFINISHED == []
    assert pictures(pickle.loads(pickled)) == pictures(open_animation(data))
    assert len(list(pickle.loads(result))) == len(DURATIONS)


def test_what_a_stream_held_is_removed_when_the_program_is_told_to_end(
    tmp_path: Path, spools: Path
) -> None:
    clip = open_animation(BytesIO(Path(saved(tmp_path, "clip.gif")).read_bytes()))
    assert len(list(spools.iterdir())) == 1
    discard_unfinished()
    assert not list(spools.iterdir())
    UNFINISHED.clear()
    del clip


def test_an_endless_stream_stops_at_its_limit(spools: Path) -> None:
    class Endless:
        name = "tap"
        begun = False

        def read(self, count: int) -> bytes:
            head, self.begun = b"" if self.begun else b"GIF89a", True
            return head + bytes(count - len(head))

    with pytest.raises(sh.LimitError, match="tap: a stream of over 3000000 bytes is not read"):
        open_animation(Endless(), limits=sh.Limits(stream=3_000_000))
    assert not list(spools.iterdir())


def test_a_stream_takes_at_most_half_of_the_room_there_is(
    spools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(sh.LimitError, match="spools has too little room to keep it"):
        open_animation(BytesIO(b"GIF89a" + bytes(500)))
    assert not list(spools.iterdir())


def test_a_pipe_that_gives_little_at_a_time_is_read_whole(tmp_path: Path) -> None:
    data = Path(saved(tmp_path, "clip.gif")).read_bytes()

    class Slow(BytesIO):
        def read(self, count: int | None = -1) -> bytes:
            return super().read(min(count or 1, 7))

    assert pictures(open_animation(Slow(data))) == pictures(open_animation(data))


def test_a_file_open_as_text_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = Path(saved(tmp_path, "clip.gif"))
    with path.open() as file, pytest.raises(sh.OptionError, match=r"clip\.gif: .* mode 'rb'"):
        open_animation(file)
    with path.open("rb") as file:
        pass
    with pytest.raises(sh.OptionError, match=r"clip\.gif: is closed"):
        open_animation(file)
    with pytest.raises(sh.OptionError, match="file: .* mode 'rb'"):
        open_animation(StringIO("GIF89a"))
    with (tmp_path / "new").open("wb") as file, pytest.raises(sh.OptionError, match="for reading"):
        open_animation(file)


def test_messages_name_the_open_file(tmp_path: Path) -> None:
    path = tmp_path / "notes.gif"
    path.write_text("hello")
    with path.open("rb") as file, pytest.raises(sh.FormatError, match=r"notes\.gif: not a picture"):
        open_animation(file)
    with TemporaryFile() as file, pytest.raises(sh.FormatError, match="^file: the file is empty"):
        open_animation(file)


@pytest.mark.parametrize(
    ("given", "said"),
    [(7, "gives int instead of bytes"), (None, "blocking"), (OSError(5, "gone"), "read: gone")],
)
def test_a_stream_that_breaks_is_told_in_one_sentence(given: object, said: str) -> None:
    class Broken:
        def read(self, count: int) -> object:
            if isinstance(given, Exception):
                raise given
            return given

    with pytest.raises(sh.SteadyhueError, match=f"^file: [^\n]*{said}$"):
        open_animation(Broken())


def test_a_cut_past_the_end_is_an_error(tmp_path: Path) -> None:
    clip = sh.open(saved(tmp_path, "clip.gif"), start=1e9)
    with pytest.raises(sh.FormatError, match=r"clip\.gif: is over before 1e\+06 s"):
        list(clip)


def test_limits_are_limits(tmp_path: Path) -> None:
    path = saved(tmp_path, "clip.gif")
    for thing in (3, {}, "many"):
        with pytest.raises(sh.OptionError, match="limits must be a steadyhue.Limits"):
            sh.open(path, limits=thing)
    for bad in ({"canvas": "x"}, {"frames": 0}, {"total": None}, {"stream": 1.5}):
        with pytest.raises(sh.OptionError, match=f"^{next(iter(bad))} must be"):
            sh.Limits(**bad)


def test_a_matte_may_be_named(tmp_path: Path) -> None:
    path = saved(tmp_path, "clip.gif")
    assert pictures(sh.open(path, matte="red")) == pictures(sh.open(path, matte=[255, 0, 0]))
    with pytest.raises(sh.OptionError, match="^matte: 'reddish' is not a color"):
        sh.open(path, matte="reddish")


def test_pillow_images_are_clips(tmp_path: Path) -> None:
    path = saved(tmp_path, "clip.webp")
    with Image.open(path) as image:
        assert pictures(open_animation(image)) == pictures(open_animation(path))
    with Image.open(path) as image:
        image.seek(2)
        open_animation(image)
        assert image.tell() == 2  # left as it was found
    still = Image.new("RGB", (5, 4), "red")
    assert [frame.duration for frame in open_animation(still)] == [0.0]
    assert open_animation([still, still]).n_frames == 2
    with pytest.raises(sh.FormatError, match="one size"):
        open_animation([still, Image.new("RGB", (4, 4))])


@pytest.mark.parametrize("loop", [0, 1, 3])
@pytest.mark.parametrize("suffix", ["gif", "png", "webp"])
def test_pillow_images_play_as_often_as_their_files(tmp_path: Path, suffix: str, loop: int) -> None:
    path = tmp_path / f"clip.{suffix}"
    with open_sink(path, 53, 37, loop=loop) as sink:
        for frame in indexed_clip():
            sink.write(frame)
    with Image.open(path) as image:
        assert open_animation(image).loop == open_animation(path).loop == loop


def test_pillow_images_over_the_limits_are_not_decoded() -> None:
    with pytest.raises(sh.LimitError, match="30x20 is over the limit of 599"):
        sh.open(Image.new("RGB", (30, 20)), limits=sh.Limits(canvas=599))
    with pytest.raises(sh.LimitError, match="images: .* over the limit of 10"):
        sh.open([Image.new("L", (2, 2))] * 3, limits=sh.Limits(total=10))
    with pytest.raises(sh.FormatError, match="image: has no pixels"):
        sh.open(Image.new("RGB", (0, 0)))


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
    assert clip[np.int64(2)].duration == frames[2].duration
    for other in (1.0, "x", None):
        with pytest.raises(TypeError, match="counted in whole numbers"):
            clip[other]  # type: ignore[call-overload]
    with pytest.raises(ValueError, match="runs forward"):
        clip[::-1]


def test_a_clip_of_unknown_length_says_so(tmp_path: Path) -> None:
    clip = sh.open(saved(tmp_path, "clip.gif"), fps=7)
    assert clip
    with pytest.raises(TypeError, match="is not known beforehand"):
        len(clip)
    assert len(list(clip[1:3])) == 2
    assert clip[0].duration == pytest.approx(1000 / 7)

"""Adapting: one function cuts, rates, resizes and limits whatever a reader returns."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from clips import indexed_clip
from steadyhue.errors import LimitError
from steadyhue.formats import Limits, Raster, Timing, open_sink
from steadyhue.formats.adapt import adapt
from steadyhue.formats.source import Source, as_it_is
from steadyhue.frame import Frame

ITEMS = [(level, 50.0) for level in (10, 20, 30, 40)]


class Converted:
    """Makes pixels of a level, and remembers of which."""

    def __init__(self) -> None:
        self.levels: list[int] = []

    def __call__(self, level: int) -> np.ndarray:
        self.levels.append(level)
        return np.full((4, 6, 3), level, np.uint8)


def source(pixels: Converted, *, timed: bool = True) -> Source:
    return Source("clip", 6, 4, partial(as_it_is, ITEMS), pixels, n_frames=4, timed=timed)


def shown(timing: Timing, pixels: Converted, *, timed: bool = True) -> list[tuple[int, float]]:
    clip = adapt(source(pixels, timed=timed), timing, Raster(), Limits())
    return [(int(frame.rgba()[0, 0, 0]), frame.duration) for frame in clip]


def test_what_is_left_out_is_not_converted() -> None:
    pixels = Converted()
    assert shown(Timing(start=50, every=2), pixels) == [(20, 100), (40, 50)]
    assert pixels.levels == [20, 40]


def test_what_is_repeated_is_converted_once() -> None:
    pixels = Converted()
    assert shown(Timing(fps=40), pixels) == [(level, 25) for level, _ in ITEMS for _ in "ab"]
    assert pixels.levels == [10, 20, 30, 40]


def test_pictures_with_the_same_pixels_are_one() -> None:
    items = [(level, 50.0) for level in (10, 10, 20, 10)]
    same = replace(source(Converted()), items=partial(as_it_is, items))
    first, second, third, fourth = adapt(same, Timing(), Raster(), Limits())
    assert second.ids is first.ids
    assert third.ids is not second.ids
    assert fourth.ids is not third.ids


def test_a_picture_drawn_over_in_its_memory_is_another() -> None:
    canvas = np.zeros((4, 6, 3), np.uint8)

    def drawn(level: int) -> np.ndarray:
        canvas[:] = level
        return canvas[:]

    clip = adapt(replace(source(Converted()), pixels=drawn), Timing(), Raster(), Limits())
    assert [int(frame.rgba()[0, 0, 0]) for frame in clip] == [10, 20, 30, 40]


def test_items_without_times_come_at_the_rate_that_is_asked_for() -> None:
    assert shown(Timing(), Converted(), timed=False) == [(level, 100) for level, _ in ITEMS]
    assert shown(Timing(fps=50), Converted(), timed=False) == [(level, 20) for level, _ in ITEMS]


def test_the_number_of_frames_is_known_while_none_is_chosen() -> None:
    for timing, n_frames in ((Timing(), 4), (Timing(every=2), None), (Timing(fps=10), None)):
        assert adapt(source(Converted()), timing, Raster(), Limits()).n_frames == n_frames


def test_frames_pass_as_they_are_unless_size_or_matte_ask_for_more() -> None:
    frame = Frame.from_array(np.zeros((4, 6, 4), np.uint8), 30.0)
    made = replace(
        source(Converted()), items=partial(as_it_is, [(frame, 30.0)]), pixels=as_it_is, n_frames=1
    )
    (same,) = adapt(made, Timing(), Raster(), Limits())
    assert same is frame
    (small,) = adapt(made, Timing(), Raster(width=3, matte=(9, 9, 9)), Limits())
    assert (small.width, small.has_transparency, small.duration) == (3, False, 30.0)


def test_a_source_over_the_limits_is_refused_before_it_is_read() -> None:
    pixels = Converted()
    for limits in (Limits(canvas=23), Limits(frames=3), Limits(total=95)):
        with pytest.raises(LimitError, match="^clip: "):
            adapt(source(pixels), Timing(), Raster(), limits)
    assert not pixels.levels


def test_an_adapted_source_comes_back_from_a_pickle() -> None:
    clip = adapt(source(Converted()), Timing(every=2), Raster(width=3), Limits())
    copy = pickle.loads(pickle.dumps(clip))
    for ours, theirs in zip(clip, copy, strict=True):
        assert np.array_equal(ours.rgba(), theirs.rgba())


@pytest.mark.parametrize("code", ["import steadyhue.formats", "steadyhue.open({path!r})[0]"])
def test_what_a_file_does_not_need_is_not_imported(tmp_path: Path, code: str) -> None:
    path = tmp_path / "clip.gif"
    with open_sink(path, 53, 37) as sink:
        for frame in indexed_clip():
            sink.write(frame)
    heavy = {"av", "PIL", "tempfile", "zipfile", "steadyhue.formats.video"}
    script = (
        f"import sys, steadyhue\n{code.format(path=str(path))}\n"
        f"print(*sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""

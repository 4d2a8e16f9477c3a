"""Results: lazy, and each pass over one is its own."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import steadyhue as sh
from clips import indexed_clip
from steadyhue.formats import open_sink


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with open_sink(tmp_path / "clip.gif", 53, 37) as sink:
        for frame in indexed_clip():
            sink.write(frame)
    return tmp_path / "clip.gif"


def pictures(result: sh.Result) -> list[bytes]:
    return [frame.rgba().tobytes() for frame in result]


@pytest.mark.parametrize("mode", ["independent", "seeded", "steady", "global"])
def test_two_passes_at_once_are_both_right(path: Path, mode: str) -> None:
    result = sh.quantize(path, 5, mode=mode)  # type: ignore[arg-type]
    expected = pictures(result)
    pairs = [(a.rgba().tobytes(), b.rgba().tobytes()) for a, b in zip(result, result, strict=True)]
    assert pairs == [(one, one) for one in expected]
    assert len(result.report) == len(expected)


def test_passes_in_threads_are_all_right(path: Path) -> None:
    for result in (sh.quantize(path, 5), sh.transfer(path, "#102030,#a0b0c0,#fff", 5)):
        expected = pictures(result)
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(pictures, [result] * 4)) == [expected] * 4


def test_the_report_is_that_of_the_latest_pass_so_far(path: Path) -> None:
    result = sh.quantize(path, 5)
    assert result.report == []
    for count, _ in enumerate(result, 1):
        assert len(result.report) == count
    again = iter(result)
    next(again)
    assert len(result.report) == 1


def test_a_map_is_known_from_the_first_frame_on(path: Path) -> None:
    result = sh.transfer(path, "#102030,#a0b0c0,#fff", 5)
    assert result.map is None
    next(iter(result))
    assert result.map is not None
    known = sh.transfer(path, palette_map=result.map)
    assert known.map is result.map
    assert pictures(known) == pictures(result)


def test_results_pickle_with_what_they_found(path: Path) -> None:
    for result in (sh.quantize(path, 5), sh.transfer(path, "#102030,#a0b0c0,#fff", 5)):
        expected = pictures(result)
        copy = pickle.loads(pickle.dumps(result))
        assert len(copy.report) == len(result.report)
        assert pictures(copy) == expected


def test_an_open_file_takes_the_result(path: Path) -> None:
    result = sh.quantize(path, 5)
    result.save(path.with_name("out.gif"))
    file = BytesIO()
    result.save(file)
    assert file.getvalue() == path.with_name("out.gif").read_bytes()


def test_what_people_have_is_quantized_alike(path: Path) -> None:
    expected = pictures(sh.quantize(path, 5))
    for source in (str(path), path.read_bytes(), sh.open(path)):
        assert pictures(sh.quantize(source, 5)) == expected
    with path.open("rb") as file:
        assert pictures(sh.quantize(file, 5)) == expected
    frames = np.stack([frame.rgba() for frame in sh.open(path)])
    expected = pictures(sh.quantize(sh.Animation.from_arrays(frames), 5))
    for source in (frames, list(frames), [Image.fromarray(frame) for frame in frames]):
        assert pictures(sh.quantize(source, 5)) == expected

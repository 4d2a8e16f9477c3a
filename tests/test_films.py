"""Long clips in parts: the file is, byte for byte, the one that a single process makes."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import steadyhue as sh
from steadyhue.batches.api import work_of
from steadyhue.batches.batch import Batch
from steadyhue.batches.engines.here import Here
from steadyhue.batches.engines.local import Local
from steadyhue.batches.films.chunks import collated
from steadyhue.batches.films.reel import read_reel, write_reel
from steadyhue.batches.films.survey import LEAD
from steadyhue.batches.work import Work
from steadyhue.cuts import REACH, marked
from steadyhue.formats import Raster, Timing
from steadyhue.formats.parts import Layout, frames_of, indexed_layout, laid_out
from steadyhue.frame import Animation
from steadyhue.settings import Settings

SHOTS = (30, 3, 40, 1, 1, 20, 45, 2, 15, 20)
"""Frames of each shot, 177 together."""


def pictures() -> Iterator[np.ndarray]:
    """Shots of drifting blobs on flat areas, some noise, in colors of their own."""
    rng = np.random.default_rng(3)
    for frames in SHOTS:
        ground = rng.integers(0, 256, (3, 4, 3)).repeat(8, axis=0).repeat(8, axis=1)
        color = rng.integers(0, 256, 3)
        for number in range(frames):
            picture = ground.copy()
            left = number // 2 % 24
            picture[8:16, left : left + 8] = color
            picture[:4] += rng.integers(-3, 4, (4, 32, 3))
            yield np.clip(picture, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The film as files: a stack, a GIF, and a video with a key frame now and then."""
    av = pytest.importorskip("av", reason="needs the extra video")
    folder = tmp_path_factory.mktemp("film")
    frames = list(pictures())
    np.save(folder / "film.npy", np.stack(frames))
    sh.quantize(np.stack(frames), 200, mode="global").save(folder / "film.gif")
    with av.open(str(folder / "film.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv444p"
        stream.options = {"g": "17", "bf": "3", "crf": "12"}
        for picture in frames:
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return {path.suffix[1:]: str(path) for path in folder.iterdir()}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("steadyhue.batches.films.survey.FEWEST", 20)


def batch(
    source: str, target: Path, work: Work, chunk: float | None, *, seams: bool = False
) -> Batch:
    folder = target.parent
    run = str(folder / "run")
    return Batch([(source, str(target))], work, str(folder), run, True, chunk, seams)


def whole(unit: Mapping[str, Any]) -> dict[str, Any]:
    raise AssertionError("was made whole")


def assert_same(source: str, folder: Path, work: Work, suffix: str = "gif") -> None:
    """Check that chunks give the bytes of the whole."""
    targets = [folder / f"{name}.{suffix}" for name in ("whole", "parts")]
    (first,) = batch(source, targets[0], work, None).outcomes(Here())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("steadyhue.batches.films.film.make", whole)
        patch.setattr("steadyhue.batches.films.survey.make", whole)
        (second,) = batch(source, targets[1], work, 1.0).outcomes(Here())
    assert (first.error, second.error) == (None, None)
    assert first.frames == second.frames
    assert targets[0].read_bytes() == targets[1].read_bytes()
    assert not list((folder / "run" / "films").iterdir())


@pytest.mark.parametrize("kind", ["npy", "gif", "mp4"])
@pytest.mark.parametrize("suffix", ["gif", "png", "npy"])
def test_chunks_give_the_bytes_of_the_whole(
    sources: dict[str, str], tmp_path: Path, kind: str, suffix: str
) -> None:
    assert_same(sources[kind], tmp_path, Work(Settings.of(6)), suffix)


@pytest.mark.parametrize(
    "options",
    [
        {"mode": "seeded"},
        {"mode": "independent", "keep": "red,#010203"},
        {"mode": "global"},
        {"mode": "global", "dither": "floyd-steinberg", "keep": "red"},
        {"palette": "#000,#888,#fff,#f00", "dither": "blue-noise"},
        {"dither": "bayer", "space": "oklab", "seed": 3},
    ],
    ids=str,
)
def test_they_do_in_every_mode(
    sources: dict[str, str], tmp_path: Path, options: dict[str, Any]
) -> None:
    assert_same(sources["mp4"], tmp_path, Work(Settings.of(**options)))


@pytest.mark.parametrize(
    "work",
    [
        Work(Settings.of(4), Timing(start=333, duration=6_000, fps=24)),
        Work(Settings.of(4), Timing(fps=60)),
        Work(Settings.of(4, mode="seeded"), raster=Raster(width=20)),
    ],
    ids=["cut", "repeated", "smaller"],
)
@pytest.mark.parametrize("kind", ["mp4", "npy"])
def test_they_do_with_every_choice_of_frames(
    sources: dict[str, str], tmp_path: Path, work: Work, kind: str
) -> None:
    assert_same(sources[kind], tmp_path, work)


def test_they_do_on_several_processes(sources: dict[str, str], tmp_path: Path) -> None:
    work, source = Work(Settings.of(4, mode="seeded")), tmp_path / "film.npy"
    np.save(source, np.tile(np.load(sources["npy"]), (3, 1, 1, 1)))  # long, without the fixture
    for name, chunk, engine in (("whole.gif", None, Here()), ("parts.gif", 5.0, Local(2))):
        (outcome,) = batch(str(source), tmp_path / name, work, chunk).outcomes(engine)
        assert outcome.error is None
    assert (tmp_path / "parts.gif").read_bytes() == (tmp_path / "whole.gif").read_bytes()
    assert (tmp_path / "run" / "films").exists()


def test_a_transfer_is_shared_out_where_it_can_be(sources: dict[str, str], tmp_path: Path) -> None:
    for mode in ("steady", "global"):
        outs = [tmp_path / mode / name for name in ("whole.gif", "parts.gif")]
        for out, chunk in zip(outs, (None, 2.0), strict=True):
            options = {"colors": 5, "mode": mode}
            work = work_of(options, "#123,#e94,#fff8e0")
            out.parent.mkdir(exist_ok=True)
            (outcome,) = batch(sources["npy"], out, work, chunk).outcomes(Here())
            assert outcome.error is None
        assert outs[0].read_bytes() == outs[1].read_bytes()


def test_chunks_that_are_there_are_not_made_again(
    sources: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    work, target = Work(Settings.of(6)), tmp_path / "film.gif"
    with monkeypatch.context() as patch:
        patch.setattr("steadyhue.batches.films.film.merge", broken)
        (outcome,) = batch(sources["npy"], target, work, 1.0).outcomes(Here(), tries=1)
        assert "Input/output error" in str(outcome.error)
    assert not target.exists()
    monkeypatch.setattr("steadyhue.batches.films.render.write_reel", broken)
    (outcome,) = batch(sources["npy"], target, work, 1.0).outcomes(Here(), tries=1)
    assert (outcome.error, outcome.frames) == (None, sum(SHOTS))


def test_a_clip_that_is_not_as_it_says_is_made_whole(
    sources: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(_: object) -> None:
        raise sh.FormatError("its frames are not those that its index tells of")

    work = Work(Settings.of(4, mode="seeded"))
    (first,) = batch(sources["mp4"], tmp_path / "whole.gif", work, None).outcomes(Here())
    monkeypatch.setattr("steadyhue.batches.films.film.render", wrong)
    (second,) = batch(sources["mp4"], tmp_path / "parts.gif", work, 1.0).outcomes(Here())
    assert (first.error, second.error) == (None, None)
    assert (tmp_path / "parts.gif").read_bytes() == (tmp_path / "whole.gif").read_bytes()


@pytest.mark.parametrize("kind", ["npy", "gif", "mp4"])
def test_any_part_has_the_frames_of_the_whole(sources: dict[str, str], kind: str) -> None:
    frames = Work(Settings.of(4), Timing(every=2)).frames(sources[kind], sources[kind])
    whole = [(frame.rgba().tobytes(), frame.duration) for frame in frames()]
    layout = indexed_layout(frames) or Layout([pick for pick, _ in laid_out(frames)])
    assert (layout.index is not None) == (kind == "mp4")
    assert len(layout.picks) == len(whole)
    for start, stop in [(0, 1), (17, 40), (60, 61), (80, len(whole))]:
        part = [
            (f.rgba().tobytes(), f.duration) for f in frames_of(frames, layout.part(start, stop))
        ]
        assert part == whole[start:stop]


def test_a_part_that_is_not_as_the_index_says_is_refused(sources: dict[str, str]) -> None:
    frames = Work(Settings.of(4)).frames(sources["mp4"], sources["mp4"])
    layout = indexed_layout(frames)
    assert layout is not None
    assert layout.index is not None
    layout.index.times[100] += 1
    with pytest.raises(sh.FormatError, match="are not those that its index tells of"):
        list(frames_of(frames, layout.part(90, 110)))


def strobe(codes: list[int]) -> list[np.ndarray]:
    """Small pictures of a few kinds, of which some resemble each other."""
    rng = np.random.default_rng(0)
    kinds = rng.integers(0, 256, (4, 3, 4, 3)).repeat(8, axis=1).repeat(8, axis=2)
    return [kinds[code].astype(np.uint8) for code in codes]


@given(st.lists(st.integers(0, 3), min_size=2, max_size=40), st.integers(1, 12))
def test_cuts_are_found_in_any_slices(codes: list[int], step: int) -> None:
    clip = Animation.from_arrays(strobe(codes))
    whole = [number for number, (_, cut) in enumerate(marked(clip)) if cut]
    found = []
    for start in range(0, len(codes), step):
        stop = min(start + step, len(codes))
        first = max(0, start - LEAD)
        part = list(clip)[first : stop + REACH]
        found += [
            number
            for number, (_, cut) in enumerate(marked(part), first)
            if cut and start <= number < stop
        ]
    assert found == whole


@given(
    st.lists(st.floats(0, 500), min_size=1, max_size=60),
    st.sets(st.integers(1, 59)),
    st.floats(1, 3000),
)
def test_chunks_are_whole_shots_and_nothing_is_missing(
    durations: list[float], cuts: set[int], chunk: float
) -> None:
    at = sorted(cut for cut in cuts if cut < len(durations))
    chunks = collated(at, durations, chunk)
    assert [start for start, _ in chunks] == [0, *(stop for _, stop in chunks[:-1])]
    assert chunks[-1][1] == len(durations)
    assert {start for start, _ in chunks[1:]} <= set(at)
    assert all(sum(durations[a:b]) >= chunk - 1e-6 for a, b in chunks[:-1])


def test_a_reel_gives_back_what_it_got(tmp_path: Path) -> None:
    result = sh.quantize(np.stack([next(pictures()) for _ in range(3)]), 4)
    frames = list(result)
    written = list(zip(frames, result.report, strict=True))
    assert write_reel(tmp_path / "a.reel", iter(written)) == 3
    for (frame, report), (before, told) in zip(
        read_reel(tmp_path / "a.reel"), written, strict=True
    ):
        assert frame.indices.tobytes() == before.indices.tobytes()
        assert frame.palette.tobytes() == before.palette.tobytes()
        assert (frame.duration, frame.transparent) == (before.duration, before.transparent)
        assert json.dumps(report.to_dict()) == json.dumps(told.to_dict())

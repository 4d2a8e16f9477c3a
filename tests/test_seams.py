"""A shot that is too long for one process: planned as a whole, rendered in parts, measured at seams."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import steadyhue as sh
from steadyhue.batches.batch import Batch
from steadyhue.batches.engines.here import Here
from steadyhue.batches.films.chunks import borders, collated, endless, parted
from steadyhue.batches.films.counts import read_histograms, write_histograms
from steadyhue.batches.films.plan import read_steps, within_shot, write_steps
from steadyhue.batches.work import Work
from steadyhue.metrics.difference import Colored, change
from steadyhue.modes import planner
from steadyhue.pipeline import counted
from steadyhue.settings import Settings


def film(path: Path, noise: int) -> Path:
    """One shot of 300 frames, 30 seconds: a ball before a shaded wall, with the noise of a camera."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[:48, :64]
    wall = np.stack([60 + 2 * x, 90 + y + x, 160 - y], axis=2)
    frames = np.empty((300, 48, 64, 3), np.uint8)
    for number, frame in enumerate(frames):
        picture = wall + rng.integers(-noise, noise + 1, wall.shape)
        ball = (x - 32 - 20 * np.cos(number / 17)) ** 2 + (y - 24 - 12 * np.sin(number / 23)) ** 2
        picture[ball < 60] = (220, 60 + number // 3, 40)
        frame[...] = np.clip(picture, 0, 255)
    np.save(path, frames)
    return path


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("shot") / "shot.npy", 0)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("steadyhue.batches.films.survey.FEWEST", 20)


def batch(source: Path, target: Path, work: Work, chunk: float | None, seams: bool = True) -> Batch:
    folder = str(target.parent)
    return Batch([(str(source), str(target))], work, folder, f"{folder}/run", False, chunk, seams)


def made(source: Path, target: Path, work: Work, chunk: float | None) -> sh.Outcome:
    (outcome,) = batch(source, target, work, chunk).outcomes(Here())
    assert outcome.error is None
    return outcome


@pytest.mark.parametrize(
    ("options", "noise", "most"),
    [({}, 0, 0.002), ({"dither": "blue-noise"}, 0, 0.01), ({"keep": "red"}, 1, 0.02)],
    ids=str,
)
def test_seams_hold_still_and_are_told_as_they_are_measured(
    tmp_path: Path, options: dict[str, Any], noise: int, most: float
) -> None:
    work, shot = Work(Settings.of(6, **options)), film(tmp_path / "in.npy", noise)
    made(shot, tmp_path / "whole.gif", work, None)
    outcome = made(shot, tmp_path / "parts.gif", work, 5.0)
    assert (len(outcome.seams), outcome.frames) == (5, 300)
    source, whole, parts = (
        list(sh.open(path)) for path in (shot, tmp_path / "whole.gif", tmp_path / "parts.gif")
    )
    assert [f.duration for f in whole] == [f.duration for f in parts]
    for number, share in outcome.seams:
        before = (number - 1, number)
        of_parts, of_whole = (
            change(*(Colored.of(clip[n]) for clip in (source, made) for n in before)).still
            for made in (parts, whole)
        )
        assert share == pytest.approx(of_parts.changed / of_parts.pixels)
        assert share <= of_whole.changed / of_whole.pixels + most


def test_a_pattern_of_diffused_errors_is_never_parted(shot: Path, tmp_path: Path) -> None:
    work = Work(Settings.of(6, mode="global", dither="floyd-steinberg"))
    made(shot, tmp_path / "whole.gif", work, None)
    assert made(shot, tmp_path / "parts.gif", work, 5.0).seams == ()
    assert (tmp_path / "whole.gif").read_bytes() == (tmp_path / "parts.gif").read_bytes()


@pytest.mark.parametrize("mode", ["seeded", "independent", "global"])
def test_without_labels_that_remember_the_bytes_are_those_of_the_whole(
    shot: Path, tmp_path: Path, mode: Any
) -> None:
    work = Work(Settings.of(4, mode=mode))
    made(shot, tmp_path / "whole.gif", work, None)
    assert made(shot, tmp_path / "parts.gif", work, 4.0).seams
    assert (tmp_path / "whole.gif").read_bytes() == (tmp_path / "parts.gif").read_bytes()


def test_the_record_tells_of_seams_and_of_what_parts_they_are(shot: Path, tmp_path: Path) -> None:
    work, target = Work(Settings.of(4)), tmp_path / "out.gif"
    outcome = made(shot, target, work, 10.0)
    (record,) = [json.loads(p.read_text()) for p in (tmp_path / "run").rglob("*.json")]
    assert record["seams"] == [[number, round(share, 6)] for number, share in outcome.seams]
    assert made(shot, target, work, 10.0).kept
    assert not made(shot, target, work, 5.0).kept
    assert not made(shot, target, work, None).kept
    assert made(shot, target, work, 5.0).kept, "what is exact serves whoever allows seams"


def test_a_shot_is_never_parted_if_that_is_refused(shot: Path, tmp_path: Path) -> None:
    work = Work(Settings.of(4))
    made(shot, tmp_path / "whole.gif", work, None)
    (outcome,) = batch(shot, tmp_path / "parts.gif", work, 5.0, seams=False).outcomes(Here())
    assert (outcome.error, outcome.seams) == (None, ())
    assert (tmp_path / "whole.gif").read_bytes() == (tmp_path / "parts.gif").read_bytes()
    with pytest.raises(sh.OptionError, match="seams has no effect without chunk"):
        sh.batch([str(shot)], str(tmp_path), 4, seams=False)


def test_counts_and_steps_come_back_to_the_bit(shot: Path, tmp_path: Path) -> None:
    chosen = within_shot(planner(Settings.of(5, keep="red"), ()))
    clip = sh.Animation.from_arrays(np.load(shot)[:20])
    histograms = [histogram for _, histogram, _ in counted(clip, chosen)]
    write_histograms(tmp_path / "a.counts", histograms)
    steps = list(chosen(iter(histograms)))
    write_steps(tmp_path / "a.steps", steps)
    for step, again, back in zip(
        steps,
        chosen(read_histograms(tmp_path / "a.counts")),
        read_steps(tmp_path / "a.steps"),
        strict=True,
    ):
        for other in (again, back):
            assert np.array_equal(step.palette, other.palette)
            assert (step.cut, step.relocated) == (other.cut, other.relocated)
            assert (step.n_iter, step.unit) == (other.n_iter, other.unit)


durations = st.lists(st.floats(1, 500), min_size=2, max_size=80)


@given(durations, st.sets(st.integers(1, 79)), st.floats(1, 3000))
def test_chunks_and_parts_of_long_shots_are_the_clip(
    times: list[float], cuts: set[int], chunk: float
) -> None:
    at = sorted(cut for cut in cuts if cut < len(times))
    long = endless(at, times, chunk)
    spans = collated(at, times, chunk, long)
    assert set(long) <= set(spans)
    assert all(sum(times[a:b]) >= 2 * chunk - 1e-6 for a, b in long)
    frames = []
    for span in spans:
        windows = borders(span, times, chunk) if span in long else []
        assert all(span[0] < low < high <= span[1] for low, high in windows)
        assert all(a[1] <= b[0] for a, b in pairwise(windows))
        for part in parted(span, [low for low, _ in windows]):
            frames += range(part.start, part.stop)
            assert span[0] <= part.rendered[0] <= part.start
            assert part.stop <= part.rendered[1] <= span[1]
            assert part.seam == (part.start > span[0])
    assert frames == list(range(len(times)))

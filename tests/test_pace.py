"""Time on screen holds, whatever a format's clock can say."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from steadyhue.api import quantize
from steadyhue.errors import FormatWarning
from steadyhue.formats import open_animation
from steadyhue.formats.gif.writer import CLOCKWORK
from steadyhue.formats.pace import Clockwork, Pace
from steadyhue.formats.timing import Timing
from steadyhue.frame import Animation

av = pytest.importorskip("av")


def paced(durations: list[float], *, real_times: bool = False) -> list[list[float]]:
    pace = Pace(CLOCKWORK, real_times=real_times)
    return [pace.times(duration) for duration in durations]


@given(st.lists(st.floats(0.5, 400), min_size=1, max_size=200))
def test_real_times_hold_within_a_frame(durations: list[float]) -> None:
    times = [time for frame in paced(durations, real_times=True) for time in frame]
    assert min(times) >= 2
    assert abs(10 * sum(times) - sum(durations)) <= 20 + 0.5 * len(durations[:20])


@given(st.lists(st.integers(0, 65535), max_size=50))
def test_delays_of_a_gif_stay_as_they_are(delays: list[int]) -> None:
    assert paced([10.0 * delay for delay in delays]) == [[delay] for delay in delays]


@pytest.mark.parametrize(("rate", "shown"), [(50, 120), (60, 100), (100, 60), (120, 50), (240, 25)])
def test_a_steady_rate_comes_down_to_the_most_that_can_be_seen(rate: int, shown: int) -> None:
    times = [time for frame in paced([1000 / rate] * 120, real_times=True) for time in frame]
    assert abs(len(times) - shown) <= 1
    assert abs(sum(times) - 12000 / rate) <= 2


@given(st.floats(2, 604_800))
def test_long_times_are_cut_into_parts_that_can_be_said(seconds: float) -> None:
    (parts,) = paced([seconds * 1000])
    assert sum(parts) == round(seconds * 100)
    assert all(2 <= part <= 65535 for part in parts)


@pytest.mark.parametrize("duration", [1e300, float("nan"), 604_800_001.0])
def test_over_a_week_is_refused_and_not_written_without_end(duration: float) -> None:
    with pytest.raises(ValueError, match="at most a week"):
        paced([duration])


def test_a_clock_without_units_loses_nothing() -> None:
    pace = Pace(Clockwork("a clock", unit=1, shortest=11, whole=False))
    assert [pace.times(1000 / 3) for _ in range(3)] == [[1000 / 3]] * 3


def moving(n: int) -> list[np.ndarray]:
    frames = [np.zeros((16, 64, 3), np.uint8) for _ in range(n)]
    for number, frame in enumerate(frames):
        frame[:, number % 64] = 255
    return frames


def video(path: Path, rate: int, n: int) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=rate, options={"level": "3"})
        stream.width, stream.height, stream.pix_fmt = 64, 16, "bgr0"
        for pixels in moving(n):
            picture = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="bgr0")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def length(path: Path) -> float:
    return sum(frame.duration for frame in open_animation(path))


@pytest.mark.parametrize("suffix", ["gif", "png", "webp", "mp4", "webm", "mkv"])
@pytest.mark.parametrize("rate", [50, 60, 120])
def test_a_video_keeps_its_length(rate: int, suffix: str, tmp_path: Path) -> None:
    source = video(tmp_path / "in.mkv", rate, 2 * rate)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        quantize(source, 2, mode="global").save(tmp_path / f"out.{suffix}")
    least = {"gif": 20, "png": 11, "webp": 11}.get(suffix, 0)
    assert length(tmp_path / f"out.{suffix}") == pytest.approx(2000, abs=max(20, 1000 / rate))
    assert bool(told) == (1000 / rate < least)
    if told:
        assert {warning.category for warning in told} == {FormatWarning}
        assert f"{rate} frames a second are more than a" in str(told[0].message)


def test_a_gif_of_quick_delays_comes_back_exactly(tmp_path: Path) -> None:
    delays = [0, 10, 10, 10, 20, 0, 30, 10, 10]
    clip = Animation.from_arrays(moving(9), [float(delay) for delay in delays])
    for name in ("one.gif", "two.gif"):
        quantize(clip, 2).save(tmp_path / name)
        clip = open_animation(tmp_path / name)
        assert [frame.duration for frame in clip] == delays
    assert (tmp_path / "one.gif").read_bytes() == (tmp_path / "two.gif").read_bytes()


def test_a_rate_that_is_asked_for_is_kept(tmp_path: Path) -> None:
    clip = Animation.from_arrays(moving(10), 100.0)
    with pytest.warns(FormatWarning, match="100 frames a second"):
        quantize(open_animation(clip, timing=Timing(fps=100)), 2).save(tmp_path / "out.gif")
    assert length(tmp_path / "out.gif") == 1000


@pytest.mark.parametrize(
    ("suffix", "hours"),
    [("gif", 1), ("webp", 10), ("png", 40), ("mp4", 4), ("mp4", 12), ("mov", 30), ("mkv", 12)],
)
def test_a_long_time_is_said_in_parts(suffix: str, hours: int, tmp_path: Path) -> None:
    path = tmp_path / f"out.{suffix}"
    quantize(Animation.from_arrays(moving(2), hours * 3_600_000.0), 2).save(path)
    assert length(path) == pytest.approx(2 * hours * 3_600_000, abs=1)


def test_an_animated_png_at_full_speed_becomes_a_gif_as_long(tmp_path: Path) -> None:
    pictures = [Image.fromarray(pixels) for pixels in moving(60)]
    pictures[0].save(
        tmp_path / "in.png", save_all=True, append_images=pictures[1:], duration=50 / 3
    )
    with pytest.warns(FormatWarning, match="(59|60) frames a second are more"):
        quantize(tmp_path / "in.png", 2).save(tmp_path / "out.gif")
    assert length(tmp_path / "out.gif") == pytest.approx(length(tmp_path / "in.png"), abs=20)


@pytest.mark.parametrize("suffix", ["webm", "mkv"])
def test_frames_under_a_tick_are_merged(suffix: str, tmp_path: Path) -> None:
    with pytest.warns(FormatWarning, match="4000 frames a second are more than a video can show"):
        quantize(Animation.from_arrays(moving(40), 0.25), 2).save(tmp_path / f"out.{suffix}")
    assert length(tmp_path / f"out.{suffix}") == pytest.approx(10, abs=1)

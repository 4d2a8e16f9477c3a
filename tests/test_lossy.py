"""Quality: small GIFs that every decoder shows alike, and what is promised of them."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from clips import assert_same_pixels
from corpus import files, needs_corpus
from readers import by_gifsicle, by_pillow, by_pyav, needs_gifsicle
from steadyhue.api import open as open_clip
from steadyhue.api import quantize
from steadyhue.errors import OptionError
from steadyhue.frame import Animation, IndexedFrame
from steadyhue.result import Result
from steadyhue.settings import Settings
from steadyhue.threads import set_threads
from steadyhue.thrift import Thrift

REAL = (
    "natural/intel_head_f.gif",
    "flat/httpx_rich.gif",
    "flat/party_parrot.gif",
    "flat/pillow_star.gif",
)
LADDER = (100, 95, 90, 80, 70, 60, 50, 40, 30, 20, 10, 1)


def scene(n: int = 6, height: int = 60, width: int = 80, seed: int = 0) -> NDArray[np.uint8]:
    """A soft hill under noise, a flat bar, and a square that moves: (n, height, width, 3)."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    hill = np.stack([120 + 60 * np.sin(x / 17), 90 + y, 140 + 50 * np.cos((x + y) / 23)], axis=2)
    frames = np.clip(hill + rng.normal(0, 4, (n, height, width, 3)), 0, 255).astype(np.uint8)
    frames[:, :14] = 30, 40, 50
    for t in range(n):
        frames[t, 25:45, 5 + 6 * t : 25 + 6 * t] = 220, 60, 40
    return frames


def clip(**options: Any) -> Animation:
    return Animation.from_arrays(list(scene(**options)), 50)


def saved(result: Result) -> bytes:
    out = io.BytesIO()
    result.save(out)
    return out.getvalue()


def made(source: Animation, quality: int, **options: Any) -> tuple[bytes, list[IndexedFrame]]:
    result = quantize(source, quality=quality, **options)
    return saved(result), list(result)


def with_holes() -> Animation:
    """The square is a hole, and another hole stays where it is."""
    frames = np.concatenate([scene(), np.full((6, 60, 80, 1), 255, np.uint8)], axis=3)
    frames[(frames[..., :3] == (220, 60, 40)).all(axis=3)] = 0
    frames[:, 50:, :20] = 0
    return Animation.from_arrays(list(frames), 50)


CASES: dict[str, Callable[[], tuple[bytes, list[IndexedFrame]]]] = {
    "quality 80": lambda: made(clip(), 80),
    "quality 1": lambda: made(clip(), 1),
    "four colors": lambda: made(clip(), 50, colors=4),
    "one color": lambda: made(clip(), 50, colors=1),
    "256 colors": lambda: made(clip(), 70, colors=256),
    "palettes that move": lambda: made(clip(), 60, colors=30, mode="seeded"),
    "no diffusion": lambda: made(clip(), 60, dither="none"),
    "one frame": lambda: made(clip(n=1), 60),
    "one pixel": lambda: made(Animation.from_arrays([np.zeros((1, 1, 3), np.uint8)] * 3), 60),
    "a frame that repeats": lambda: made(Animation.from_arrays([*scene(n=2), scene(n=2)[1]]), 60),
    "holes that move": lambda: made(with_holes(), 60),
    "all alike": lambda: made(Animation.from_arrays([scene(n=1)[0]] * 40), 60),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_shows_what_the_result_shows(case: str) -> None:
    data, frames = CASES[case]()
    assert_same_pixels(frames, open_clip(data))


@pytest.mark.parametrize(
    "reader", [by_pillow, by_pyav, pytest.param(by_gifsicle, marks=needs_gifsicle)]
)
@pytest.mark.parametrize("case", CASES)
def test_other_decoders_show_the_same(
    case: str, reader: Callable[[bytes, Path], list[NDArray[np.uint8]]], tmp_path: Path
) -> None:
    data, frames = CASES[case]()
    shown = reader(data, tmp_path)
    expected = [frame.rgba() for frame in frames]
    if case == "one pixel":
        expected = expected[: len(shown)]  # gifsicle keeps equal frames, others may not
    assert len(shown) == len(expected)
    for ours, theirs in zip(expected, shown, strict=True):
        assert np.array_equal(ours, np.where(theirs[..., 3:] > 0, theirs, 0))


def test_holes_stay_holes() -> None:
    source = with_holes()
    data, frames = made(source, 60)
    assert_same_pixels(frames, open_clip(data))
    for before, after in zip(source, frames, strict=True):
        assert np.array_equal(before.ids < 0, after.rgba()[..., 3] == 0)


def test_frames_that_the_clock_leaves_out_leave_no_remains() -> None:
    source = Animation.from_arrays(list(scene(n=9)), 1000 / 120)
    source.real_times = True
    result = quantize(source, quality=60)
    with pytest.warns(match="were merged"):
        data = saved(result)
    shown = [frame.rgba() for frame in result]
    back = [frame.rgba() for frame in open_clip(data)]
    assert 0 < len(back) < len(shown)
    for picture in back:
        assert any(np.array_equal(picture, candidate) for candidate in shown)


def test_lower_quality_is_never_larger() -> None:
    sizes = [len(made(clip(n=12, height=90, width=120), quality)[0]) for quality in LADDER]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0] / 3


@needs_corpus
@pytest.mark.parametrize(
    "path",
    [path for name in REAL for path in files(name)],
    ids=lambda path: path.name,
)
def test_lower_quality_of_real_clips_is_never_larger(path: Path) -> None:
    source = open_clip(path)[:12]
    sizes = [len(made(source, quality)[0]) for quality in LADDER]
    assert sizes == sorted(sizes, reverse=True)


def test_lower_quality_is_further_from_the_source() -> None:
    source = scene(n=8)
    errors = []
    for quality in (100, 70, 40, 1):
        result = quantize(Animation.from_arrays(list(source)), quality=quality)
        list(result)
        errors.append(np.mean([report.error for report in result.report]))
    assert errors == sorted(errors)


def test_the_error_reported_is_that_to_the_source() -> None:
    source = scene()
    result = quantize(Animation.from_arrays(list(source)), quality=40)
    for original, frame in zip(source, result, strict=True):
        error = ((frame.rgba()[..., :3].astype(int) - original) ** 2).sum(axis=2).mean()
        assert result.report[-1].error == pytest.approx(error)


@pytest.mark.parametrize("quality", [100, 80, 20])
def test_flat_areas_are_exact(quality: int) -> None:
    _, frames = made(clip(), quality)
    for t, frame in enumerate(frames):
        assert (frame.rgba()[:12, :, :3] == (30, 40, 50)).all()
        assert (frame.rgba()[27:43, 7 + 6 * t : 23 + 6 * t, :3] == (220, 60, 40)).all()


def test_local_means_stay() -> None:
    source = scene(n=2, height=64, width=64)[:, 14:62]
    _, frames = made(Animation.from_arrays(list(source)), 60, colors=16)
    blocks = [
        pixels.reshape(6, 8, 8, 8, 3).astype(float).mean(axis=(1, 3))
        for pixels in (source[0], frames[0].rgba()[..., :3])
    ]
    assert np.abs(blocks[0] - blocks[1]).mean() < 3


def test_one_quality_gives_one_file_with_any_threads() -> None:
    first, _ = made(clip(), 60)
    set_threads(3)
    try:
        assert made(clip(), 60)[0] == first
    finally:
        set_threads(None)


def test_each_step_down_asks_for_less() -> None:
    steps = [Thrift.of(quality) for quality in range(1, 101)]
    for low, high in pairwise(steps):
        assert low.hold > high.hold
        assert low.price < high.price
        assert low.tolerance > high.tolerance


@pytest.mark.parametrize("quality", [0, 101, 80.0, True, "80"])
def test_a_quality_is_a_whole_number_from_1_to_100(quality: Any) -> None:
    with pytest.raises(OptionError, match="quality"):
        Settings.of(quality=quality)


def test_what_has_no_effect_beside_a_quality_is_refused() -> None:
    with pytest.raises(OptionError, match="steadiness has no effect"):
        Settings.of(quality=80, steadiness=0.2)
    with pytest.raises(OptionError, match="none, floyd-steinberg"):
        Settings.of(quality=80, dither="bayer")


def test_quality_chooses_colors_and_dithering() -> None:
    settings = Settings.of(quality=80)
    assert (settings.colors, settings.dither, settings.mode) == (255, "floyd-steinberg", "steady")
    assert Settings.of(16, quality=80).colors == 16
    assert Settings.from_dict(settings.to_dict()) == settings


@pytest.mark.parametrize("name", ["out.png", "out.mkv", "out.webp", "%02d.png", "out.npy"])
def test_quality_is_refused_where_it_has_no_effect(name: str, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="a quality has no effect on"):
        quantize(clip(n=1), quality=80).save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_the_command_line_refuses_it_as_usage(tmp_path: Path) -> None:
    path = tmp_path / "in.gif"
    path.write_bytes(made(clip(n=2), 90)[0])
    command = [sys.executable, "-m", "steadyhue", "quantize", str(path), "--quality", "80", "-o"]
    done = subprocess.run([*command, str(tmp_path / "out.png")], capture_output=True, text=True)
    assert done.returncode == 2
    assert "no effect on .png" in done.stderr
    done = subprocess.run([*command, str(tmp_path / "out.gif")], capture_output=True, text=True)
    assert done.returncode == 0
    assert open_clip(tmp_path / "out.gif").n_frames == 2


def test_without_a_quality_frames_are_as_they_were() -> None:
    assert all(frame.delta is None for frame in quantize(clip(), 255))

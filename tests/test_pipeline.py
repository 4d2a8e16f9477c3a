import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import steadyhue as sh
from corpus import files, needs_corpus
from steadyhue.frame import Animation, Frame
from steadyhue.overlap import overlap
from steadyhue.words import MODES

ALL_MODES = [mode for mode in MODES if mode != "fixed"]


def noise(n_frames: int = 4, shape: tuple[int, ...] = (8, 9, 3), seed: int = 0) -> Animation:
    rng = np.random.default_rng(seed)
    return Animation.from_arrays(rng.integers(0, 256, (n_frames, *shape)).astype(np.uint8))


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("distance", ["euclidean", "manhattan"])
@pytest.mark.parametrize("space", ["srgb", "linear", "oklab", "lab"])
def test_every_pixel_shows_its_nearest_palette_color(mode: str, distance: str, space: str) -> None:
    clip = noise()
    result = sh.quantize(clip, 5, mode=mode, distance=distance, space=space)
    for frame, out in zip(clip, result, strict=True):
        assert len(out.palette) == 5
        assert out.indices.max() < 5
        if space == "srgb" and mode != "steady":
            rgb, palette = frame.rgba()[..., :3].astype(int), out.palette.astype(int)
            difference = np.abs(rgb[:, :, None] - palette)
            apart = difference**2 if distance == "euclidean" else difference
            assert np.array_equal(apart.sum(axis=3).argmin(axis=2), out.indices)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_with_enough_colors_nothing_changes(mode: str) -> None:
    clip = noise(shape=(4, 4, 4))
    pairs = zip(clip, sh.quantize(clip, 64, mode=mode), strict=True)
    assert all(np.array_equal(frame.rgba(), out.rgba()) for frame, out in pairs)


@pytest.mark.parametrize("k", [3, 255, 256])
def test_transparent_pixels_stay_transparent(k: int) -> None:
    clip = noise(shape=(40, 40, 4))
    for frame, out in zip(clip, sh.quantize(clip, k, mode="seeded"), strict=True):
        assert np.array_equal(frame.rgba()[..., 3], out.rgba()[..., 3])


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_frame_without_opaque_pixels_stays_empty(mode: str) -> None:
    pixels = np.zeros((3, 4, 4, 4), np.uint8)
    pixels[1] = 255
    clip = Animation.from_arrays(pixels)
    assert [out.rgba().any() for out in sh.quantize(clip, 2, mode=mode)] == [False, True, False]


def test_a_global_palette_is_the_same_in_every_frame() -> None:
    result = sh.quantize(noise(), 6, mode="global")
    assert all(np.array_equal(out.palette, next(iter(result)).palette) for out in result)


def test_a_fixed_palette_is_used_as_given() -> None:
    palette = [[0, 0, 0], [255, 255, 255]]
    for out in sh.quantize(noise(), mode="fixed", palette=palette):
        assert out.palette.tolist() == palette


def test_a_second_pass_gives_the_same() -> None:
    result = sh.quantize(noise(), 6)
    first, second = list(result), list(result)
    assert all(np.array_equal(a.rgba(), b.rgba()) for a, b in zip(first, second, strict=True))
    assert len(result.report) == len(first)
    assert result.palettes.shape == (4, 6, 3)
    assert result.weights.sum() == 4 * 8 * 9


def test_the_reported_error_is_that_of_the_pixels() -> None:
    clip = noise()
    result = sh.quantize(clip, 6)
    for frame, out, report in zip(clip, list(result), result.report, strict=True):
        difference = frame.rgba()[..., :3].astype(float) - out.rgba()[..., :3]
        assert report.error == pytest.approx((difference**2).sum(axis=2).mean())


@pytest.mark.parametrize("bad", [{"colors": 0}, {"colors": 257}, {"mode": "fixed"}])
def test_wrong_arguments_are_refused_at_once(bad: dict) -> None:
    with pytest.raises(ValueError, match="colors must be|needs a palette"):
        sh.quantize(noise(), **bad)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers()), st.integers(1, 5))
def test_overlap_changes_nothing(items: list[int], depth: int) -> None:
    assert list(overlap(items, depth)) == items


def test_overlap_hands_errors_on() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise OSError("gone")

    seen = []
    with pytest.raises(OSError, match="gone"):
        seen.extend(overlap(broken()))
    running = overlap(broken())
    assert next(running) == 1


def test_overlap_stops_its_thread_when_closed() -> None:
    before = threading.active_count()
    running = overlap(iter(int, 1))
    next(running)
    running.close()
    time.sleep(0.05)
    assert threading.active_count() == before


def test_frames_are_pulled_only_as_far_as_needed() -> None:
    pulled = []

    def frames() -> Iterator[Frame]:
        for number in range(1000):
            pulled.append(number)
            yield Frame.from_array(np.full((2, 2, 3), number % 256, np.uint8))

    clip = Animation(frames, width=2, height=2)
    running = iter(sh.quantize(clip, 2, mode="seeded"))
    next(running)
    time.sleep(0.05)
    running.close()
    assert len(pulled) < 30


@needs_corpus
@pytest.mark.parametrize(
    "path", files("natural/*.gif")[:4] + files("flat/*.gif"), ids=lambda p: p.stem
)
def test_real_clips_keep_frames_and_times(path, tmp_path) -> None:
    for mode in ALL_MODES:
        result = sh.quantize(path, 4, mode=mode)
        result.save(tmp_path / "out.gif", force=True)
        source, out = sh.open(path), sh.open(tmp_path / "out.gif")
        assert (out.size, out.loop) == (source.size, source.loop)
        assert [f.duration for f in out] == [f.duration for f in source]

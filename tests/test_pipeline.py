import threading
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reference
import steadyhue as sh
from corpus import files, needs_corpus
from steadyhue.color import grid_points
from steadyhue.frame import Animation, Frame
from steadyhue.overlap import overlap
from steadyhue.stillness import STILL
from steadyhue.words import DISTANCES, MODES, SPACES, Distance, Mode, Space

ALL_MODES = [mode for mode in MODES if mode != "fixed"]

PATIENCE = 60.0
"""Seconds to wait for a thread; only a failure takes so long."""


def noise(n_frames: int = 4, shape: tuple[int, ...] = (8, 9, 3), seed: int = 0) -> Animation:
    rng = np.random.default_rng(seed)
    return Animation.from_arrays(rng.integers(0, 256, (n_frames, *shape)).astype(np.uint8))


def half_still() -> Animation:
    """Noise whose left half moves by no more than stillness allows."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (5, 12, 16, 3)).astype(np.uint8)
    pixels[:, :, :8] = pixels[0, :, :8].clip(3, 252) + rng.integers(-3, 4, (5, 12, 8, 3))
    return Animation.from_arrays(pixels)


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("space", SPACES)
def test_every_pixel_shows_its_nearest_palette_color_unless_it_is_still(
    mode: Mode, distance: Distance, space: Space
) -> None:
    clip = half_still()
    result = sh.quantize(clip, 5, mode=mode, distance=distance, space=space)
    pixels = [frame.rgba()[..., :3].astype(int) for frame in clip]
    still = [np.abs(b - a).max(axis=2) <= STILL for a, b in pairwise(pixels)]
    nowhere = np.zeros(pixels[0].shape[:2], bool)
    for now, out, before, after in zip(
        pixels, result, [nowhere, *still], [*still, nowhere], strict=True
    ):
        colors = now.reshape(-1, 3).astype(np.uint8)
        points, palette = grid_points(colors, space), grid_points(out.palette, space)
        nearest = reference.nearest(points, palette, distance).reshape(now.shape[:2])
        assert out.palette.shape == (5, 3)
        other = out.indices != nearest
        assert not (other & ~(before | after)).any()  # alone in time, a pixel shows its nearest
        assert mode == "steady" or not other.any()


def test_steady_does_hold_still_pixels() -> None:
    clip = half_still()
    shown = np.stack([out.indices[:, :8] for out in sh.quantize(clip, 5)])
    restless = np.stack([out.indices[:, :8] for out in sh.quantize(clip, 5, mode="seeded")])
    assert (np.diff(shown.astype(int), axis=0) != 0).mean() < 0.02
    assert (np.diff(restless.astype(int), axis=0) != 0).mean() > 0.02


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


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers()), st.integers(1, 5))
def test_overlap_changes_nothing(items: list[int], depth: int) -> None:
    assert list(overlap(items, depth)) == items


def test_overlap_hands_errors_on_after_what_came_before_them() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise OSError("gone")

    running = overlap(broken())
    assert next(running) == 1
    with pytest.raises(OSError, match="gone"):
        next(running)


def test_overlap_runs_ahead_by_its_depth_and_stops_its_thread_when_closed() -> None:
    threads: list[threading.Thread] = []
    pulled = [threading.Event() for _ in range(100)]

    def items() -> Iterator[int]:
        threads.append(threading.current_thread())
        for number, event in enumerate(pulled):
            event.set()
            yield number

    running = overlap(items(), depth=3)
    assert next(running) == 0
    # Three wait in the queue, and the one after them is in the thread's hand.
    assert pulled[4].wait(PATIENCE)
    running.close()
    threads[0].join(PATIENCE)
    assert threads[0] is not threading.current_thread()
    assert not threads[0].is_alive()
    assert not pulled[5].is_set()


def test_frames_are_pulled_only_as_far_as_needed() -> None:
    pulled = []
    threads = set()

    def frames() -> Iterator[Frame]:
        threads.add(threading.current_thread())
        for number in range(1000):
            pulled.append(number)
            yield Frame.from_array(np.full((2, 2, 3), number % 256, np.uint8))

    clip = Animation(frames, width=2, height=2)
    running = iter(sh.quantize(clip, 2, mode="seeded"))
    next(running)
    running.close()
    for thread in threads - {threading.current_thread()}:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert len(pulled) < 64  # four belts hold 40, and each stage has some in hand


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

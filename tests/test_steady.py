"""The steady mode on clips whose answer is known."""

from itertools import pairwise

import numpy as np
import pytest

import steadyhue as sh
from corpus import files, needs_corpus
from steadyhue.frame import IndexedFrame
from steadyhue.histogram import Histogram, Sample
from steadyhue.modes import steady
from steadyhue.settings import Settings

Pixels = np.ndarray


def pictured(seed: int = 0, size: int = 48) -> Pixels:
    """A smooth picture of many colors."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(20, 236, (4, 4, 3)).astype(float)
    ramp = np.linspace(0, 2.999, size)
    low, part = ramp.astype(int), (ramp % 1)[:, None]
    rows = coarse[low] * (1 - part[:, :, None]) + coarse[low + 1] * part[:, :, None]
    return (rows[:, low] * (1 - part) + rows[:, low + 1] * part).round().astype(np.uint8)


def noisy(picture: Pixels, n: int, sigma: float = 1.5) -> list[Pixels]:
    rng = np.random.default_rng(1)
    noise = rng.normal(0, sigma, (n, *picture.shape)).round()
    return [np.clip(picture + one, 0, 255).astype(np.uint8) for one in noise]


def quantized(frames: list[Pixels], k: int = 6, **options: object) -> tuple[list, list]:
    result = sh.quantize(sh.Animation.from_arrays(frames), k, **options)
    out = list(result)
    return out, result.report


def changed(a: IndexedFrame, b: IndexedFrame) -> float:
    return float((a.rgba() != b.rgba()).any(axis=2).mean())


def test_a_still_camera_keeps_its_palette_and_nearly_all_pixels() -> None:
    out, _ = quantized(noisy(pictured(), 12))
    assert all(np.array_equal(frame.palette, out[0].palette) for frame in out)
    assert max(changed(a, b) for a, b in pairwise(out)) < 0.02


def test_a_still_camera_is_as_good_as_its_own_palettes() -> None:
    frames = noisy(pictured(), 12)
    _, report = quantized(frames)
    _, own = quantized(frames, steadiness=0)
    for held, best in zip(report, own, strict=True):
        assert held.error <= 1.1 * best.error


def test_equal_frames_are_equal_to_the_bit() -> None:
    frames = noisy(pictured(), 4, sigma=4)
    repeated = [frame for frame in frames for _ in range(3)]
    for steadiness in (0, 0.5, 1):
        out, _ = quantized(repeated, steadiness=steadiness)
        for i in range(0, len(out), 3):
            for later in out[i + 1 : i + 3]:
                assert np.array_equal(out[i].palette, later.palette)
                assert np.array_equal(out[i].indices, later.indices)


def test_a_pan_is_followed_without_losing_colors() -> None:
    wide = pictured(size=96)
    frames = [wide[:48, x : x + 48] for x in range(0, 48, 3)]
    _, report = quantized(frames)
    _, own = quantized(frames, steadiness=0)
    assert np.mean([a.error / b.error for a, b in zip(report, own, strict=True)]) < 1.1


def test_a_fade_to_black_ends_in_black() -> None:
    picture = pictured().astype(float)
    frames = [(picture * level).astype(np.uint8) for level in np.linspace(1, 0, 12)]
    out, report = quantized(frames)
    assert not out[-1].rgba()[..., :3].any()
    _, own = quantized(frames, steadiness=0)
    for held, best in zip(report, own, strict=True):
        assert held.error <= 1.25 * best.error + 1


def test_a_hard_cut_is_found_and_nothing_else() -> None:
    frames = noisy(pictured(0), 5) + noisy(255 - pictured(0) // 3, 5)
    _, report = quantized(frames)
    assert [number for number, frame in enumerate(report) if frame.cut] == [5]


def test_slots_keep_their_place_across_a_cut_where_colors_agree() -> None:
    first = np.zeros((8, 8, 3), np.uint8)
    first[:4] = 250, 20, 20
    second = np.full((8, 8, 3), (20, 20, 250), np.uint8)
    second[:3] = 250, 30, 20
    out, report = quantized([first, first, second], 2)
    assert report[2].cut
    red = out[0].palette[:, 0].argmax()
    assert out[2].palette[red].tolist() == [250, 30, 20]


def test_a_flash_frame_does_not_disturb_what_follows() -> None:
    frames = noisy(pictured(), 9)
    frames[4] = np.full_like(frames[4], 255)
    out, _ = quantized(frames)
    assert (out[4].rgba() == 255).all()
    apart = out[3].rgba().astype(int) - out[5].rgba()
    assert np.abs(apart).mean() < 1


@pytest.mark.parametrize("k", [4, 10])
def test_a_small_late_color_is_there_in_its_first_frame_and_leaves(k: int) -> None:
    ground = np.full((100, 100, 3), 90, np.uint8)
    ground[:, 50:] = 110
    frames = noisy(ground, 12, sigma=0.7)
    for frame in frames[4:8]:
        frame[10:12, 10:15] = 250, 10, 10  # 0.1 % of the picture
    out, report = quantized(frames, k)
    for number, frame in enumerate(out):
        red, green, _ = frame.rgba()[10, 10, :3].astype(int)
        assert (red > 200 and green < 60) == (4 <= number < 8)
    assert not report[4].cut


def test_pixel_art_with_enough_slots_is_untouched() -> None:
    rng = np.random.default_rng(0)
    colors = rng.integers(0, 256, (12, 3)).astype(np.uint8)
    tiles = rng.integers(0, 8, (6, 6))
    frames = []
    for step in range(6):
        tiles[step % 6, :2] = 8 + step % 4
        frames.append(colors[tiles.repeat(4, 0).repeat(4, 1)])
    out, report = quantized(frames, 12)
    assert all((a == b.rgba()[..., :3]).all() for a, b in zip(frames, out, strict=True))
    assert all(frame.error == 0 for frame in report)


def test_a_gradient_sky_does_not_shimmer() -> None:
    sky = np.zeros((60, 80, 3), np.uint8)
    sky[..., 2] = np.linspace(120, 250, 60)[:, None]
    sky[..., 1] = np.linspace(60, 190, 60)[:, None]
    out, _ = quantized(noisy(sky, 10, sigma=0.8), 8)
    assert max(changed(a, b) for a, b in pairwise(out[1:])) < 0.03


def test_a_slot_that_becomes_another_cluster_is_reported() -> None:
    ground = np.full((40, 40, 3), 90, np.uint8)
    ground[:, 20:] = 100
    late = ground.copy()
    late[:10] = 250, 10, 10
    _, report = quantized([ground] * 3 + [late] * 3, 2)
    assert [len(frame.relocated) for frame in report] == [0, 0, 0, 1, 0, 0]


@pytest.mark.parametrize("distance", ["euclidean", "manhattan"])
@pytest.mark.parametrize("space", ["srgb", "linear", "oklab", "lab"])
def test_every_space_and_distance_holds_still(space: str, distance: str) -> None:
    out, _ = quantized(noisy(pictured(), 6, sigma=1), 6, space=space, distance=distance)
    assert all(np.array_equal(frame.palette, out[0].palette) for frame in out)
    assert changed(out[-2], out[-1]) < 0.03


def test_transparent_pixels_stay_transparent_while_others_hold() -> None:
    frames = []
    for number, frame in enumerate(noisy(pictured(), 5)):
        alpha = np.full((48, 48, 1), 255, np.uint8)
        alpha[number : number + 9, :9] = 0
        frames.append(np.concatenate([frame, alpha], axis=2))
    for k in (5, 256):
        out, _ = quantized(frames, k)
        for before, after in zip(frames, out, strict=True):
            assert np.array_equal(before[..., 3] == 0, after.rgba()[..., 3] == 0)


def test_more_steadiness_changes_less() -> None:
    frames = noisy(pictured(), 10, sigma=3)
    shares = []
    for steadiness in (0, 0.5, 0.9):
        out, _ = quantized(frames, steadiness=steadiness)
        shares.append(sum(changed(a, b) for a, b in pairwise(out)))
    assert shares == sorted(shares, reverse=True)


def test_the_plan_looks_only_so_far_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = noisy(pictured(size=16), 40)
    seen: list[int] = []

    def read() -> object:
        for number, frame in enumerate(frames):
            seen.append(number)
            yield sh.Frame.from_array(frame)

    monkeypatch.setattr(steady, "LOOK_AHEAD", 8)
    plan = steady.planner(Settings.of(4))
    most = 0
    for number, _ in enumerate(
        plan(Histogram.of(frame, sample=Sample.of(frame, None)) for frame in read())
    ):
        most = max(most, len(seen) - number)
    assert most == 8
    assert number == 39


def test_a_long_clip_is_held_across_its_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "LOOK_AHEAD", 6)
    out, _ = quantized(noisy(pictured(), 30))
    assert all(np.array_equal(frame.palette, out[0].palette) for frame in out)


def test_many_colors_are_planned_coarsely_and_remapped_exactly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steady, "PLANNED_COLORS", 64)
    frames = noisy(pictured(), 4)
    coarse, report = quantized(frames, steadiness=0)
    monkeypatch.undo()
    _, fine = quantized(frames, steadiness=0)
    assert np.mean([f.error for f in report]) < 1.05 * np.mean([f.error for f in fine])
    for frame, out in zip(frames, coarse, strict=True):
        assert (out.indices == nearest(frame, out.palette)).all()


def nearest(pixels: Pixels, palette: Pixels) -> Pixels:
    apart = pixels[:, :, None].astype(int) - palette
    return (apart**2).sum(axis=3).argmin(axis=2)


def redness(rgba: Pixels) -> Pixels:
    """How far red stands above the other channels, in levels."""
    rgb = rgba[..., :3].astype(int)
    return rgb[..., 0] - rgb[..., 1:].max(axis=2)


@needs_corpus
@pytest.mark.parametrize("k", [4, 10])
def test_the_red_car_is_red_from_the_first_frame_on(k: int) -> None:
    clip = sh.open(files("natural/intel_cars.gif")[0])
    for frame, out in zip(clip, sh.quantize(clip, k), strict=True):
        car = redness(frame.rgba()) > 50
        if car.mean() >= 0.005:
            assert np.median(redness(out.rgba())[car]) > 30
            break
    else:
        pytest.fail("the red car never came")

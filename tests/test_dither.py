import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyhue.api import quantize
from steadyhue.color import linear_from_srgb, srgb_from_linear
from steadyhue.dither import DRIFT, SETTLED, Ditherer, _bayer, _blue_noise
from steadyhue.frame import Frame
from steadyhue.remap import tally
from steadyhue.words import DITHERS, Dither

KINDS = DITHERS[1:]
ORDERED = tuple(kind for kind in KINDS if kind != "floyd-steinberg")
GREYS = np.array([[0, 0, 0], [255, 255, 255]], np.uint8)


def picture(seed: int, height: int = 24, width: int = 40) -> np.ndarray:
    """A noisy gradient."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    smooth = np.stack([y * 255 / height, x * 255 / width, (x + y) * 2.0], axis=-1)
    return np.clip(smooth + rng.normal(0, 12, smooth.shape), 0, 255).astype(np.uint8)


def palette_of(seed: int, k: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (k, 3), dtype=np.uint8)


def nearest(frame: Frame, palette: np.ndarray) -> np.ndarray:
    steps = frame.colors[:, None].astype(int) - palette
    return (steps**2).sum(axis=2).argmin(axis=1).astype(np.uint8)


def dithered(ditherer: Ditherer, pixels: np.ndarray, palette: np.ndarray) -> np.ndarray:
    frame = Frame.from_array(pixels)
    return ditherer.indices(frame, palette, nearest(frame, palette))


@given(st.integers(0, 99), st.integers(1, 20), st.sampled_from(ORDERED))
def test_without_strength_the_nearest_entry_shows(seed: int, k: int, kind: Dither) -> None:
    frame, palette = Frame.from_array(picture(seed, 9, 11)), palette_of(seed, k)
    slots = nearest(frame, palette)
    assert np.array_equal(Ditherer(kind, 0).indices(frame, palette, slots), slots[frame.ids])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", [110, 128, 188, 230])
def test_a_flat_grey_keeps_its_light(kind: Dither, level: int) -> None:
    indices = dithered(Ditherer(kind), np.full((64, 64, 3), level, np.uint8), GREYS)
    assert indices.mean() == pytest.approx(float(linear_from_srgb(level)), abs=0.02)


@pytest.mark.parametrize("kind", KINDS)
def test_palette_colors_are_left_alone(kind: Dither) -> None:
    palette = palette_of(3, 5)
    slots = np.random.default_rng(0).integers(0, 5, (8, 9), dtype=np.uint8)
    assert np.array_equal(dithered(Ditherer(kind), palette[slots], palette), slots)


@pytest.mark.parametrize("kind", KINDS)
def test_a_still_picture_stays_still(kind: Dither) -> None:
    ditherer, palette = Ditherer(kind), palette_of(1, 6)
    first = dithered(ditherer, picture(1), palette)
    for _ in range(3):
        assert np.array_equal(dithered(ditherer, picture(1), palette), first)


@pytest.mark.parametrize("kind", KINDS)
def test_what_moves_leaves_the_rest_still(kind: Dither) -> None:
    ditherer, palette, pixels = Ditherer(kind), palette_of(1, 6), picture(1)
    first = dithered(ditherer, pixels, palette)
    moved = pixels.copy()
    moved[4:9, 5:12] = 255 - moved[4:9, 5:12]
    second = dithered(ditherer, moved, palette)
    still = (moved == pixels).all(axis=-1)
    assert np.array_equal(first[still], second[still])
    assert (first != second)[~still].mean() > 0.3


@pytest.mark.parametrize("kind", KINDS)
def test_faint_noise_and_faint_palette_moves_change_nothing(kind: Dither) -> None:
    ditherer, palette, pixels = Ditherer(kind), palette_of(1, 6) // 2 + 60, picture(1)
    pixels = pixels // 2 + 60
    first = dithered(ditherer, pixels, palette)
    rng = np.random.default_rng(0)
    for _ in range(5):
        noisy = pixels + rng.integers(-DRIFT, DRIFT + 1, pixels.shape)
        shaken = palette + rng.integers(-SETTLED, SETTLED + 1, palette.shape)
        second = dithered(ditherer, noisy.astype(np.uint8), shaken.astype(np.uint8))
        assert np.array_equal(first, second)


@pytest.mark.parametrize("kind", KINDS)
def test_slow_fades_are_followed(kind: Dither) -> None:
    ditherer = Ditherer(kind)
    for level in range(100, 240):
        indices = dithered(ditherer, np.full((64, 64, 3), level, np.uint8), GREYS)
        assert indices.mean() == pytest.approx(float(linear_from_srgb(level)), abs=0.06)


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_that_moves_frees_its_pixels(kind: Dither) -> None:
    ditherer, palette = Ditherer(kind), np.array([[0, 0, 0], [90, 90, 90]], np.uint8)
    pixels = np.full((16, 16, 3), 255, np.uint8)
    assert (dithered(ditherer, pixels, palette) == 1).all()
    palette = np.array([[255, 255, 255], [90, 90, 90]], np.uint8)
    assert (dithered(ditherer, pixels, palette) == 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_frees_every_pixel(kind: Dither) -> None:
    ditherer, palette = Ditherer(kind), palette_of(2, 6)
    frame, other = Frame.from_array(picture(1)), Frame.from_array(picture(2))
    ditherer.indices(frame, palette, nearest(frame, palette))
    after = ditherer.indices(other, palette, nearest(other, palette), cut=True)
    alone = Ditherer(kind).indices(other, palette, nearest(other, palette))
    assert np.array_equal(after, alone)


@pytest.mark.parametrize("kind", KINDS)
def test_transparent_pixels_stay_and_their_index_is_not_mixed_in(kind: Dither) -> None:
    pixels = np.dstack([np.full((32, 32, 3), 150, np.uint8), np.full((32, 32), 255, np.uint8)])
    pixels[:8, :, 3] = 0
    frame = Frame.from_array(pixels)
    palette = np.array([[0, 0, 0], [150, 150, 150], [255, 255, 255]], np.uint8)
    slots = np.zeros(len(frame.colors), np.uint8)  # the nearest slot but for the transparent one
    indices = Ditherer(kind).indices(frame, palette, slots, transparent=1)
    assert (indices[:8] == 1).all()
    assert set(np.unique(indices[8:])) == {0, 2}


@given(st.integers(0, 99), st.integers(1, 9), st.sampled_from([0.5, 1.0]))
def test_error_diffusion_is_that_of_floyd_and_steinberg(seed: int, k: int, strength: float) -> None:
    pixels, palette = picture(seed, 5, 7), palette_of(seed + 1, k)
    got = dithered(Ditherer("floyd-steinberg", strength), pixels, palette)
    assert (got == diffused(pixels, palette, strength)).mean() > 0.97  # float32 ties apart


def diffused(pixels: np.ndarray, palette: np.ndarray, strength: float) -> np.ndarray:
    """The method as the paper has it, rows in turn from both sides, in linear light."""
    value, entries = linear_from_srgb(pixels), linear_from_srgb(palette)
    low, high = entries.min(axis=0), entries.max(axis=0)
    margin = (high - low) / 2
    height, width = pixels.shape[:2]
    indices = np.zeros((height, width), np.uint8)
    for y in range(height):
        ahead = -1 if y % 2 else 1
        for x in range(width)[::ahead]:
            color = np.clip(value[y, x], low - margin, high + margin)
            level = srgb_from_linear(np.floor(np.clip(color, 0, 1) * 4095 + 0.5) / 4095)
            indices[y, x] = ((level - palette) ** 2).sum(axis=1).argmin()
            rest = (color - entries[indices[y, x]]) * strength
            for dx, dy, part in ((ahead, 0, 7), (-ahead, 1, 3), (0, 1, 5), (ahead, 1, 1)):
                if 0 <= x + dx < width and y + dy < height:
                    value[y + dy, x + dx] += rest * part / 16
    return indices


@pytest.mark.parametrize("kind", KINDS)
def test_a_slot_that_becomes_the_transparent_index_frees_its_pixels(kind: Dither) -> None:
    ditherer, palette = Ditherer(kind), np.array([[9, 9, 9], [90, 90, 90]], np.uint8)
    frame = Frame.from_array(np.full((4, 4, 3), 90, np.uint8))
    ones = np.ones(1, np.uint8)
    assert (ditherer.indices(frame, palette, ones, transparent=0) == 1).all()
    assert (ditherer.indices(frame, palette, 0 * ones, transparent=1) == 0).all()


def test_the_tally_counts_pixels_and_errors() -> None:
    pixels = np.dstack([picture(1), np.full((24, 40), 255, np.uint8)])
    pixels[:3, :, 3] = 0
    frame, palette = Frame.from_array(pixels), palette_of(1, 6)
    indices = Ditherer("bayer").indices(frame, palette, nearest(frame, palette), transparent=6)
    weights, squares = tally(frame, indices, palette)
    assert weights.tolist() == np.bincount(indices[3:].ravel(), minlength=6).tolist()
    steps = pixels[3:, :, :3].astype(int) - palette[indices[3:]]
    assert squares == (steps**2).sum()


def test_bayers_matrix_is_his() -> None:
    assert _bayer(4).tolist() == [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]


def test_blue_noise_has_every_rank_and_no_low_frequencies() -> None:
    ranks = _blue_noise()
    assert np.array_equal(np.sort(ranks.ravel()), np.arange(64 * 64))
    power = np.abs(np.fft.fft2(ranks / ranks.size)) ** 2
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(64), np.fft.fftfreq(64)))
    low = power[(frequency > 0) & (frequency < 0.1)].mean()
    assert low < 0.001 * power[frequency > 0.3].mean()


@pytest.mark.parametrize(("kind", "strength"), [("none", 1), ("random", 1), ("bayer", 1.5)])
def test_unknown_kinds_and_strengths_are_refused(kind: Dither, strength: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        Ditherer(kind, strength)


@pytest.mark.parametrize("kind", ["bayer", "blue-noise"])
def test_six_colors_far_apart_reach_the_mean(kind: Dither) -> None:
    y, x = np.mgrid[:128, :192]
    scene = np.stack([60 + x, 40 + y + x // 3, 170 - y], axis=2).clip(30, 225).astype(np.uint8)
    (shown,) = quantize(scene, palette="epd-spectra6", dither=kind)
    means = [
        srgb_from_linear(linear_from_srgb(pixels).reshape(16, 8, 24, 8, 3).mean(axis=(1, 3)))
        for pixels in (scene, shown.rgba()[..., :3])
    ]
    assert np.abs(means[0] - means[1]).mean() <= 12


@pytest.mark.parametrize("kind", ["bayer", "blue-noise"])
def test_distant_colors_are_not_mixed_where_near_ones_serve(kind: Dither) -> None:
    greys = np.arange(60, 200, 12)[:, None].repeat(3, axis=1)
    palette = np.concatenate([greys, [[0, 0, 0], [255, 255, 255], [255, 0, 0]]]).astype(np.uint8)
    x = np.mgrid[:64, :64][1]
    ramp = np.stack([80 + x, 82 + x, 78 + x], axis=2).astype(np.uint8)
    (shown,) = quantize(ramp, palette=palette, dither=kind)
    assert shown.indices.max() < len(greys)
    assert np.abs(shown.rgba()[..., :3].astype(int) - ramp).max() <= 16

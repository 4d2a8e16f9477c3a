"""Distinct colors of frames, in the hash table and in the sorted set."""

import numpy as np
import pytest

import reference
from steadyhue import _native

sizes = pytest.mark.parametrize("shape", [(1, 1), (7, 5), (128, 256), (128, 257), (300, 400)])


@sizes
@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("mask", [0x80, 0xE0, 0xFF])
def test_ids_colors_and_weights_describe_the_pixels(
    shape: tuple[int, int], channels: int, mask: int
) -> None:
    random = np.random.default_rng(mask)
    pixels = (random.integers(0, 256, (*shape, channels)) & mask).astype(np.uint8)
    pixels[shape[0] // 2 :] = pixels[0, 0]  # a long run
    ids, colors, weights = _native.distinct_colors(pixels, 128)
    opaque = pixels[..., 3] >= 128 if channels == 4 else np.ones(shape, bool)
    assert np.array_equal(ids >= 0, opaque)
    assert np.array_equal(colors[ids[opaque]], pixels[opaque][:, :3])
    assert np.array_equal(np.bincount(ids[opaque], minlength=len(colors)), weights)
    assert len(np.unique(colors, axis=0)) == len(colors)


def test_nothing_opaque_has_no_colors() -> None:
    for shape in ((3, 3, 4), (300, 300, 4)):
        ids, colors, weights = _native.distinct_colors(np.zeros(shape, np.uint8), 1)
        assert (ids == -1).all()
        assert len(colors) == len(weights) == 0


def test_colors_of_large_frames_follow_the_morton_curve() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (200, 200, 3)).astype(np.uint8)
    _, colors, _ = _native.distinct_colors(pixels, 0)
    keys = np.zeros(len(colors), np.int64)
    for bit in range(8):
        for place, c in enumerate((2, 1, 0)):
            keys |= (colors[:, c].astype(np.int64) >> bit & 1) << (3 * bit + place)
    assert (np.diff(keys) > 0).all()


def test_the_whole_cube_keeps_its_colors() -> None:
    levels = np.arange(0, 256, 3)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(86, -1, 3)
    _, colors, weights = _native.distinct_colors(cube.astype(np.uint8), 0)
    assert len(colors) == 86**3
    assert (weights == 1).all()


def test_pooling_sums_the_weights_of_equal_colors() -> None:
    random = np.random.default_rng(1)
    colors = random.integers(0, 4, (500, 3)).astype(np.uint8)
    weights = random.integers(1, 9, 500)
    found, sums = _native.pooled_colors(colors, weights)
    repeated = np.repeat(colors, weights, axis=0)[None]
    expected = reference.distinct(repeated, 0)
    assert dict(zip(map(tuple, found.tolist()), sums.tolist(), strict=True)) == expected


def test_few_colors_and_many_are_pooled_in_one_order() -> None:
    random = np.random.default_rng(2)
    colors = random.integers(0, 9, (_native.SORTED_COLORS, 3)).astype(np.uint8)
    weights = random.integers(1, 9, len(colors))
    few = _native.pooled_colors(colors, weights)
    many = _native.pooled_colors(np.tile(colors, (2, 1)), np.tile(weights, 2))
    assert np.array_equal(few[0], many[0])
    assert np.array_equal(2 * few[1], many[1])


@pytest.mark.parametrize(("most", "bits"), [(10_000, 6), (900, 5)])
def test_coarse_colors_are_the_means_of_cells(most: int, bits: int) -> None:
    random = np.random.default_rng(3)
    colors = np.unique(random.integers(0, 80, (3000, 3)).astype(np.uint8), axis=0)
    weights = random.integers(1, 50, len(colors))
    still = random.integers(0, weights)
    found, sums, calm = _native.coarse_colors(colors, weights, still, most)
    high = (colors >> (8 - bits)).astype(int) @ [1 << 2 * bits, 1 << bits, 1]
    cells, cell = np.unique(high, return_inverse=True)
    assert np.array_equal(sums, np.bincount(cell, weights))
    assert np.array_equal(calm, np.bincount(cell, still))
    means = [np.bincount(cell, weights * colors[:, c]) / sums for c in range(3)]
    assert np.array_equal(found, np.rint(np.stack(means, axis=1)))
    assert len(cells) == len(found)

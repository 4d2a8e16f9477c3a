"""256 colors: one gives its index up where that makes frames smaller."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray

from clips import assert_same_pixels
from corpus import files, needs_corpus
from steadyhue.api import open as open_clip
from steadyhue.api import quantize
from steadyhue.frame import Animation, IndexedFrame
from steadyhue.words import Dither


def noisy(n: int = 4) -> Animation:
    """A still of many colors in which some pixels change in every frame."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[:96, :128]
    still = np.stack([2 * x, 2 * y, x + y], axis=2)
    frames = [
        still + rng.integers(-9, 10, still.shape) * (rng.random((96, 128, 1)) < 0.3)
        for _ in range(n)
    ]
    return Animation.from_arrays([np.clip(frame, 0, 255).astype(np.uint8) for frame in frames])


def saved(source: Animation, colors: int, dither: Dither) -> tuple[bytes, list[IndexedFrame]]:
    out = io.BytesIO()
    result = quantize(source, colors, mode="global", dither=dither)
    result.save(out)
    return out.getvalue(), list(result)


@pytest.mark.parametrize("dither", ["none", "blue-noise", "floyd-steinberg"])
def test_256_colors_are_no_larger_than_255(dither: Dither) -> None:
    data, frames = saved(noisy(), 256, dither)
    assert len(data) <= 1.01 * len(saved(noisy(), 255, dither)[0])
    assert_same_pixels(frames, open_clip(data))


def test_a_sparing_frame_is_reported_as_it_is() -> None:
    source = noisy()
    result = quantize(source, 256, mode="global", dither="floyd-steinberg")
    sparing = 0
    for original, frame in zip(source, result, strict=True):
        sparing += frame.delta is not None
        report = result.report[-1]
        assert report.weights.tolist() == np.bincount(frame.indices.ravel(), minlength=256).tolist()
        error = (frame.rgba().astype(int) - original.rgba()) ** 2
        assert report.error == pytest.approx(error[..., :3].sum(axis=2).mean())
    assert sparing


def test_a_frame_that_is_exact_gives_nothing_up() -> None:
    rng = np.random.default_rng(2)
    palette = rng.permutation(1 << 12)[:256, None] * np.array([5, 3, 7]) % 256
    still: NDArray[np.int64] = rng.integers(0, 256, (64, 64))
    pictures = []
    for _ in range(3):
        still = np.where(rng.random((64, 64)) < 0.7, still, rng.integers(0, 256, (64, 64)))
        pictures.append(palette.astype(np.uint8)[still])
    source = Animation.from_arrays(pictures)
    for original, frame in zip(source, quantize(source, 256), strict=True):
        assert np.array_equal(frame.rgba(), original.rgba())


@needs_corpus
@pytest.mark.parametrize("path", files("natural/intel_head_f.gif"), ids=lambda path: path.name)
@pytest.mark.parametrize("dither", ["none", "floyd-steinberg"])
def test_256_colors_are_no_larger_than_255_of_real_clips(path: str, dither: Dither) -> None:
    clip = open_clip(path)[:6]
    assert len(saved(clip, 256, dither)[0]) <= 1.01 * len(saved(clip, 255, dither)[0])

"""Shots: a clip is the sequence of its shots, to the bit, whatever is done with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import steadyhue as sh


def shot(seed: int, n: int = 5) -> list[np.ndarray]:
    """A still picture of a few flat areas with some noise, in colors of its own."""
    rng = np.random.default_rng(seed)
    base = rng.integers(0, 256, (4, 5, 3)).repeat(12, axis=0).repeat(12, axis=1)
    return [
        np.clip(base + rng.integers(-4, 5, base.shape), 0, 255).astype(np.uint8) for _ in range(n)
    ]


SHOTS = [shot(1), shot(2, 3), shot(3, 40), shot(4, 1)]


def shown(frames: list[np.ndarray], **options: Any) -> list[bytes]:
    return [frame.rgba().tobytes() for frame in sh.quantize(np.stack(frames), 6, **options)]


@pytest.mark.parametrize(
    "options",
    [{"mode": mode} for mode in ("independent", "seeded", "steady")]
    + [{"dither": dither} for dither in ("bayer", "blue-noise", "floyd-steinberg")]
    + [{"mode": "seeded", "dither": "floyd-steinberg"}, {"keep": "red,#010203"}, {"seed": 9}]
    + [{"space": "oklab"}, {"distance": "manhattan"}, {"palette": "#000,#888,#fff,#f00,#0f0,#00f"}],
    ids=str,
)
def test_a_clip_is_the_sequence_of_its_shots(options: dict[str, Any]) -> None:
    whole = shown([frame for frames in SHOTS for frame in frames], **options)
    apart = [frame for frames in SHOTS for frame in shown(frames, **options)]
    assert whole == apart


def test_cuts_are_reported_where_the_shots_begin() -> None:
    result = sh.quantize(np.stack([frame for frames in SHOTS for frame in frames]), 6)
    list(result)
    cuts = [number for number, report in enumerate(result.report) if report.cut]
    assert cuts == [5, 8, 48]


def test_a_color_that_goes_on_keeps_its_slot_across_a_cut() -> None:
    first, second = SHOTS[0][0].copy(), SHOTS[1][0].copy()
    first[:24], second[:12] = (250, 20, 20), (250, 30, 20)
    result = sh.quantize(np.stack([first] * 3 + [second] * 3), 4)
    frames = list(result)
    assert result.report[3].cut
    red = int(frames[0].indices[0, 0])
    assert (frames[3].indices[0, 0], frames[5].indices[0, 0]) == (red, red)
    assert abs(int(frames[3].palette[red][1]) - 30) < 20
    assert (result.weights.sum(axis=1) == first.shape[0] * first.shape[1]).all()

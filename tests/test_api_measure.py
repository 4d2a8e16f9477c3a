"""What is measured of a result, of an animation and of a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import steadyhue as sh
from steadyhue.oracle import best_error


@pytest.fixture
def clip() -> sh.Animation:
    frames = np.random.default_rng(0).integers(0, 256, (3, 6, 7, 3), np.uint8)
    frames[1:, :3] = frames[0, :3]  # the upper half stands still
    return sh.Animation.from_arrays(frames, 100, loop=1)


def test_a_result_is_measured_without_a_file(clip: sh.Animation) -> None:
    result = sh.quantize(clip, colors=4)
    found = sh.measure(clip, result)
    assert (found.frames, found.colors, found.size) == (3, 4, None)
    assert found.still.coverage == pytest.approx(0.5, abs=0.1)
    assert found.errors == pytest.approx([report.error for report in result.report])


def test_palette_drift_is_known_of_a_result(clip: sh.Animation) -> None:
    moving = sh.measure(clip, sh.quantize(clip, colors=4, mode="independent")).drift
    held = sh.measure(clip, sh.quantize(clip, colors=4, mode="global")).drift
    assert moving is not None
    assert moving > 0
    assert held == 0


def test_the_ratio_is_against_the_best_of_as_many_colors_as_the_output_shows(
    clip: sh.Animation,
) -> None:
    result = sh.quantize(clip, mode="fixed", palette=[[40, 90, 60], [200, 160, 190]])
    found = sh.measure(clip, result)
    assert found.colors == 2
    ratios = [error / best_error(frame, 2) for error, frame in zip(found.errors, clip, strict=True)]
    assert found.ratio == pytest.approx(np.mean(ratios))
    assert found.worst_ratio == pytest.approx(max(ratios))
    assert min(ratios) > 1


def test_the_ratio_can_be_left_out(clip: sh.Animation) -> None:
    found = sh.measure(clip, clip, ratio=False)
    assert (found.ratio, found.worst_ratio) == (None, None)


def test_a_file_is_measured_with_its_size(clip: sh.Animation, tmp_path: Path) -> None:
    path = tmp_path / "out.gif"
    result = sh.quantize(clip, colors=4)
    result.save(path)
    found = sh.measure(clip, path)
    assert found.size == path.stat().st_size
    assert found.drift is None  # a file does not tell its slots
    assert found.errors == sh.measure(clip, result).errors

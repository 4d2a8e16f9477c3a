import numpy as np
import pytest

import steadyhue as sh


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


def test_the_ratio_is_against_as_many_colors(clip: sh.Animation) -> None:
    found = sh.measure(clip, sh.quantize(clip, colors=4, mode="global"))
    assert found.ratio is not None
    assert found.worst_ratio is not None
    assert 1 <= found.ratio <= found.worst_ratio
    assert sh.measure(clip, clip, ratio=False).ratio is None

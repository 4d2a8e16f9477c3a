from __future__ import annotations

import numpy as np
import pytest

from steadyhue import samples


def pixels(clip):
    return np.stack([frame.rgba()[..., :3] for frame in clip]).astype(np.int16)


@pytest.fixture(scope="module")
def harbor():
    return pixels(samples.harbor())


@pytest.fixture(scope="module")
def forest():
    return pixels(samples.forest())


def reds(frame):
    """Share of pixels that only the boat has."""
    red, green, blue = frame[..., 0], frame[..., 1], frame[..., 2]
    return float(((red > 170) & (green < 60) & (blue < 70)).mean())


@pytest.mark.parametrize("name", ["harbor", "forest"])
def test_a_clip_is_what_it_says_it_is(name, request):
    clip, seen = getattr(samples, name)(), request.getfixturevalue(name)
    first = next(iter(clip))
    assert clip.size == (first.width, first.height) == (288, 192)
    assert len(seen) == clip.n_frames == 48
    assert first.duration == 80.0
    assert np.array_equal(first.rgba()[..., :3], seen[0])  # drawn anew, the same


def test_clips_have_wide_gradients(harbor, forest):
    for clip in (harbor, forest):
        assert len(np.unique(clip[0].reshape(-1, 3), axis=0)) > 10_000


def test_the_red_boat_enters_late(harbor):
    red = [reds(frame) for frame in harbor]
    assert max(red[:20]) == 0.0
    assert min(red[28:]) > 0.005


def test_sky_and_near_trees_are_exactly_still(harbor, forest):
    assert np.ptp(harbor[:, 10:60, 5:35], axis=0).max() == 0
    assert np.ptp(forest[:, 20:90, 14:30], axis=0).max() == 0


def test_the_quay_is_still_but_for_noise_of_one_level(harbor):
    quay = harbor[:, 174:190, 4:100]
    assert np.ptp(quay, axis=0).max() == 2
    assert (np.ptp(quay, axis=0) > 0).mean() > 0.9


def test_light_moves(harbor, forest):
    assert np.ptp(harbor[:, 20:60, 120:200], axis=0).max() > 40
    assert (np.ptp(forest, axis=0).max(axis=2) > 30).mean() > 0.3


def test_the_forest_loops_without_a_seam(forest):
    steps = [np.abs(a - b).mean() for a, b in zip(forest, np.roll(forest, -1, axis=0), strict=True)]
    assert steps[-1] < 1.5 * max(steps[:-1])

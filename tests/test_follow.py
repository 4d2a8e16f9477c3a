"""Following a sequence: seeded, repaired, restarted."""

import numpy as np

from steadyhue import kmeans
from steadyhue.modes.follow import PATIENCE, Follower, is_restart_due

POINTS = np.array([[0, 0, 0], [2, 0, 0], [200, 0, 0]], np.int16)
ONES = np.ones(3, np.int64)


def test_a_fresh_start_is_due_after_a_jump_or_a_long_time() -> None:
    assert is_restart_due(1.2, 1.0, 0)
    assert is_restart_due(1.0, 1.0, 8)
    assert not is_restart_due(1.1, 1.0, 7)


def test_without_repairs_the_last_centers_are_all_that_counts() -> None:
    follower = Follower(2, repairs=False, centers=np.array([[1.0, 0, 0], [150, 0, 0]]))
    found, best = follower.next(POINTS, ONES)
    assert found.centers.tolist() == [[1, 0, 0], [200, 0, 0]]
    assert best == found.inertia
    assert follower.steps == 1


def test_given_centers_begin_a_sequence() -> None:
    start = np.array([[90.0, 0, 0], [250, 0, 0]])
    plain, _ = Follower(2, start=start, repairs=False, max_iter=0).next(POINTS, ONES)
    assert plain.centers.tolist() == start.tolist()


def test_a_sequence_that_forgets_draws_anew_each_time() -> None:
    rng = np.random.default_rng(0)
    points = rng.integers(0, 256, (80, 3)).astype(np.int16)
    weights = np.ones(80, np.int64)
    follower = Follower(6, start="random", repairs=False, max_iter=0)
    first, _ = follower.next(points, weights)
    follower.centers = None
    second, _ = follower.next(points, weights)
    assert not np.array_equal(first.centers, second.centers)


def test_a_frozen_sequence_is_restarted_when_it_has_waited_long_enough() -> None:
    """Two pairs far apart and a start with both centers in one pair: Lloyd alone is stuck."""
    rng = np.random.default_rng(2)
    clumps = np.array([[0, 0, 0], [40, 0, 0], [0, 200, 0], [40, 200, 0]])
    points = (np.repeat(clumps, 20, axis=0) + rng.integers(0, 9, (80, 3))).astype(np.int16)
    weights = np.ones(80, np.int64)
    best = min(
        kmeans.lloyd(points, weights, kmeans.plus_plus_centers(points, weights, 4, s)).inertia
        for s in range(20)
    )
    follower = Follower(
        4, centers=np.array([[0.0, 100, 0], [40, 100, 0], [500, 0, 0], [600, 0, 0]])
    )
    for _ in range(PATIENCE + 2):
        found, lowest = follower.next(points, weights)
    assert found.inertia <= 1.02 * best
    assert lowest <= found.inertia


def test_the_same_seed_follows_the_same_way() -> None:
    rng = np.random.default_rng(1)
    frames = [rng.integers(0, 256, (60, 3)).astype(np.int16) for _ in range(12)]
    weights = np.ones(60, np.int64)

    def centers(seed: int) -> list[list[float]]:
        follower = Follower(5, seed=seed)
        return [follower.next(frame, weights)[0].centers.tolist() for frame in frames]

    assert centers(3) == centers(3)

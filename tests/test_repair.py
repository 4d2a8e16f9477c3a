"""Repairing clusterings, on a few points each."""

import numpy as np
import pytest

from steadyhue import kmeans
from steadyhue.modes.repair import best_start, in_slots_of, repaired


def test_a_frozen_optimum_is_repaired() -> None:
    points = np.array(
        [[0, 0, 0], [1, 0, 0], [10, 0, 0], [11, 0, 0], [0, 250, 0], [0, 0, 250]], np.int16
    )
    weights = np.full(6, 5)
    frozen = kmeans.lloyd(points, weights, np.array([[0.0, 0, 0], [10, 0, 0], [0, 125, 125]]))
    assert frozen.inertia > 300_000
    better = repaired(points, weights, frozen)
    assert sorted(better.centers.tolist()) == [[0, 0, 250], [0, 250, 0], [5.5, 0, 0]]


def test_repairing_never_raises_the_inertia() -> None:
    rng = np.random.default_rng(0)
    for seed in range(10):
        points = rng.integers(0, 256, (60, 3)).astype(np.int16)
        weights = rng.integers(1, 50, 60)
        start = kmeans.random_centers(points, weights, 7, seed)
        clustering = kmeans.lloyd(points, weights, start)
        assert repaired(points, weights, clustering).inertia <= clustering.inertia


def test_the_best_of_some_starts_is_taken() -> None:
    points = np.array([[0, 0, 0], [2, 0, 0], [200, 0, 0], [202, 0, 0]], np.int16)
    weights = np.ones(4, np.int64)
    bad = np.array([[101.0, 0, 0], [500, 0, 0]])
    good = np.array([[1.0, 0, 0], [201, 0, 0]])
    assert best_start(points, weights, [bad, good]).inertia == 4.0
    with pytest.raises(ValueError, match="at least one start"):
        best_start(points, weights, [])


def test_slots_take_the_order_of_the_nearest_centers() -> None:
    points = np.array([[0, 0, 0], [100, 0, 0], [200, 0, 0], [220, 0, 0]], np.int16)
    found = kmeans.lloyd(points, np.array([1, 2, 3, 4]), points[[1, 0, 2]].astype(float))
    ordered = in_slots_of(found, np.array([[3.0, 0, 0], [190, 0, 0], [120, 0, 0]]))
    assert ordered.centers[0].tolist() == [0, 0, 0]
    assert ordered.centers[2].tolist() == [100, 0, 0]
    assert ordered.labels.tolist() == [0, 2, 1, 1]
    assert ordered.weights.tolist() == [1, 7, 2]


@pytest.mark.parametrize("max_iter", [1, 3, 9])
def test_iterations_are_counted_along_the_way(max_iter: int) -> None:
    rng = np.random.default_rng(5)
    points = rng.integers(0, 256, (400, 3)).astype(np.int16)
    weights = np.ones(400, np.int64)
    start = kmeans.random_centers(points, weights, 12, 1)
    found = best_start(points, weights, [start], max_iter=max_iter, tol=0)
    assert found.n_iter <= max_iter

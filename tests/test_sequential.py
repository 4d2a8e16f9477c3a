import warnings

import numpy as np
import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from steadyhue.sequential import SequentialKMeans
from steadyhue.words import MODES

COLORS = np.array([[0, 0, 0], [4, 0, 0], [200, 0, 0], [204, 0, 0]], np.uint8)


# scikit-learn expects its own KMeans to fail this one too.
EXPECTED_TO_FAIL = {"check_sample_weight_equivalence_on_dense_data": "random initial centers"}


def contract() -> list:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* does not inherit from")
        checks = estimator_checks_generator(
            SequentialKMeans(n_clusters=3),
            expected_failed_checks=EXPECTED_TO_FAIL,
            mark="skip",
        )
        return [pytest.param(estimator, check, id=check_id(check)) for estimator, check in checks]


def check_id(check: object) -> str:
    return getattr(getattr(check, "func", check), "__name__", "check")


@pytest.mark.filterwarnings("ignore:.* does not inherit from")
@pytest.mark.parametrize(("estimator", "check"), contract())
def test_it_keeps_the_estimator_contract(estimator: object, check: object) -> None:
    check(estimator)  # type: ignore[operator]


def test_weights_pull_centers() -> None:
    model = SequentialKMeans(1).fit(COLORS[:2], sample_weight=[3, 1])
    assert model.cluster_centers_.tolist() == [[1, 0, 0]]
    assert model.inertia_ == 3 * 1 + 1 * 9


def test_a_slot_stays_the_same_cluster_through_the_sequence() -> None:
    model = SequentialKMeans(2).fit(COLORS)
    dark = model.labels_[0]
    for shift in range(1, 6):
        model.partial_fit(COLORS[::-1] + np.uint8(shift))
        assert model.labels_.tolist() == [1 - dark, 1 - dark, dark, dark]
        assert model.cluster_centers_[dark].tolist() == [2 + shift, shift, shift]


def test_independent_steps_do_not_depend_on_the_past() -> None:
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 256, (50, 3)).astype(np.uint8) for _ in range(3)]
    model = SequentialKMeans(4, mode="independent", init="random")
    for frame in frames:
        model.partial_fit(frame)
    other = SequentialKMeans(4, mode="independent", init="random")
    for frame in [frames[1], frames[0], frames[2]]:
        other.partial_fit(frame)
    assert np.array_equal(model.cluster_centers_, other.cluster_centers_)


def test_global_pools_all_steps() -> None:
    model = SequentialKMeans(1, mode="global")
    model.partial_fit(COLORS[:1]).partial_fit(COLORS[2:3])
    assert model.cluster_centers_.tolist() == [[100, 0, 0]]
    assert model.labels_.tolist() == [0]
    assert model.inertia_ == 100**2


def test_fixed_centers_never_move() -> None:
    centers = [[10.0, 0, 0], [150, 0, 0]]
    model = SequentialKMeans(2, mode="fixed", init=centers).fit(COLORS)
    assert model.cluster_centers_.tolist() == centers
    assert model.labels_.tolist() == [0, 0, 1, 1]
    model.fit(COLORS[:1])
    assert model.cluster_centers_.tolist() == centers


def test_with_enough_clusters_the_colors_are_exact() -> None:
    model = SequentialKMeans(6).fit(COLORS)
    assert np.array_equal(model.cluster_centers_[model.labels_], COLORS)
    assert model.inertia_ == 0


def test_the_seed_decides() -> None:
    rng = np.random.default_rng(1)
    colors = rng.integers(0, 256, (300, 3)).astype(np.uint8)

    def centers(seed: int) -> np.ndarray:
        model = SequentialKMeans(8, mode="seeded", init="random", random_state=seed)
        return model.fit(colors).cluster_centers_

    assert np.array_equal(centers(1), centers(1))
    assert not np.array_equal(centers(1), centers(2))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_clusters": 0}, "n_clusters must be a whole number from 1"),
        ({"mode": "wobbly"}, "mode must be one of independent, seeded"),
        ({"distance": "cosine"}, "distance must be one of euclidean, manhattan"),
        ({"init": "best"}, "init must be k-means\\+\\+ or random or an array"),
        ({"init": [[1.0, 2.0]]}, r"init must be \(k, 3\) centers"),
        ({"mode": "fixed"}, "mode 'fixed' needs its centers as init"),
        ({"tol": -1}, "tol must not be negative"),
        ({"max_iter": 0}, "max_iter must be at least 1"),
    ],
)
def test_wrong_parameters_are_named(parameters: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SequentialKMeans(**parameters).fit(COLORS)


@pytest.mark.parametrize("weights", [[1, 2, 3], [1, 1, 1, -1], [0, 0, 0, 0], [1, 1, 1, np.nan]])
def test_wrong_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="sample_weight"):
        SequentialKMeans(2).fit(COLORS, sample_weight=weights)


def test_the_modes_are_listed() -> None:
    assert {"independent", "seeded", "global", "fixed"} <= set(MODES)

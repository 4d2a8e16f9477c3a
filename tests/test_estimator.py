import warnings

import numpy as np
import pandas
import polars
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

from steadyhue.estimator import SequentialKMeans

COLORS = np.array([[0, 0, 0], [4, 0, 0], [200, 0, 0], [204, 0, 0]], np.uint8)


def contract() -> list:
    """Every check of scikit-learn's, the one on sample weights among them; none is let off."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* does not inherit from")
        checks = estimator_checks_generator(SequentialKMeans(n_clusters=3))
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
        ({"n_clusters": True}, "n_clusters must be a whole number from 1"),
        ({"init": [[np.nan] * 3]}, "init must be finite centers"),
        ({"init": ["a", "b"]}, "init must be centers of numbers"),
        ({"tol": -1}, "tol must be a number and not negative"),
        ({"tol": np.nan}, "tol must be a number and not negative"),
        ({"tol": "much"}, "tol must be a number and not negative"),
        ({"max_iter": 0}, "max_iter must be a whole number from 1"),
        ({"max_iter": 1.5}, "max_iter must be a whole number from 1"),
        ({"max_iter": None}, "max_iter must be a whole number from 1"),
        ({"random_state": "x"}, "random_state must be a whole number, a generator or None"),
    ],
)
def test_wrong_parameters_are_named(parameters: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SequentialKMeans(**parameters).fit(COLORS)


@pytest.mark.parametrize(
    ("parameters", "weights"),
    [({}, [1]), ({"init": [[1.0]]}, None), ({"tol": -1}, None), ({"random_state": "x"}, None)],
)
def test_a_fit_that_fails_changes_nothing(parameters: dict, weights: list[int] | None) -> None:
    model = SequentialKMeans(2).fit(COLORS)
    before = model.predict(COLORS)
    with pytest.raises(ValueError, match=r".+"):
        model.set_params(**parameters).fit(COLORS[:, :2], sample_weight=weights)
    assert np.array_equal(model.predict(COLORS), before)


def test_int16_samples_far_apart_are_measured_as_floats_are() -> None:
    ends = np.random.default_rng(0).integers(-(2**15), 2**15, (200, 3)).astype(np.int16)
    for samples in (ends, ends // 3):
        as_integers = SequentialKMeans(3).fit(samples).inertia_
        assert as_integers == pytest.approx(SequentialKMeans(3).fit(samples.astype(float)).inertia_)


def test_names_of_columns_are_kept_and_compared() -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame(np.asarray(COLORS, np.uint8), columns=["r", "g", "b"])
    model = SequentialKMeans(2).fit(table)
    assert model.feature_names_in_.tolist() == ["r", "g", "b"]
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(table.rename(columns={"r": "x"}))
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        model.predict(table.to_numpy())
    with pytest.warns(UserWarning, match="fitted without them"):
        model.fit(table.to_numpy()).predict(table)


@pytest.mark.parametrize("weights", [[1, 2, 3], [1, 1, 1, -1], [0, 0, 0, 0], [1, 1, 1, np.nan]])
def test_wrong_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="sample_weight"):
        SequentialKMeans(2).fit(COLORS, sample_weight=weights)


def test_a_sample_of_weight_two_is_one_that_stands_twice() -> None:
    rng = np.random.default_rng(3)
    samples, weights = rng.normal(size=(60, 4)), rng.integers(0, 4, 60)
    order = rng.permutation(weights.sum())
    for mode in ("steady", "seeded", "global"):
        weighed = SequentialKMeans(5, mode=mode).fit(samples, sample_weight=weights)
        repeated = SequentialKMeans(5, mode=mode).fit(samples.repeat(weights, axis=0)[order])
        np.testing.assert_allclose(weighed.cluster_centers_, repeated.cluster_centers_)


def test_transform_is_the_distance_to_every_center() -> None:
    model = SequentialKMeans(2).fit(COLORS)
    apart = model.transform(COLORS)
    assert apart.shape == (4, 2)
    assert np.array_equal(apart.argmin(axis=1), model.labels_)
    assert np.array_equal(SequentialKMeans(2).fit_transform(COLORS), apart)
    assert (apart.min(axis=1) == 2).all()
    away = SequentialKMeans(1, distance="manhattan").fit([[0, 0]] * 2 + [[2, 4]])
    assert away.transform([[5, 5]]).tolist() == [[10.0]]


def test_score_is_minus_the_inertia() -> None:
    model = SequentialKMeans(2).fit(COLORS)
    assert model.score(COLORS) == -model.inertia_
    assert model.score(COLORS[:1], sample_weight=[3]) == -3 * 4


def test_columns_are_named_by_slot_and_come_in_the_container_asked_for() -> None:
    model = SequentialKMeans(2).fit(COLORS)
    names = ["sequentialkmeans0", "sequentialkmeans1"]
    assert model.get_feature_names_out().tolist() == names
    for module in (pandas, polars):
        frame = model.set_output(transform=module.__name__).transform(COLORS)
        assert isinstance(frame, module.DataFrame)
        assert list(frame.columns) == names
    with pytest.raises(ValueError, match="transform must be one of"):
        model.set_output(transform="parquet")


def test_it_works_in_a_pipeline_and_a_grid_search() -> None:
    rng = np.random.default_rng(0)
    samples = np.concatenate([rng.normal(at, 0.1, (20, 2)) for at in (0, 5, 10)])
    pipeline = make_pipeline(StandardScaler(), SequentialKMeans(3))
    pipeline.set_output(transform="default")
    assert len(set(pipeline.fit(samples).predict(samples))) == 3
    assert pipeline.transform(samples).shape == (60, 3)
    search = GridSearchCV(SequentialKMeans(), {"n_clusters": [1, 3]}, cv=3).fit(samples)
    assert search.best_params_ == {"n_clusters": 3}
    assert clone(search.best_estimator_).get_params() == search.best_estimator_.get_params()


@pytest.mark.parametrize("mode", ["seeded", "steady", "independent", "global"])
def test_iterations_and_tolerance_are_kept_in_every_mode(mode: str) -> None:
    rng = np.random.default_rng(2)
    frames = [rng.integers(0, 256, (500, 3)).astype(np.uint8) for _ in range(3)]
    model = SequentialKMeans(9, mode=mode, max_iter=2, tol=0)
    for frame in frames:
        assert model.partial_fit(frame).n_iter_ <= 2
    patient = SequentialKMeans(9, mode=mode, tol=0).fit(frames[0])
    hasty = SequentialKMeans(9, mode=mode, tol=0.5).fit(frames[0])
    assert patient.n_iter_ > hasty.n_iter_


def test_a_generator_is_asked_once_a_sequence() -> None:
    class Counting:
        asked = 0

        def integers(self, high: int) -> int:
            self.asked += 1
            return 7

    generator = Counting()
    model = SequentialKMeans(2, random_state=generator)
    for _ in range(4):
        model.partial_fit(COLORS)
    assert generator.asked == 1
    assert model.fit(COLORS).random_state.asked == 2


def test_parameters_changed_between_calls_hold_from_then_on() -> None:
    model = SequentialKMeans(2, mode="seeded").fit(COLORS)
    model.set_params(n_clusters=4).partial_fit(COLORS)
    assert model.cluster_centers_.shape == (4, 3)
    assert model.n_steps_ == 1  # other slots have no past
    assert model.inertia_ == 0
    model.set_params(distance="manhattan").partial_fit(COLORS[:2])
    assert model.n_steps_ == 2
    with pytest.raises(ValueError, match="Invalid parameter"):
        model.set_params(k=3)

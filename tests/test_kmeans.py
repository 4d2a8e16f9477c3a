import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import reference
from corpus import files, needs_corpus
from steadyhue import _native, kmeans
from steadyhue.color import grid_points
from steadyhue.frame import Frame
from steadyhue.histogram import Histogram
from steadyhue.kmeans import Clustering, lloyd, relocate
from steadyhue.words import DISTANCES, SPACES

both_distances = pytest.mark.parametrize("distance", DISTANCES)
both_kinds = pytest.mark.parametrize("kind", ["grid", "real"])


def cloud(seed: int, n: int, kind: str = "grid", d: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Points in a few heaps, with weights; some points repeat."""
    random = np.random.default_rng(seed)
    heaps = random.integers(30, 226, (5, d))
    values = heaps[random.integers(0, 5, n)] + random.normal(0, 12, (n, d))
    weights = random.integers(1, 50, n)
    if kind == "grid":
        return np.clip(values, 0, 255).astype(np.int16), weights.astype(np.int64)
    return values, weights.astype(np.float64)


clouds = st.builds(
    cloud,
    st.integers(0, 10_000),
    st.sampled_from([1, 2, 15, 16, 17, 100, 255, 256, 257, 700]),
    st.sampled_from(["grid", "real"]),
)


def assigned(
    points: np.ndarray,
    centers: np.ndarray,
    distance: str,
    labels: np.ndarray | None = None,
    threads: int = 1,
) -> np.ndarray:
    out = np.full(len(points), -1, np.int32) if labels is None else labels.copy()
    _native.assign(points, centers.astype(np.float64), out, distance == "manhattan", threads)
    return out


@given(
    clouds, st.sampled_from([1, 2, 7, 8, 9, 16, 33, 256]), st.sampled_from(DISTANCES), st.booleans()
)
def test_labels_are_those_of_the_plain_search(
    points_weights: tuple[np.ndarray, np.ndarray], k: int, distance: str, whole: bool
) -> None:
    points, _ = points_weights
    random = np.random.default_rng(k)
    centers = random.uniform(0, 255, (k, points.shape[1]))
    if whole:
        centers = np.floor(centers / 32) * 32  # ties and duplicates
    old = random.integers(-1, k, len(points)).astype(np.int32)
    for labels in (None, old):
        expected = reference.nearest(points, centers, distance, labels)
        assert np.array_equal(assigned(points, centers, distance, labels), expected)


@both_distances
@pytest.mark.parametrize("d", [1, 2, 3, 5, 17])
def test_any_number_of_features(d: int, distance: str) -> None:
    points, weights = cloud(d, 300, "real", d)
    centers = kmeans.plus_plus_centers(points, weights, 6, distance=distance)
    labels = assigned(points, centers, distance)
    assert np.array_equal(labels, reference.nearest(points, centers, distance))
    found = lloyd(points, weights, centers, distance=distance, max_iter=1, tol=0)
    np.testing.assert_allclose(
        found.centers, reference.updated(points, weights, centers, labels, distance), rtol=1e-12
    )


@both_distances
def test_ties_go_to_the_label_given_else_to_the_lowest_slot(distance: str) -> None:
    points = np.array([[10, 10, 10], [20, 10, 10]], np.int16)
    centers = np.array([[0, 0, 0], [15, 10, 10], [15, 10, 10], [15, 10, 10]], np.float64)
    assert assigned(points, centers, distance).tolist() == [1, 1]
    old = np.array([3, 0], np.int32)
    assert assigned(points, centers, distance, old).tolist() == [3, 1]


@both_distances
@both_kinds
def test_a_step_is_the_reference_step(kind: str, distance: str) -> None:
    for seed in range(8):
        points, weights = cloud(seed, 400, kind)
        weights[::7] = 0
        centers = points[:9].astype(np.float64)
        centers[8] = 900  # empty
        labels = reference.nearest(points, centers, distance)
        found = lloyd(points, weights, centers, distance=distance, max_iter=1, tol=0)
        expected = reference.updated(points, weights, centers, labels, distance)
        np.testing.assert_allclose(found.centers, expected, rtol=1e-12)
        assert found.centers[8].tolist() == [900, 900, 900]
        assert np.array_equal(
            found.labels, reference.nearest(points, found.centers, distance, labels)
        )
        np.testing.assert_allclose(
            found.inertia,
            reference.inertia(points, weights, found.centers, found.labels, distance),
            rtol=1e-9,
        )
        assert np.array_equal(found.weights, np.bincount(found.labels, weights, 9))


@both_distances
@both_kinds
def test_the_error_never_rises(kind: str, distance: str) -> None:
    for seed in range(10):
        points, weights = cloud(seed, 500, kind)
        centers = kmeans.random_centers(points, weights, 12, seed)
        errors = [
            lloyd(points, weights, centers, distance=distance, tol=0, max_iter=m).inertia
            for m in range(12)
        ]
        assert all(b <= a * (1 + 1e-12) for a, b in itertools.pairwise(errors))


def test_labels_and_inertia_are_those_of_scikit_learn() -> None:
    KMeans = pytest.importorskip("sklearn.cluster").KMeans

    for seed in range(10):
        points, weights = cloud(seed, 600)
        points, rows = np.unique(points, axis=0, return_index=True)
        weights = weights[rows]
        centers = kmeans.plus_plus_centers(points, weights, 10, seed)
        centers += np.random.default_rng(seed).uniform(0, 0.5, centers.shape)  # no ties
        ours = lloyd(points, weights, centers, tol=0)
        theirs = KMeans(10, init=centers, n_init=1, tol=0, max_iter=300)
        theirs.fit(points.astype(np.float64), sample_weight=weights)
        assert np.array_equal(ours.labels, theirs.labels_)
        assert ours.inertia == pytest.approx(theirs.inertia_, rel=1e-9)
        np.testing.assert_allclose(ours.centers, theirs.cluster_centers_, rtol=1e-6)


@both_distances
def test_k_medians_and_k_means_run_like_the_reference_to_the_end(distance: str) -> None:
    for seed in range(6):
        points, weights = cloud(seed, 200)
        start = kmeans.random_centers(points, weights, 6, seed)
        centers, labels = start, np.full(len(points), -1, np.int32)
        for _ in range(100):
            new = reference.nearest(points, centers, distance, labels)
            if np.array_equal(new, labels):
                break
            labels = new
            centers = reference.updated(points, weights, centers, labels, distance)
        found = lloyd(points, weights, start, distance=distance, tol=0)
        assert np.array_equal(found.labels, labels)
        np.testing.assert_allclose(found.centers, centers, rtol=1e-7)


def test_of_a_median_interval_the_point_nearest_to_the_old_center_is_taken() -> None:
    points = np.array([[10, 0, 0], [20, 0, 0]], np.int16)
    weights = np.array([3, 3], np.int64)
    for old, new in ((5.0, 10.0), (14.0, 14.0), (30.0, 20.0)):
        centers = np.array([[old, 0, 0]])
        assert lloyd(points, weights, centers, distance="manhattan").centers[0, 0] == new


@both_distances
@both_kinds
def test_weights_count_like_repetition(kind: str, distance: str) -> None:
    points, weights = cloud(3, 120, kind)
    centers = points[:5].astype(np.float64)
    once = lloyd(points, weights, centers, distance=distance, tol=0)
    repeated = np.repeat(points, weights.astype(int), axis=0)
    many = lloyd(repeated, np.ones(len(repeated), weights.dtype), centers, distance=distance, tol=0)
    assert np.array_equal(np.repeat(once.labels, weights.astype(int)), many.labels)
    np.testing.assert_allclose(once.centers, many.centers, rtol=1e-12)
    assert once.inertia == pytest.approx(many.inertia, rel=1e-9)


@both_distances
def test_the_order_of_the_points_does_not_matter(distance: str) -> None:
    points, weights = cloud(4, 900)
    order = np.random.default_rng(0).permutation(len(points))
    centers = points[:20].astype(np.float64)
    a = lloyd(points, weights, centers, distance=distance, tol=0)
    b = lloyd(points[order], weights[order], centers, distance=distance, tol=0)
    assert np.array_equal(a.labels[order], b.labels)
    assert np.array_equal(a.centers, b.centers)
    assert np.array_equal(a.weights, b.weights)


@both_distances
@both_kinds
def test_threads_do_not_change_a_bit(kind: str, distance: str) -> None:
    points, weights = cloud(5, 3000, kind)
    centers = points[:40].astype(np.float64)
    order = _native.sort_channels(points)
    results = []
    for threads in (1, 2, 4):
        labels = np.full(len(points), -1, np.int32)
        step = (
            _native.medians_step(points, weights, order, centers, labels, threads)
            if distance == "manhattan"
            else _native.lloyd_step(points, weights, centers, labels, threads)
        )
        results.append((step[0].tobytes(), step[1].tobytes(), step[2:], labels.tobytes()))
    assert results[0] == results[1] == results[2]


@both_distances
@both_kinds
@pytest.mark.parametrize("n", [0, 1, 3, 6])
def test_with_no_more_points_than_centers_every_point_is_one(
    n: int, kind: str, distance: str
) -> None:
    points, weights = cloud(n, n, kind)
    centers = np.random.default_rng(1).uniform(0, 255, (6, 3))
    found = lloyd(points, weights, centers, distance=distance)
    assert found.inertia == 0
    assert len(set(found.labels.tolist())) == n
    assert np.array_equal(found.centers[found.labels], points)
    free = np.setdiff1d(np.arange(6), found.labels)
    assert np.array_equal(found.centers[free], centers[free])
    assert np.array_equal(found.weights, np.bincount(found.labels, weights, 6))


@both_distances
def test_without_iterations_centers_stay_where_they_are(distance: str) -> None:
    points, weights = cloud(2, 2)
    centers = np.random.default_rng(1).uniform(0, 255, (6, 3))
    found = lloyd(points, weights, centers, distance=distance, max_iter=0)
    assert np.array_equal(found.centers, centers)
    assert np.array_equal(found.labels, reference.nearest(points, centers, distance))


def test_huge_weights_do_not_overflow() -> None:
    points = np.array([[32000, 0, 0], [31998, 0, 0], [0, 0, 0]], np.int16)
    weights = np.full(3, 1 << 36, np.int64)
    found = lloyd(points, weights, np.array([[30000.0, 0, 0], [10, 0, 0]]), tol=0)
    assert found.inertia == 2 * (1 << 36)


def test_colors_that_stay_keep_their_slots() -> None:
    points = np.array([[9, 9, 9], [200, 0, 0], [10, 10, 10]], np.int16)
    centers = np.array([[100, 0, 0], [10, 10, 10], [9, 9, 9], [0, 250, 0]], np.float64)
    found = lloyd(points, np.array([5, 5, 5], np.int64), centers)
    assert found.labels.tolist() == [2, 0, 1]


def test_a_coarse_tolerance_keeps_the_centers_bit_for_bit() -> None:
    points, weights = cloud(6, 300)
    settled = lloyd(points, weights, points[:8].astype(np.float64), tol=0)
    nudged = settled.centers + 0.01
    assert np.array_equal(lloyd(points, weights, nudged, tol=1e-3).centers, nudged)


@both_distances
def test_starts_are_distinct_points_and_follow_the_seed(distance: str) -> None:
    points, weights = cloud(7, 300)
    points = np.unique(points, axis=0)
    weights = weights[: len(points)]
    for start in (
        lambda seed: kmeans.random_centers(points, weights, 20, seed),
        lambda seed: kmeans.plus_plus_centers(points, weights, 20, seed, distance=distance),
    ):
        centers = start(1)
        assert len(np.unique(centers, axis=0)) == 20
        assert {tuple(c) for c in centers} <= {tuple(p) for p in points.astype(float)}
        assert np.array_equal(centers, start(1))
        assert not np.array_equal(centers, start(2))


def test_more_centers_than_points_come_round_again() -> None:
    points, weights = cloud(8, 3)
    for start in (kmeans.random_centers, kmeans.plus_plus_centers):
        assert start(points, weights, 7).shape == (7, 3)


def test_random_starts_are_drawn_by_weight() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0]], np.int16)
    weights = np.array([1, 2, 7], np.int64)
    first = [kmeans.random_centers(points, weights, 1, seed)[0, 0] for seed in range(4000)]
    np.testing.assert_allclose(np.bincount(np.int64(first)) / 4000, [0.1, 0.2, 0.7], atol=0.03)


def test_points_without_weight_are_drawn_last() -> None:
    points = np.arange(30, dtype=np.int16).reshape(10, 3)
    weights = np.array([0, 3, 0, 0, 5, 0, 0, 1, 0, 0], np.int64)
    for start in (kmeans.random_centers, kmeans.plus_plus_centers):
        rows = (start(points, weights, 5, 3)[:, 0] / 3).astype(int)
        assert set(rows[:3]) == {1, 4, 7}
        assert len(set(rows)) == 5


def test_a_large_cloud_is_sampled_by_weight() -> None:
    points, weights = cloud(9, 20_000)
    centers = kmeans.plus_plus_centers(points, weights, 16, 0)
    full = lloyd(points, weights, centers, tol=0)
    random = lloyd(points, weights, kmeans.random_centers(points, weights, 16, 0), tol=0)
    assert full.inertia < 1.1 * random.inertia


@both_distances
@both_kinds
def test_relocation_lowers_the_error_by_what_it_promises(kind: str, distance: str) -> None:
    fired = 0
    for seed in range(12):
        points, weights = cloud(seed, 300, kind)
        start = kmeans.random_centers(points, weights, 8, seed)
        before = lloyd(points, weights, start, distance=distance)
        centers, moved = relocate(points, weights, before, distance=distance, tau=1.0, max_moves=3)
        after = lloyd(points, weights, centers, distance=distance, max_iter=0)
        assert after.inertia <= before.inertia * (1 + 1e-9)
        if not moved:
            assert np.array_equal(centers, before.centers)
        fired += len(moved)
    assert fired > 0


@both_distances
def test_an_empty_slot_goes_where_the_error_is(distance: str) -> None:
    points = np.array([[0, 0, 0], [10, 0, 0], [100, 0, 0], [200, 0, 0]], np.int16)
    weights = np.array([5, 5, 9, 1], np.int64)
    start = np.array([[0, 0, 0], [250, 250, 250], [109, 0, 0]], np.float64)
    before = lloyd(points, weights, start, distance=distance, max_iter=0)
    assert before.labels.tolist() == [0, 0, 2, 2]
    centers, moved = relocate(points, weights, before, distance=distance)
    assert moved == [1]
    assert centers[2].tolist() == [100, 0, 0]  # the heavier half keeps its slot
    assert centers[1].tolist() == [200, 0, 0]
    assert centers[0].tolist() == [0, 0, 0]


def test_the_lighter_of_two_close_clusters_makes_room() -> None:
    points = np.array([[0, 0, 0], [2, 0, 0], [100, 0, 0], [140, 0, 0]], np.int16)
    weights = np.array([10, 30, 20, 20], np.int64)
    start = np.array([[0, 0, 0], [2, 0, 0], [120, 0, 0]], np.float64)
    before = lloyd(points, weights, start, tol=0)
    centers, moved = relocate(points, weights, before, tau=2)
    assert moved == [0]
    assert centers.tolist() == [[140, 0, 0], [1.5, 0, 0], [100, 0, 0]]
    assert lloyd(points, weights, centers).inertia == 10 * 30 / 40 * 4


def test_nothing_moves_that_does_not_pay() -> None:
    points = np.array([[0, 0, 0], [10, 0, 0], [100, 0, 0], [110, 0, 0]], np.int16)
    weights = np.full(4, 10, np.int64)
    settled = lloyd(points, weights, np.array([[5.0, 0, 0], [105.0, 0, 0], [300.0, 0, 0]]), tol=0)
    _, moved = relocate(points, weights, settled, tau=1.2)
    assert moved == [2]
    two = lloyd(points, weights, np.array([[5.0, 0, 0], [105.0, 0, 0]]), tol=0)
    assert relocate(points, weights, two, tau=1.2)[1] == []


def test_wrong_arguments_are_named() -> None:
    points, weights = cloud(0, 10)
    with pytest.raises(ValueError, match="distance must be one of euclidean, manhattan"):
        lloyd(points, weights, np.zeros((2, 3)), distance="cosine")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cannot choose 0 centers from 10 points"):
        kmeans.random_centers(points, weights, 0)
    assert isinstance(lloyd(points, weights, np.zeros((2, 3))), Clustering)


def real_histograms() -> list[Histogram]:
    """Histograms of two frames of every natural clip."""
    found = []
    for path in files("natural/*.gif"):
        with Image.open(path) as clip:
            for number in (0, 5):
                clip.seek(min(number, clip.n_frames - 1))
                found.append(Histogram.of(Frame.from_array(np.asarray(clip.convert("RGB")))))
    return found


@needs_corpus
@pytest.mark.filterwarnings("ignore")  # Pillow's and scikit-learn's own
def test_real_frames_cluster_as_in_scikit_learn() -> None:
    KMeans = pytest.importorskip("sklearn.cluster").KMeans

    for seed, histogram in enumerate(real_histograms()):
        points = grid_points(histogram.colors, "srgb")
        centers = kmeans.plus_plus_centers(points, histogram.weights, 10, seed)
        centers += np.random.default_rng(seed).uniform(0, 0.5, centers.shape)  # no ties
        ours = lloyd(points, histogram.weights, centers, tol=0, max_iter=1000)
        theirs = KMeans(10, init=centers, n_init=1, tol=0, max_iter=1000)
        theirs.fit(points.astype(np.float64), sample_weight=histogram.weights)
        assert np.array_equal(ours.labels, theirs.labels_)
        assert ours.inertia == pytest.approx(theirs.inertia_, rel=1e-9)


@needs_corpus
@both_distances
@pytest.mark.parametrize("space", SPACES)
def test_real_frames_never_get_worse(space: str, distance: str) -> None:
    for seed, histogram in enumerate(real_histograms()[::5]):
        points = grid_points(histogram.colors, space)
        start = kmeans.random_centers(points, histogram.weights, 16, seed)
        errors = []
        for _ in range(6):
            found = lloyd(points, histogram.weights, start, distance=distance, max_iter=3)
            assert np.array_equal(
                found.labels, reference.nearest(points, found.centers, distance, found.labels)
            )
            errors.append(found.inertia)
            start, _ = relocate(
                points, histogram.weights, found, distance=distance, tau=1.0, max_moves=4
            )
        assert all(b <= a * (1 + 1e-9) for a, b in itertools.pairwise(errors))

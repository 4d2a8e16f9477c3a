import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import reference
from steadyhue.frame import Frame
from steadyhue.histogram import Histogram

frames = hnp.arrays(
    np.uint8,
    st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(4)),
    elements=st.integers(0, 255),
).map(lambda a: a & 0xC0)


def as_dict(histogram: Histogram) -> dict[tuple[int, ...], int]:
    keys = [tuple(c) for c in histogram.colors.tolist()]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, histogram.weights.tolist(), strict=True))


@given(frames)
def test_a_histogram_counts_the_opaque_pixels(pixels: np.ndarray) -> None:
    frame = Frame.from_array(pixels)
    histogram = Histogram.of(frame)
    assert as_dict(histogram) == reference.distinct(pixels, 128)
    assert np.array_equal(frame.colors[histogram.rows], histogram.colors)


def test_unused_rows_are_left_out() -> None:
    frame = Frame(
        np.array([[2, 2]], np.int32),
        np.array([[1, 1, 1], [2, 2, 2], [3, 3, 3]], np.uint8),
        np.array([0, 0, 2], np.int64),
    )
    histogram = Histogram.of(frame)
    assert (histogram.colors.tolist(), histogram.weights.tolist()) == ([[3, 3, 3]], [2])
    assert histogram.rows.tolist() == [2]


@given(st.lists(frames, min_size=0, max_size=4), st.integers(1, 5))
def test_merging_adds_weights(arrays: list[np.ndarray], factor: int) -> None:
    histograms = [Histogram.of(Frame.from_array(a)) for a in arrays]
    factors = [factor + i for i in range(len(arrays))]
    expected: dict[tuple[int, ...], int] = {}
    for histogram, times in zip(histograms, factors, strict=True):
        for color, weight in as_dict(histogram).items():
            expected[color] = expected.get(color, 0) + weight * times
    assert as_dict(Histogram.merge(iter(histograms), factors)) == expected


def test_merging_in_batches_is_merging_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    parts = [
        Histogram.of(Frame.from_array(random.integers(0, 40, (30, 30, 3)).astype(np.uint8)))
        for _ in range(8)
    ]
    whole = Histogram.merge(parts)
    monkeypatch.setattr("steadyhue.histogram._BATCH", 1500)
    batched = Histogram.merge(parts)
    assert np.array_equal(whole.colors, batched.colors)
    assert np.array_equal(whole.weights, batched.weights)


def test_the_histogram_of_nothing_is_empty() -> None:
    assert len(Histogram.of(Frame.from_array(np.zeros((1, 1, 4), np.uint8))).colors) == 0
    assert len(Histogram.merge([]).colors) == 0


def test_a_cut_travels_with_the_histogram() -> None:
    frame = Frame.from_array(np.zeros((1, 4), np.uint8))
    assert not Histogram.of(frame).cut
    assert Histogram.of(frame, cut=True).coarse(0).cut

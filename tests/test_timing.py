from math import inf as INF
from math import nan as NAN

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyhue.errors import OptionError
from steadyhue.formats.timing import Timing

CLIP = [("a", 100.0), ("b", 50.0), ("c", 150.0)]


def select(**wanted: float) -> list[tuple[str, float]]:
    return list(Timing(**wanted).select(CLIP))


def test_without_options_nothing_changes() -> None:
    assert select() == CLIP
    assert Timing().keeps_all


def test_a_cut_shortens_the_frames_at_its_ends() -> None:
    assert select(start=40) == [("a", 60), ("b", 50), ("c", 150)]
    assert select(duration=120) == [("a", 100), ("b", 20)]
    assert select(start=100, duration=50) == [("b", 50)]


def test_a_cut_past_the_end_has_no_frames() -> None:
    assert select(start=300) == []


def test_a_cut_keeps_frames_that_take_no_time() -> None:
    assert list(Timing(start=10).select([("a", 10.0), ("b", 0.0), ("c", 5.0)])) == [
        ("b", 0),
        ("c", 5),
    ]


def test_reading_stops_at_the_end_of_the_cut() -> None:
    def endless():
        yield "a", 100.0
        yield "b", 100.0
        raise AssertionError("read too far")

    assert list(Timing(duration=150).select(endless())) == [("a", 100), ("b", 50)]


def test_thinning_keeps_the_playing_time() -> None:
    assert select(every=2) == [("a", 150), ("c", 150)]
    assert select(every=9) == [("a", 300)]


def test_a_rate_repeats_and_leaves_out() -> None:
    assert select(fps=20) == [(name, 50) for name in "aabccc"]
    assert select(fps=5) == [("b", 200)]
    assert select(fps=0.1) == [("c", 10000)]


@given(
    st.lists(st.floats(1, 500), min_size=1, max_size=20),
    st.floats(1, 100),
)
def test_a_rate_keeps_the_playing_time_within_one_tick(times: list[float], fps: float) -> None:
    chosen = list(Timing(fps=fps).select((None, time) for time in times))
    assert abs(len(chosen) * 1000 / fps - sum(times)) <= 1000 / fps


BAD = {
    "start": [-1, NAN, INF, "1", None, True],
    "duration": [0, -5, NAN, INF, "1", {}],
    "every": [0, 1.5, NAN, "2", None, True],
    "fps": [0, 1e-300, 2000, NAN, "5"],
}


@pytest.mark.parametrize(("name", "value"), [(name, v) for name in BAD for v in BAD[name]])
def test_options_out_of_range_or_of_another_kind_are_refused(name: str, value: object) -> None:
    with pytest.raises(OptionError, match=f"^{name} must be [^\n]*$"):
        Timing(**{name: value})


def test_numbers_of_numpy_are_numbers() -> None:
    timing = Timing(np.float32(40), np.int64(200), np.int8(2), np.float64(20))
    assert timing == Timing(40, 200, 2, 20)
    assert list(timing.select(CLIP)) == list(Timing(40, 200, 2, 20).select(CLIP))

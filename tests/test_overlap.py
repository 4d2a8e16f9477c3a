"""Stages beside each other: in order, bounded, and over when they are over."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from steadyhue.frame import Frame, IndexedFrame
from steadyhue.overlap import overlap, pixel_bytes


def frame(pixels: int) -> IndexedFrame:
    return IndexedFrame(np.zeros((1, pixels), np.uint8), np.zeros((1, 3), np.uint8))


def lead(size: int, budget: int, expected: int, depth: int = 4) -> int:
    """Return how many items are made before the second is taken, one in hand included.

    That there are as many as expected is waited for; that there are no more, for a moment.
    """
    made = []

    def frames() -> Iterator[IndexedFrame]:
        for _ in range(12):
            made.append(1)
            yield frame(size)

    stage = overlap(frames(), depth, budget)
    next(stage)
    until = time.monotonic() + 60
    while len(made) - 1 < expected and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.1)
    ahead = len(made) - 1
    stage.close()
    return ahead


@pytest.mark.parametrize(
    ("size", "waiting"), [(1, 4), (25, 4), (26, 3), (50, 2), (51, 1), (1000, 1)]
)
def test_bytes_bound_what_waits(size: int, waiting: int) -> None:
    expected = waiting + 1  # one found no room
    assert lead(size, budget=100, expected=expected) == expected


def test_all_come_in_order() -> None:
    assert list(overlap(iter(range(1000)))) == list(range(1000))


def test_errors_are_raised_where_they_are_met() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise KeyError("here")

    stage = overlap(broken())
    assert next(stage) == 1
    with pytest.raises(KeyError, match="here"):
        next(stage)


def test_without_threads_the_same_comes_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    assert list(overlap(iter(range(10)))) == list(range(10))


def test_closing_ends_the_thread() -> None:
    before = threading.active_count()
    stage = overlap(iter(range(10**9)))
    next(stage)
    stage.close()
    assert threading.active_count() <= before


def test_pixels_are_weighed() -> None:
    picture = Frame.from_array(np.zeros((4, 5, 3), np.uint8))
    assert pixel_bytes(picture) == 80
    assert pixel_bytes((frame(7), None)) == 7
    assert pixel_bytes(5) == 0


def test_an_error_ends_the_stages_before_it() -> None:
    before = threading.active_count()

    def failing() -> Iterator[int]:
        stage = overlap(iter(range(1000)))
        for item in stage:
            if item == 3:
                raise KeyError("here")
            yield item

    with pytest.raises(KeyError, match="here") as raised:
        list(overlap(failing()))
    assert threading.active_count() <= before, raised

"""A run: what fails doesn't stop the rest, what may pass is tried again, what kills is blamed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from steadyhue.batches.engines import Engine
from steadyhue.batches.engines.here import Here
from steadyhue.batches.engines.local import Local
from steadyhue.batches.faults import fault_of
from steadyhue.batches.run import Outcome, Run, Story
from steadyhue.batches.tasks import Task
from steadyhue.errors import FormatError, LimitError

ENGINES = [Here, lambda: Local(2)]


def upper(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A task: copies a text in capitals, and dies, hangs or fails on request."""
    source = Path(payload["source"])
    text = source.read_text()
    with source.with_suffix(".begun").open("a") as file:
        file.write("x")
    begun = source.with_suffix(".begun").stat().st_size
    if text == "die" or (text == "die once" and begun == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if text == "hang":
        time.sleep(600)
    if text == "fail":
        raise FormatError("failed")
    if text == "stale" or (text == "stale once" and begun == 1):
        raise FormatError("cannot be read") from OSError(116, "Stale file handle")
    if text == "mistake":
        raise KeyError("oops")
    Path(payload["target"]).write_text(text.upper())
    return {"frames": 1}


def story(source: str, target: str) -> Story:
    (value,) = yield [Task(upper, {"source": source, "target": target}, source)]
    return value


def texts(folder: Path, *contents: str) -> list[tuple[str, str]]:
    (folder / "out").mkdir(exist_ok=True)
    pairs = []
    for number, content in enumerate(contents):
        source = folder / f"{number}.txt"
        source.write_text(content)
        pairs.append((str(source), str(folder / "out" / source.name)))
    return pairs


def run(pairs: list[tuple[str, str]], engine: Engine, tries: int = 3) -> list[Outcome]:
    stories = ((source, target, story(source, target)) for source, target in pairs)
    outcomes = list(Run(stories, engine, tries=tries, backoff=0.01))
    return sorted(outcomes, key=lambda outcome: int(Path(outcome.source).stem))


def begun(pairs: list[tuple[str, str]]) -> list[int]:
    return [Path(source).with_suffix(".begun").stat().st_size for source, _ in pairs]


@pytest.mark.parametrize("engine", ENGINES)
def test_one_that_fails_does_not_stop_the_rest(
    tmp_path: Path, engine: Callable[[], Engine]
) -> None:
    pairs = texts(tmp_path, "a", "fail", "b", "mistake")
    outcomes = run(pairs, engine())
    assert [outcome.error for outcome in outcomes] == [
        None,
        f"{pairs[1][0]}: failed",
        None,
        f"{pairs[3][0]}: a mistake of this program: KeyError: 'oops'",
    ]
    assert [Path(pairs[i][1]).read_text() for i in (0, 2)] == ["A", "B"]
    assert begun(pairs) == [1, 1, 1, 1]  # what is the file's own fault is not tried again


@pytest.mark.parametrize("engine", ENGINES)
def test_what_may_pass_is_tried_again_and_only_so_often(
    tmp_path: Path, engine: Callable[[], Engine]
) -> None:
    pairs = texts(tmp_path, "stale", "stale once", "a")
    outcomes = run(pairs, engine())
    assert [bool(outcome.error) for outcome in outcomes] == [True, False, False]
    assert [outcome.tries for outcome in outcomes] == begun(pairs) == [3, 2, 1]


def test_a_process_that_dies_takes_no_other_input_down(tmp_path: Path) -> None:
    pairs = texts(tmp_path, "a", "die", "b", "c", "die once", "d")
    outcomes = run(pairs, Local(2))
    errors = [outcome.error for outcome in outcomes if outcome.error]
    assert errors == [f"{pairs[1][0]}: the process at work on it died"]
    assert [Path(pairs[i][1]).read_text() for i in (0, 2, 3, 4, 5)] == [
        "A",
        "B",
        "C",
        "DIE ONCE",
        "D",
    ]
    assert begun(pairs) == [1, 2, 1, 1, 2, 1]  # alone, once


def test_one_that_hangs_is_ended_and_blamed(tmp_path: Path) -> None:
    pairs = texts(tmp_path, "a", "hang", "b")
    outcomes = run(pairs, Local(2, timeout=6), tries=1)
    assert [outcome.error for outcome in outcomes] == [
        None,
        f"{pairs[1][0]}: was not done after 6 seconds, and was ended",
        None,
    ]


def test_stories_are_begun_as_there_is_room(tmp_path: Path) -> None:
    pairs = texts(tmp_path, *"abcdefgh")
    pulled = []

    def stories() -> Iterator[tuple[str, str, Story]]:
        for source, target in pairs:
            pulled.append(source)
            yield source, target, story(source, target)

    for number, _ in enumerate(Run(stories(), Local(2)), 1):
        # Two are under way, and two may have ended at once: one here, one to be handed out next.
        assert len(pulled) <= number + 3


def test_a_run_that_is_left_ends_its_processes(tmp_path: Path) -> None:
    engine = Local(2)
    pairs = texts(tmp_path, "a", "hang", "hang")
    stories = ((source, target, story(source, target)) for source, target in pairs)
    outcomes = iter(Run(stories, engine))
    next(outcomes)
    workers = [worker.process for worker in engine._workers]
    outcomes.close()
    assert len(workers) == 2
    for worker in workers:
        with pytest.raises(ValueError, match="closed"):  # joined, and let go of
            worker.is_alive()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (FormatError("x"), "input"),
        (LimitError("x"), "input"),
        (FileNotFoundError(2, "no such file"), "input"),
        (OSError(28, "No space left on device"), "input"),
        (OSError(5, "Input/output error"), "transient"),
        (TimeoutError("slow"), "transient"),
        (ConnectionResetError(104, "reset"), "transient"),
        (MemoryError(), "memory"),
        (KeyError("x"), "input"),
    ],
)
def test_faults_are_told_apart(error: Exception, kind: str) -> None:
    assert fault_of(error, "x.gif").kind == kind
    read = FormatError("x.gif: cannot be read")
    read.__cause__ = error
    assert fault_of(read, "x.gif").kind == kind

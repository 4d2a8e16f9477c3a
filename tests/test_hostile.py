"""Five hundred broken files through the command: each ends well, or as one sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from corpus import files
from mutations import broken_files, whole_files

COUNT = 500
MOST_SECONDS = 4.0  # for one file; the usual one takes a hundredth of one
MOST_MEGABYTES = 600


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    folder = tmp_path_factory.mktemp("strangers")
    (folder / "in").mkdir()
    whole = whole_files()
    (folder / "good.gif").write_bytes(whole["clip.gif"])
    paths = files("malformed/*")
    for name, data in [*((f"whole-{n}", d) for n, d in whole.items()), *broken_files(COUNT)]:
        path = folder / "in" / name
        path.write_bytes(data)
        paths.append(path)
    script = Path(__file__).parent / "strangers.py"
    ran = subprocess.run(
        [sys.executable, str(script), str(folder)],
        input="\0".join(map(str, paths)),
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert {path.name for path in folder.iterdir()} <= {"in", "good.gif", "out.gif"}
    assert len(list((folder / "in").iterdir())) == COUNT + len(whole)
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(found) == len(paths)
    return found


def test_none_crashes_and_each_fault_is_one_sentence_that_names_the_file(outcomes: list) -> None:
    for found in outcomes:
        assert not found["crash"], found
        assert found["code"] in (0, 1), found
        assert not found["printed"], found
        assert found["code"] == 0 or found["lines"][0].startswith("Error: "), found
        # What a GIF cannot show of the times is said of the output, not of the file read.
        of_input = [line for line in found["lines"] if "more than a GIF can show" not in line]
        assert len(of_input) <= 1, found
        assert len(found["lines"]) <= 2, found
        assert all(found["name"] in line for line in of_input), found


def test_whole_files_of_every_kind_are_read_without_a_word(outcomes: list) -> None:
    whole = [found for found in outcomes if found["name"].startswith("whole-")]
    assert len(whole) > 25
    assert [f for f in whole if f["code"] or f["lines"]] == []


def test_time_and_memory_are_bounded(outcomes: list) -> None:
    assert max(found["seconds"] for found in outcomes) < MOST_SECONDS
    assert outcomes[-1]["megabytes"] < MOST_MEGABYTES

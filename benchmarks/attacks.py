"""Every attack on record, again: ``python benchmarks/attacks.py [OUT.md]``.

``attacks.toml`` has them: what was tried, what came of it once, and the command. Each runs in
a folder of its own with two small GIFs, ``a.gif`` and ``s.gif``, and a stack of noise, ``in.npy``; the
table says how it ends now, in its own words, and what is there afterwards.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
TESTS = HERE.parent / "tests"
sys.path.insert(0, str(TESTS))

from clips import indexed_clip  # noqa: E402
from steadyhue.formats import open_sink  # noqa: E402

SECONDS = 120  # most of one command, unless it says otherwise
LONGEST = 300  # characters of what is shown of its words

HEAD = "| § | what | then | now | says | there is | CPU s | MB |\n|---|---|---|--:|---|---|--:|--:|"


def main(target: str | None = None, only: str = "") -> None:
    cases = tomllib.loads((HERE / "attacks.toml").read_text("utf-8"))["case"]
    chosen = [case for case in cases if case["section"].startswith(only)]
    with tempfile.TemporaryDirectory() as name:
        given = Path(name) / "given"
        given.mkdir()
        make_inputs(given)
        rows = [HEAD]
        for case in chosen:
            rows.append(row(case, given, Path(name) / "work"))
            print(rows[-1], flush=True)
    if target:
        Path(target).write_text("\n".join(rows) + "\n", "utf-8")


def make_inputs(folder: Path) -> None:
    for name, seed in (("a.gif", 0), ("s.gif", 1)):
        with open_sink(folder / name, 53, 37) as sink:
            for frame in indexed_clip(seed=seed):
                sink.write(frame)
    noise = np.random.default_rng(0).integers(0, 256, (12, 40, 60, 3), np.uint8)
    np.save(folder / "in.npy", noise)


def row(case: dict[str, Any], given: Path, work: Path) -> str:
    """Run a case, and return its line of the table."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(given, work)
    shell(case.get("setup", ""), work)
    limit = int(case.get("seconds", SECONDS))
    code, out, error, seconds, megabytes = shell(case["command"], work, limit)
    _, there, trouble, *_ = shell(case.get("look", ""), work)
    cells = [
        case["section"],
        f"{case['title']}: `{case['shown'] if 'shown' in case else case['command'].strip()}`",
        case["then"],
        str(code),
        error or ("" if "look" in case else out),
        there + trouble,
        f"{seconds:.1f}",
        str(megabytes),
    ]
    return "| " + " | ".join(cell(text, work) for text in cells) + " |"


def shell(script: str, folder: Path, limit: int = SECONDS) -> tuple[int, str, str, float, int]:
    """Run a script; return exit code, output, errors, seconds of CPU, and megabytes of the largest."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    surroundings = os.environ | {"PATH": path, "PYTHONPATH": str(TESTS), "TESTS": str(TESTS)}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        process = subprocess.Popen(
            ["timeout", str(limit), "bash", "-c", script],
            cwd=folder,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=error,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = usage.ru_utime + usage.ru_stime
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, error):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return process.returncode, *texts, seconds, usage.ru_maxrss // 1024


def cell(text: str, work: Path) -> str:
    """Return a text on one line of a table, without what is different in each run."""
    lines = [line for line in text.strip().splitlines() if not line.startswith(("Usage:", "Try "))]
    flat = " ".join(" ".join(lines).replace(f"{work}/", "").split())
    flat = re.sub(r"0x[0-9a-f]{6,}", "0x...", flat).replace("|", "\\|")
    return flat if len(flat) <= LONGEST else flat[:LONGEST] + "..."


if __name__ == "__main__":
    main(*sys.argv[1:])

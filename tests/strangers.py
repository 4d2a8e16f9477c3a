"""Run the command on files of strangers, one after the other, and say what became of each.

``python strangers.py FOLDER`` reads names from standard input and writes one line of JSON each.
It runs by itself, so that memory can be measured and what a library prints is seen.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import traceback
from pathlib import Path

import commands

LIMITS = ["--max-pixels", "2000000", "--max-frames", "200"]


def arguments(path: Path, good: Path, output: Path) -> list[str]:
    """The command that reads a file, by what its name says it is."""
    kind = path.name.split("-", 1)[-1]
    rest = ["-o", str(output), "-k", "2", "-q", "-f", *LIMITS]
    if kind == "map.json":
        return ["transfer", str(good), "--map", str(path), "-o", str(output), "-q", "-f", *LIMITS]
    if kind.startswith("palette"):
        return ["transfer", str(good), "--from", str(path), *rest]
    return ["quantize", str(path), *rest]


def run(path: Path, good: Path, output: Path) -> dict[str, object]:
    """Run the command on a file."""
    start = time.process_time()  # of this process alone, whatever else the machine does
    found = commands.run(arguments(path, good, output))
    crash = found.exception is not None and not isinstance(found.exception, SystemExit)
    return {
        "name": path.name,
        "code": found.exit_code,
        "lines": found.stderr.splitlines(),
        "printed": found.stdout,
        "crash": "".join(traceback.format_exception(found.exception)) if crash else "",
        "seconds": round(time.process_time() - start, 3),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name in sys.stdin.read().split("\0"):
        print(json.dumps(run(Path(name), folder / "good.gif", folder / "out.gif")), flush=True)

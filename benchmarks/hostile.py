"""What becomes of broken files: ``python benchmarks/hostile.py [COUNT] [SEED]``.

Each is a small file of some kind, cut, flipped, filled or spliced, and goes through the command
in a process of its own kind. The table says how many ended well, how many in one sentence,
and what the slowest cost; anything else is printed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))

from mutations import broken_files, whole_files  # noqa: E402


def main(count: int = 500, seed: int = 0) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        (folder / "good.gif").write_bytes(whole_files()["clip.gif"])
        by_kind: dict[str, list[Path]] = defaultdict(list)
        # So many of each kind.
        for file, data in broken_files(count * len(whole_files()), seed):
            path = folder / "in" / file
            path.write_bytes(data)
            by_kind[file.split("-", 1)[1]].append(path)
        print(
            "| file | read | refused | else | slowest, s | memory, MB |\n|---|--:|--:|--:|--:|--:|"
        )
        for kind, paths in by_kind.items():
            print(row(kind, folder, paths))


def row(kind: str, folder: Path, paths: list[Path]) -> str:
    ran = subprocess.run(
        [sys.executable, str(TESTS / "strangers.py"), str(folder)],
        input="\0".join(map(str, paths)),
        capture_output=True,
        text=True,
    )
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    odd = [f for f in found if f["crash"] or f["code"] not in (0, 1) or len(f["lines"]) > 1]
    for each in odd:
        print(each, file=sys.stderr)
    if ran.stderr or len(found) < len(paths):
        print(f"{kind}: ended with {ran.returncode}: {ran.stderr}", file=sys.stderr)
    codes = [each["code"] for each in found if each not in odd]
    lost = len(odd) + len(paths) - len(found)
    slowest = max((each["seconds"] for each in found), default=0)
    memory = found[-1]["megabytes"] if found else 0
    return f"| {kind} | {codes.count(0)} | {codes.count(1)} | {lost} | {slowest:.2f} | {memory} |"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

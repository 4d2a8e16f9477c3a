"""Every example runs: those in docstrings, and the README from top to bottom."""

from __future__ import annotations

import doctest
import importlib
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import steadyhue as sh

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src"
HAS_VIDEO = find_spec("av") is not None
README = (ROOT / "README.md").read_text("utf-8")
WITH_EXAMPLES = [
    ".".join(path.relative_to(SOURCES).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted(SOURCES.rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_docstrings_run(name: str) -> None:
    report: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    for example in doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(name)):
        runner.run(example, out=report.append)
    assert runner.tries
    assert not runner.failures, "".join(report)


def test_the_readme_runs_from_top_to_bottom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make_inputs()
    ran = {"sh": 0, "python": 0}
    for language, block in re.findall(r"```(sh|python)\n(.*?)```", README, re.DOTALL):
        if language == "python":
            exec(compile(block, "README.md", "exec"), {})
            ran[language] += 1
            continue
        for line in block.splitlines():
            if line.startswith("steadyhue ") and (HAS_VIDEO or ".mp4" not in line):
                run(line.replace("feh -", "cat > /dev/null"))
                ran[language] += 1
    assert ran["sh"] > 8
    assert ran["python"] == 1


def test_the_readme_links_to_files_that_are_there() -> None:
    for name in re.findall(r"\]\(([^)]+)\)", README):
        assert name.startswith("https://") or (ROOT / name).exists(), name


def make_inputs() -> None:
    """Make the files that the README's commands read."""
    down, across = np.mgrid[:24, :32]
    pixels = np.zeros((6, 24, 32, 3), np.uint8)
    pixels[..., 0], pixels[..., 1], pixels[..., 2] = 8 * across, 10 * down, 120
    for number, frame in enumerate(pixels):
        frame[4:12, 3 * number : 3 * number + 8] = 220, 30, 40
    clip = sh.Animation.from_arrays(pixels, 80)
    still = sh.quantize(clip, 200, mode="global")
    still.save("in.gif")
    if HAS_VIDEO:
        still.save("in.mp4")
    Image.fromarray(255 - pixels[0]).save("photo.jpg")
    Path("clips").mkdir()
    still.save("clips/one.gif")
    still.save("clips/two.mp4")


def run(command: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", command],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{command}\n{done.stderr}"

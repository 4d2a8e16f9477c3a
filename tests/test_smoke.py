"""If only one test file is run, for a wheel on a new machine, then this is the one."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np

import steadyhue as sh

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def test_the_version_is_the_one_of_the_project() -> None:
    version = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["version"]
    assert sh.__version__ == version
    command = [sys.executable, "-m", "steadyhue", "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.strip() == f"steadyhue, version {version}"


def test_a_clip_is_quantized_written_and_read_again(tmp_path: Path) -> None:
    pixels = np.zeros((2, 4, 6, 3), np.uint8)
    pixels[:, :, 3:] = 250
    pixels[1, 0, 0] = 4, 2, 0
    sh.quantize(pixels, colors=2, mode="global").save(tmp_path / "out.gif")
    shown = np.stack([frame.rgba()[..., :3] for frame in sh.open(tmp_path / "out.gif")])
    expected = np.zeros_like(pixels)
    expected[:, :, 3:] = 250
    assert np.array_equal(shown, expected)

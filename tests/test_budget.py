"""A limit for bytes: the best that fits, and never more."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from steadyhue.api import open as open_clip
from steadyhue.api import quantize
from steadyhue.errors import OptionError, OutputError
from steadyhue.frame import Animation
from steadyhue.result import Result
from steadyhue.words import parse_bytes


def noisy(n: int = 8) -> Animation:
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:64, :96]
    still = np.stack([100 + x, 60 + y, 2 * y], axis=2)
    frames = still + rng.normal(0, 12, (n, 64, 96, 3)) + 4 * np.arange(n)[:, None, None, None]
    return Animation.from_arrays(list(np.clip(frames, 0, 255).astype(np.uint8)), 100)


def bytes_of(result: Result) -> int:
    out = io.BytesIO()
    result.save(out)
    return len(out.getvalue())


def test_the_best_quality_that_fits_is_found() -> None:
    sizes = {quality: bytes_of(quantize(noisy(), quality=quality)) for quality in (100, 60)}
    assert quantize(noisy(), max_bytes=sizes[100]).settings.quality == 100
    found = quantize(noisy(), max_bytes=sizes[60])
    assert found.settings.quality is not None
    assert 60 <= found.settings.quality < 100
    assert bytes_of(found) <= sizes[60]


def test_quality_is_the_most_that_is_tried() -> None:
    assert quantize(noisy(), quality=70, max_bytes=10**9).settings.quality == 70


def test_colors_are_given_up_after_quality() -> None:
    least = bytes_of(quantize(noisy(), quality=1))
    found = quantize(noisy(), max_bytes=least - 300)
    assert found.settings.colors < 255
    assert bytes_of(found) <= least - 300


@pytest.mark.parametrize("allow", [("scale",), ("fps",), ("scale", "fps")])
def test_size_and_rate_are_given_up_where_that_is_allowed(allow: Any) -> None:
    most = bytes_of(quantize(noisy(), quality=40, colors=64)) // 2
    found = quantize(noisy(), max_bytes=most, allow=allow)
    assert bytes_of(found) <= most
    frames = sum(1 for _ in found)
    assert (found.width < 96) <= ("scale" in allow)
    assert (frames < 8) <= ("fps" in allow)
    assert found.width < 96 or frames < 8


def test_what_cannot_fit_is_refused() -> None:
    with pytest.raises(OutputError, match="does not fit into 500 bytes; less size or rate"):
        quantize(noisy(), max_bytes=500)


@pytest.mark.parametrize("most", [0, -1, 2.5, "2MB", True])
def test_a_limit_is_a_whole_number(most: Any) -> None:
    with pytest.raises(OptionError, match="max_bytes"):
        quantize(noisy(), max_bytes=most)


def test_what_has_no_effect_is_refused() -> None:
    with pytest.raises(OptionError, match="without max_bytes"):
        quantize(noisy(), allow=("scale",))
    with pytest.raises(OptionError, match="scale, fps"):
        quantize(noisy(), max_bytes=9000, allow=("color",))  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="scale, fps"):
        quantize(noisy(), max_bytes=9000, allow=np.zeros((1, 2)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2MB", 2_000_000),
        ("1.5 MiB", 1572864),
        ("800k", 800_000),
        ("123456", 123456),
        ("1 gb", 10**9),
    ],
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize("text", ["", "MB", "2 XB", "-1", "1e6", "2MBs", "nan"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        parse_bytes(text)


def test_the_command_line_tells_what_was_chosen(tmp_path: Path) -> None:
    source, target = tmp_path / "in.gif", tmp_path / "out.gif"
    quantize(noisy(), quality=100).save(source)
    command = [sys.executable, "-m", "steadyhue", "quantize", str(source), "-o", str(target)]
    done = subprocess.run([*command, "--max-bytes", "12kB"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "out.gif: quality " in done.stderr
    assert target.stat().st_size <= 12_000
    assert open_clip(target).n_frames == 8
    done = subprocess.run([*command, "--max-bytes", "30", "-f"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "does not fit into 30 bytes" in done.stderr
    assert target.stat().st_size > 30
    for wrong in (
        ["--max-bytes", "much"],
        ["--allow", "scale"],
        ["--max-bytes", "9k", "--allow", "x"],
    ):
        assert subprocess.run([*command, *wrong, "-f"], capture_output=True).returncode == 2

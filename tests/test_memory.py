"""Memory is bounded by the canvas: what waits is counted in pixels, not in frames."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gifs import control, image, screen

SIDE = 6000  # the largest canvas that is let in without asking, 36 megapixels
MOST_MEGABYTES = 2600  # what the README says; without a bound it is 350 more for every frame
FRAMES = 12

SCRIPT = """
import resource, sys
from steadyhue.cli import main
try:
    main(sys.argv[1:])
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told in other units elsewhere")
def test_the_largest_canvas_takes_bounded_memory_however_many_frames_wait(tmp_path: Path) -> None:
    path = tmp_path / "large.gif"
    dots = (control(1, None, 5) + image(n, n, 1, 1, [n % 4]) for n in range(FRAMES))
    path.write_bytes(screen(SIDE, SIDE) + b"".join(dots) + b";")
    words = ["quantize", str(path), "-o", str(tmp_path / "out.gif")]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *words], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < MOST_MEGABYTES

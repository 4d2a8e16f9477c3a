"""How live the studio is: from a control to the picture, from a dropped video to its first frame.

    python benchmarks/studio.py

It needs Chromium and playwright, and takes two minutes. Times are wall times as a person has them,
the best of several: a quiet machine is meant.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np

import steadyhue as sh
from steadyhue import samples

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from browser import browser

REPEATS = 7

LIVE = """async ([name, value, kind]) => {
    const root = document.documentElement, control = document.querySelector(`[name=${name}]`);
    const mark = kind === "input" ? "drafts" : "ready", before = root.dataset[mark];
    const canvas = document.querySelector("[data-part=canvas-b]");
    const begun = performance.now();
    control.value = value;
    control.dispatchEvent(new Event(kind, {bubbles: true}));
    while (root.dataset[mark] === before || (kind === "input" && !canvas.dataset.frame))
        await new Promise(requestAnimationFrame);
    return performance.now() - begun;
}"""
OPENED = """async begun => {
    const canvas = document.querySelector("[data-part=canvas-b]");
    const isPainted = () => {
        if (!canvas.width || canvas.width === 300) return false;
        return canvas.getContext("2d").getImageData(0, 0, canvas.width, 1).data.some(level => level);
    };
    while (!isPainted()) await new Promise(requestAnimationFrame);
    return Date.now() - begun;
}"""


@contextmanager
def studio(*arguments: str) -> Iterator[tuple[str, int]]:
    """Run the studio as a person would; yield its address and process."""
    line = [sys.executable, "-m", "steadyhue", "studio", "--no-browser", *arguments]
    process = subprocess.Popen(line, stderr=subprocess.PIPE, text=True)
    try:
        address = re.search(r"http://\S+", process.stderr.readline())[0]
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def peak(pid: int) -> float:
    """Return the most memory that a process took, in MB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", text)[1]) / 1000


def sample(folder: Path) -> Path:
    path = folder / "harbor.gif"
    sh.quantize(samples.harbor(), 256, mode="global").save(path)
    return path


def video(path: Path, seed: int, seconds: int = 60) -> Path:
    """Write a video of 1280x720 with grain and movement, at 30 frames a second."""
    rng = np.random.default_rng(seed)
    grain = [rng.integers(-6, 7, (720, 1280, 1), np.int16) for _ in range(4)]
    y, x = np.mgrid[:720, :1280]
    ground = np.stack([x // 5, y * 255 // 720, (x + y) // 8], axis=2).astype(np.int16)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for n in range(30 * seconds):
            picture = np.roll(ground, 3 * n, axis=1) + grain[n % 4]
            left = 7 * n % 1000
            picture[200:400, left : left + 200] = 240, 60, 30
            levels = np.clip(picture, 0, 255).astype(np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(levels, format="rgb24")))
        file.mux(stream.encode())
    return path


def main() -> None:
    with tempfile.TemporaryDirectory() as name, browser() as chromium:
        folder = Path(name)
        with studio(str(sample(folder))) as (address, _):
            tab = chromium.new_page()
            tab.goto(address)
            tab.wait_for_selector("html[data-ready]")
            for what, kind in (
                ("k is dragged, frame on screen", "input"),
                ("k is released, whole loop", "change"),
            ):
                times = []
                for n in range(REPEATS):
                    control = "colors-range" if kind == "input" else "colors"
                    times.append(
                        tab.evaluate(LIVE, [control, str(11 + n + 9 * (kind == "input")), kind])
                    )
                    time.sleep(0.6)
                print(f"{what}: best {min(times):.0f} ms, median {statistics.median(times):.0f} ms")
            tab.close()
        videos = [video(folder / f"{n}.mp4", n) for n in range(3)]
        with studio() as (address, pid):
            tab = chromium.new_page()
            tab.goto(address)
            tab.wait_for_selector("html[data-started]")
            for path in videos:
                begun = time.time() * 1000
                tab.evaluate("document.querySelector('[data-part=canvas-b]').width = 300")
                tab.set_input_files("#file", path)
                print(
                    f"video of {path.stat().st_size / 1e6:.0f} MB dropped, first frame: {tab.evaluate(OPENED, begun):.0f} ms"
                )
                tab.evaluate("delete document.documentElement.dataset.ready")
                begun = time.time()
                tab.wait_for_selector("html[data-ready]", timeout=300_000)
                print(
                    f"  {tab.inner_text('#status')} after {time.time() - begun:.1f} s, {peak(pid):.0f} MB at most"
                )


if __name__ == "__main__":
    main()

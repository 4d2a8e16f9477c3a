"""Parts of the story by themselves: stages of a pass, the price of --help, memory.

Run with a number of colors and clips, it prints the CPU seconds of each stage as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import numpy as np

import steadyhue as sh
from clips import write
from steadyhue.frame import Frame, IndexedFrame
from steadyhue.histogram import Histogram
from steadyhue.modes import Planner, planner
from steadyhue.pipeline import quantize_frames
from steadyhue.settings import Settings

REPEATS = 3


def stages(sources: list[Path], k: int) -> tuple[dict[str, float], list[float]]:
    """Return CPU seconds of each stage over all clips, and each clip's steady over seeded clustering.

    Stages run one after the other here, each the best of `REPEATS`; in a real run they overlap.
    """
    shares = {"decode": 0.0, "cluster": 0.0, "remap": 0.0, "encode": 0.0}
    clustering = []
    for source in sources:
        decoding, frames = best(decode, source)
        seeded, _, _ = clustered(source, frames, k, "seeded")
        steady, remapping, indexed = clustered(source, frames, k, "steady")
        encoding, _ = best(encode, indexed)
        for name, seconds in zip(shares, (decoding, steady, remapping, encoding), strict=True):
            shares[name] += seconds
        clustering.append(steady / seeded)
    return shares, clustering


def clustered(
    source: Path, frames: list[Frame], k: int, mode: str
) -> tuple[float, float, list[IndexedFrame]]:
    """Return the CPU seconds of clustering, those of remapping, and the frames.

    What choosing palettes costs is what a pass takes longer than one with the palettes known.
    """
    steps: list = []
    whole, _ = best(plan_and_remap, source, frames, k, mode, steps)
    remapping, indexed = best(remap, frames, steps)
    return whole - remapping, remapping, indexed


def best(work: Callable, *arguments: object) -> tuple[float, list]:
    """Return the least CPU seconds of some runs, and what the last one made."""
    seconds = []
    for _ in range(REPEATS):
        start = time.process_time()
        made = work(*arguments)
        seconds.append(time.process_time() - start)
    return min(seconds), made


def decode(source: Path) -> list[Frame]:
    return list(sh.open(source))


def plan_and_remap(source: Path, frames: list[Frame], k: int, mode: str, steps: list) -> list:
    """Do both, and keep the planner's steps."""
    steps.clear()
    settings = Settings.of(k, mode=mode)
    chosen = planner(settings, frames)

    def kept(histograms: Iterable[Histogram]) -> Iterator:
        for step in chosen(histograms):
            steps.append(step)
            yield step

    return list(quantize_frames(frames, replace(chosen, choose=kept), settings))


def remap(frames: list[Frame], steps: list) -> list[IndexedFrame]:
    def known(histograms: Iterable[Histogram]) -> Iterator:
        for step, _ in zip(steps, histograms, strict=True):
            yield step

    return [frame for frame, _ in quantize_frames(frames, Planner(known), Settings.of())]


def encode(frames: list[IndexedFrame]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "out.gif", frames, (frames[0].width, frames[0].height), 0)


def help_cost(program: Path, repeats: int = 10) -> tuple[float, bool]:
    """Return the median CPU seconds of --help, and whether it imports numpy."""
    launcher = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime)"
    )
    times = []
    for _ in range(repeats):
        command = [sys.executable, "-I", "-c", launcher, str(program), "--help"]
        times.append(float(subprocess.run(command, capture_output=True, check=True).stdout))
    command = [sys.executable, "-X", "importtime", str(program), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return sorted(times)[repeats // 2], "numpy" in done.stderr


def start_cost(program: Path, timed: Callable) -> float:
    """Return the CPU seconds of quantizing one pixel: everything is imported, nothing is done."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "pixel.gif", Path(folder) / "out.gif"
        pixel = IndexedFrame(np.zeros((1, 1), np.uint8), np.zeros((1, 3), np.uint8))
        write(path, [pixel], (1, 1), 0)
        command = [str(program), "quantize", str(path), "-o", str(out), "-f", "-q"]
        return min(timed(command)[1] for _ in range(REPEATS))


def memory(source: Path, program: Path, timed: Callable) -> tuple[float, float]:
    """Return the peak MB of a run over 150 frames and over 1500 frames of the same clip."""
    frames = [
        IndexedFrame(frame.ids.astype("uint8"), frame.colors, frame.duration)
        for frame in sh.open(source)
    ]
    peaks = []
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "long.gif", Path(folder) / "out.gif"
        for n_frames in (150, 1500):
            size = frames[0].width, frames[0].height
            write(path, list(islice(cycle(frames), n_frames)), size, 0)
            peaks.append(
                timed([str(program), "quantize", str(path), "-o", str(out), "-f", "-q"])[2]
            )
    return peaks[0], peaks[1]


if __name__ == "__main__":
    print(json.dumps(stages([Path(name) for name in sys.argv[2:]], int(sys.argv[1]))[0]))

"""A video to a GIF of 16 colors: steadyhue and ffmpeg's per-frame palettes, whole processes in turn."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from clips import ROOT
from growth import STEADYHUE
from timing import Timing, median, ratio, timed

COLORS = 16


def commands(source: Path, out: Path) -> dict[str, list[str]]:
    """Return each tool's command; ffmpeg with its own dithering and with none."""
    ours = [str(STEADYHUE), "quantize", str(source), "-o", str(out), "-k", str(COLORS), "-f", "-q"]
    tools = {"steadyhue": ours, "steadyhue bayer": [*ours, "--dither", "bayer"]}
    for dither in ("sierra2_4a", "none"):
        graph = (
            f"split[a][b];[a]palettegen=max_colors={COLORS}:stats_mode=single[p];"
            f"[b][p]paletteuse=new=1:dither={dither}"
        )
        tools[f"ffmpeg {dither}"] = [
            *("/usr/bin/ffmpeg", "-v", "error", "-y"),
            *("-i", str(source), "-lavfi", graph, str(out)),
        ]
    return tools


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, nargs="?", default=ROOT / "video" / "mdn_flower.mp4")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    times: dict[str, list[Timing]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(arguments.rounds):
            for name, command in commands(arguments.source, Path(folder) / "out.gif").items():
                times.setdefault(name, []).append(timed(command))
    print(f"| {arguments.source.name}, {COLORS} colors | wall s | CPU s | MB | over steadyhue's |")
    print("|---|--:|--:|--:|--:|")
    for name, timings in times.items():
        wall, cpu, peak = (median(timings, column) for column in range(3))
        over = 1 / ratio(times, "steadyhue", name)
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {over:.2f} |")


if __name__ == "__main__":
    main()

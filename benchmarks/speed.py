"""Whole processes side by side, on real clips at ten colors; writes docs/speed.md.

Tools take turns within each round, so that a slow moment of the machine hits all
of them; a ratio is the median over rounds of the two times of one round.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from clips import HERE, ROOT
from growth import (
    STEADYHUE,
    Promise,
    ffmpeg,
    gifsicle,
    marginal_section,
    ours,
    terminal_section,
    video_section,
)
from machine import load, machine
from stages import help_cost, memory, stages, start_cost
from timing import CPU, PEAK, Commands, Race, both, median, race, ratio, table, timed

CLIPS = ("intel_cars", "intel_store", "intel_fruit", "mp_iris")
COLORS = 10


def commands(source: Path, out: Path) -> Commands:
    """Return each tool's command."""
    convert = ["/usr/bin/convert", str(source), "-coalesce", "+dither", "-colors", str(COLORS)]
    script = [sys.executable, str(HERE / "plain_kmeans.py"), str(source), str(out), str(COLORS)]
    return {
        "steadyhue": ours(source, out, COLORS),
        "steadyhue seeded": ours(source, out, COLORS, "--mode", "seeded"),
        "gifsicle": gifsicle(source, out, COLORS),
        "ffmpeg": ffmpeg(source, out, COLORS),
        "ImageMagick": [*convert, str(out)],
        "scikit-learn": script,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--clips", nargs="+", default=CLIPS)
    parser.add_argument("--before", help="python of another installation, for its stages")
    arguments = parser.parse_args()
    sources = [ROOT / "natural" / f"{name}.gif" for name in arguments.clips]
    with tempfile.TemporaryDirectory() as folder:
        text = page(sources, arguments.rounds, Path(folder), arguments.before)
    (HERE.parent / "docs" / "speed.md").write_text(text)
    print(text)


def page(sources: list[Path], rounds: int, folder: Path, before: str | None) -> str:
    races: dict[str, Race] = {}
    for source in sources:
        races[source.stem] = race(commands(source, folder / "out.gif"), rounds, ("scikit-learn",))
        told(source.stem)
    names = [source.stem for source in sources]
    more, frame_promises = marginal_section(folder, names, rounds)
    told("marginal times")
    recording, terminal_promises = terminal_section(folder, rounds)
    told("terminal")
    video, video_promises = video_section(folder, rounds)
    told("video")
    split, stage_promises = stages_section(sources, before)
    usage = table(races, lambda t: f"{median(t, CPU):.2f} s, {median(t, PEAK):.0f} MB")
    checks = [
        *process_promises(races),
        *frame_promises,
        *terminal_promises,
        *video_promises,
        *stage_promises,
        *start_promises(sources[0]),
    ]
    sections = [
        [
            "# Speed",
            "",
            f"Whole processes, no dithering where nothing else is said; medians of {rounds} rounds in which the",
            "tools take turns (the scikit-learn script, and ffmpeg on the terminal, run once). Ratios are taken",
            "round by round, and the worst clip's is given. Written by `make bench` (`benchmarks/speed.py`).",
            "",
            f"{date.today():%Y-%m-%d}, {machine()}; {', '.join(versions())}.",
            load(),
        ],
        [f"## Seconds at {COLORS} colors, and of CPU time", "", *table(races, both)],
        ["## CPU seconds and peak memory", "", *usage],
        [
            "## A frame more",
            "",
            "Milliseconds, and of CPU time: what a clip takes that is played several times over, less what it",
            "takes itself, for each frame added.",
            "",
            *more,
        ],
        [
            "## A terminal",
            "",
            "Seconds, and of CPU time: 878 frames of someone typing (`benchmarks/terminal.py`), most of which",
            "change a character.",
            "",
            *recording,
        ],
        [
            "## Video of 720p",
            "",
            "Seconds, and of CPU time, for 24 frames; ffmpeg with a palette for each frame and with one for all.",
            "",
            *video,
        ],
        ["## Where steadyhue's time goes", "", *split],
        ["## Promises", "", *promised(checks)],
    ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def told(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def stages_section(sources: list[Path], before: str | None) -> tuple[list[str], list[Promise]]:
    """Split the CPU time by stages, beside those of another installation if there is one."""
    start = start_cost(STEADYHUE, timed) * len(sources)
    shares, clustering = stages(sources, COLORS)
    rows = {"now": {"start": start} | shares}
    if before is not None:
        program = Path(before).parent / "steadyhue"
        script = [before, str(HERE / "stages.py"), str(COLORS), *map(str, sources)]
        done = subprocess.run(script, capture_output=True, text=True, check=True)
        earlier = {"start": start_cost(program, timed) * len(sources)}
        rows["before"] = earlier | json.loads(done.stdout)
    lines = [
        "CPU time of these clips, one stage after the other; *start* is Python and its imports. Decoding and",
        "encoding alone are what no choice of palettes can go below.",
        "",
        "| | " + " | ".join(rows["now"]) + " |",
        "|---|" + "--:|" * len(rows["now"]),
    ]
    for name, row in rows.items():
        whole = sum(row.values())
        cells = " | ".join(f"{s:.2f} s ({s / whole:.0%})" for s in row.values())
        lines.append(f"| {name} | {cells} |")
    inner = shares["cluster"] + shares["remap"]
    outer = shares["decode"] + shares["encode"]
    return lines, [
        (
            "clustering and labeling in `steady` at most 7 x that of `seeded`",
            ", ".join(f"{c:.2f}" for c in clustering) + " x",
            max(clustering) <= 7,
        ),
        (
            "clustering and remapping cost less than decoding and encoding",
            f"{inner:.2f} s against {outer:.2f} s",
            inner < outer,
        ),
    ]


def process_promises(races: dict[str, Race]) -> list[Promise]:
    against = {
        name: [ratio(times, "steadyhue", name, CPU) for times in races.values()]
        for name in next(iter(races.values()))
    }
    slowest, ffmpegs, script = (max(against[n]) for n in ("gifsicle", "ffmpeg", "scikit-learn"))
    others = statistics.median(1 / r for r in against["ImageMagick"])
    return [
        ("at most 1.5 x gifsicle's CPU time", f"{slowest:.2f} x", slowest <= 1.5),
        ("at least 4 x less CPU time than ffmpeg", f"{1 / ffmpegs:.1f} x", 1 / ffmpegs >= 4),
        ("at least 2 x less CPU time than ImageMagick", f"{others:.1f} x", others >= 2),
        (
            "at least 15 x less CPU time than the scikit-learn script",
            f"{1 / script:.0f} x",
            1 / script >= 15,
        ),
    ]


def start_promises(source: Path) -> list[Promise]:
    cpu, numpy_imported = help_cost(STEADYHUE)
    pixel = start_cost(STEADYHUE, timed)
    peaks = memory(source, STEADYHUE, timed)
    growth = peaks[1] - peaks[0]
    return [
        ("`steadyhue --help` at most 45 ms of CPU", f"{1000 * cpu:.0f} ms", cpu <= 0.045),
        ("a pixel quantized at most 90 ms of CPU", f"{1000 * pixel:.0f} ms", pixel <= 0.09),
        (
            "`steadyhue --help` imports no numpy",
            "imported" if numpy_imported else "none",
            not numpy_imported,
        ),
        (
            "memory of 1500 frames within 10 MB of 150",
            f"{peaks[0]:.0f} MB, then {growth:+.1f} MB",
            growth <= 10,
        ),
    ]


def promised(checks: list[Promise]) -> list[str]:
    return [
        "| promise | found | |",
        "|---|---|---|",
        *[
            f"| {text} | {found} | {'kept' if kept else '**missed**'} |"
            for text, found, kept in checks
        ],
    ]


def versions() -> list[str]:
    from tools import tools

    wanted = ("gifsicle", "ffmpeg single", "ImageMagick", "scikit-learn seeded")
    return [tool.version for tool in tools() if tool.name in wanted]


if __name__ == "__main__":
    main()

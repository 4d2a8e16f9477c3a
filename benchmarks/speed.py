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
from collections.abc import Callable
from datetime import date
from pathlib import Path

from clips import HERE, ROOT
from machine import machine
from stages import help_cost, memory, stages, start_cost

CLIPS = ("intel_cars", "intel_store", "intel_fruit", "mp_iris")
COLORS = 10
STEADYHUE = Path(sys.executable).parent / "steadyhue"

# Runs a command and says what it took. A process of its own with nothing imported, because the
# peak memory of a child counts what its parent held when it was started.
LAUNCHER = """
import json, os, sys, time
start = time.monotonic()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(child, 0)
wall = time.monotonic() - start
print(json.dumps([status, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""

Timing = tuple[float, float, float]  # wall seconds, CPU seconds, peak MB
Races = dict[str, dict[str, list[Timing]]]  # by clip and tool


def commands(source: Path, out: Path) -> dict[str, list[str]]:
    """Return each tool's command."""
    graph = (
        f"split[a][b];[a]palettegen=max_colors={COLORS}:stats_mode=single:reserve_transparent=0[p];"
        "[b][p]paletteuse=new=1:dither=none"
    )
    ours = [str(STEADYHUE), "quantize", str(source), "-o", str(out), "-k", str(COLORS), "-f", "-q"]
    return {
        "steadyhue": ours,
        "steadyhue seeded": [*ours, "--mode", "seeded"],
        "gifsicle": [
            "/usr/bin/gifsicle",
            "--no-warnings",
            "--colors",
            str(COLORS),
            str(source),
            "-o",
            str(out),
        ],
        "ffmpeg": [
            "/usr/bin/ffmpeg",
            "-v",
            "error",
            "-y",
            "-i",
            str(source),
            "-lavfi",
            graph,
            str(out),
        ],
        "ImageMagick": [
            "/usr/bin/convert",
            str(source),
            "-coalesce",
            "+dither",
            "-colors",
            str(COLORS),
            str(out),
        ],
        "scikit-learn": [
            sys.executable,
            str(HERE / "plain_kmeans.py"),
            str(source),
            str(out),
            str(COLORS),
        ],
    }


def timed(command: list[str]) -> Timing:
    launcher = [sys.executable, "-I", "-S", "-c", LAUNCHER, *command]
    done = subprocess.run(launcher, capture_output=True, text=True, check=True)
    status, wall, cpu, peak = json.loads(done.stdout.splitlines()[-1])
    if status:
        raise SystemExit(f"{command[0]} failed: {done.stderr.strip()[-300:]}")
    return wall, cpu, peak


def race(source: Path, rounds: int) -> dict[str, list[Timing]]:
    """Run every tool in turn, `rounds` times; the slow scikit-learn script only in the first."""
    times: dict[str, list[Timing]] = {}
    with tempfile.TemporaryDirectory() as folder:
        tools = commands(source, Path(folder) / "out.gif")
        timed(tools["steadyhue"])  # files are read from memory from here on
        for number in range(rounds):
            for name, command in tools.items():
                if name != "scikit-learn" or number == 0:
                    times.setdefault(name, []).append(timed(command))
    return times


def ratio(times: dict[str, list[Timing]], name: str, base: str) -> float:
    """Return the median over rounds of one tool's wall time over another's."""
    pairs = zip(times[name], times[base], strict=False)
    return statistics.median(a[0] / b[0] for a, b in pairs)


def median(timings: list[Timing], column: int) -> float:
    return statistics.median(timing[column] for timing in timings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--clips", nargs="+", default=CLIPS)
    arguments = parser.parse_args()
    sources = [ROOT / "natural" / f"{name}.gif" for name in arguments.clips]
    races = {}
    for source in sources:
        races[source.stem] = race(source, arguments.rounds)
        print(
            source.stem,
            {n: round(median(t, 0), 2) for n, t in races[source.stem].items()},
            file=sys.stderr,
        )
    text = page(races, sources, arguments.rounds)
    (HERE.parent / "docs" / "speed.md").write_text(text)
    print(text)


def page(races: Races, sources: list[Path], rounds: int) -> str:
    against = {
        name: [ratio(times, "steadyhue", name) for times in races.values()]
        for name in next(iter(races.values()))
    }
    start = start_cost(STEADYHUE, timed) * len(sources)
    shares, clustering = stages(sources, COLORS)
    wall = table(races, lambda timings: f"{median(timings, 0):.2f}")
    wall.append(
        "| *over steadyhue's* | "
        + " | ".join(
            f"{statistics.median(1 / r for r in ratios):.2f}" for ratios in against.values()
        )
        + " |"
    )
    usage = table(races, lambda timings: f"{median(timings, 1):.2f} s, {median(timings, 2):.0f} MB")
    sections = [
        [
            "# Speed",
            "",
            f"Whole processes, {COLORS} colors, no dithering; medians of {rounds} rounds in which the tools",
            "take turns (the scikit-learn script runs once). Ratios are taken round by round, and the worst",
            "clip's is given. Written by `make bench` (`benchmarks/speed.py`).",
            "",
            f"{date.today():%Y-%m-%d}, {machine()}; {', '.join(versions())}.",
        ],
        ["## Wall time in seconds", "", *wall],
        ["## CPU seconds and peak memory", "", *usage],
        ["## Where steadyhue's time goes", "", *split({"start": start} | shares)],
        [
            "## Promises",
            "",
            *promises(against, shares, clustering, memory(sources[0], STEADYHUE, timed)),
        ],
    ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def table(races: Races, cell: Callable[[list[Timing]], str]) -> list[str]:
    """Return a line for each clip with a column for each tool."""
    tools = list(next(iter(races.values())))
    lines = ["| clip | " + " | ".join(tools) + " |", "|---|" + "--:|" * len(tools)]
    for clip, times in races.items():
        lines.append(f"| {clip} | " + " | ".join(cell(times[name]) for name in tools) + " |")
    return lines


def split(shares: dict[str, float]) -> list[str]:
    whole = sum(shares.values())
    return [
        "CPU time of these clips, one stage after the other; *start* is Python and its imports.",
        "",
        "| " + " | ".join(shares) + " |",
        "|" + "--:|" * len(shares),
        "| " + " | ".join(f"{s:.2f} s ({s / whole:.0%})" for s in shares.values()) + " |",
    ]


def promises(
    against: dict[str, list[float]],
    shares: dict[str, float],
    clustering: list[float],
    peaks: tuple[float, float],
) -> list[str]:
    """Return what speed is promised, with the worst clip's figure."""
    cpu, numpy_imported = help_cost(STEADYHUE)
    inner = shares["cluster"] + shares["remap"]
    outer = shares["decode"] + shares["encode"]
    gifsicle, ffmpeg, script = (max(against[n]) for n in ("gifsicle", "ffmpeg", "scikit-learn"))
    growth = peaks[1] - peaks[0]
    checks = [
        ("at most 1.25 x gifsicle's wall time", f"{gifsicle:.2f} x", gifsicle <= 1.25),
        ("at least 4 x faster than ffmpeg", f"{1 / ffmpeg:.1f} x", 1 / ffmpeg >= 4),
        ("at least 15 x faster than the scikit-learn script", f"{1 / script:.0f} x", 1 / script >= 15),
        ("clustering in `steady` at most 2 x that of `seeded`",
         ", ".join(f"{c:.2f}" for c in clustering) + " x", max(clustering) <= 2),
        ("clustering and remapping cost less than decoding and encoding",
         f"{inner:.2f} s against {outer:.2f} s", inner < outer),
        ("`steadyhue --help` under 80 ms of CPU", f"{1000 * cpu:.0f} ms", cpu < 0.08),
        ("`steadyhue --help` imports no numpy", "imported" if numpy_imported else "none", not numpy_imported),
        ("memory of 1500 frames within 10 MB of 150",
         f"{peaks[0]:.0f} MB, then {growth:+.1f} MB", growth <= 10),
    ]  # fmt: skip
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

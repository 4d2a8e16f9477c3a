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
from machine import machine
from stages import help_cost, memory, stages

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


def page(races: dict[str, dict[str, list[Timing]]], sources: list[Path], rounds: int) -> str:
    shares, clustering = stages(sources, COLORS)
    cpu, numpy_imported = help_cost(STEADYHUE)
    short, long = memory(sources[0], STEADYHUE, timed)
    tools = list(next(iter(races.values())))
    against = {
        name: [ratio(times, "steadyhue", name) for times in races.values()] for name in tools
    }
    inner = shares["cluster"] + shares["remap"]
    outer = shares["decode"] + shares["encode"]
    checks = [
        ("at most 1.25 x gifsicle's wall time", max(against["gifsicle"]), "x", max(against["gifsicle"]) <= 1.25),
        ("at least 4 x faster than ffmpeg", 1 / max(against["ffmpeg"]), "x", max(against["ffmpeg"]) <= 1 / 4),
        ("at least 15 x faster than the scikit-learn script", 1 / max(against["scikit-learn"]), "x",
         max(against["scikit-learn"]) <= 1 / 15),
        ("clustering in `steady` at most 2 x that of `seeded`", max(clustering), "x", max(clustering) <= 2),
        ("clustering and remapping cost less than decoding and encoding", inner / outer, "x", inner < outer),
        ("`steadyhue --help` under 80 ms of CPU", 1000 * cpu, "ms", cpu < 0.08),
        ("`steadyhue --help` imports no numpy", float(numpy_imported), "imports", not numpy_imported),
        ("memory of 1500 frames within 10 MB of 150", long - short, "MB", long - short <= 10),
    ]  # fmt: skip
    lines = [
        "# Speed",
        "",
        f"Whole processes, {COLORS} colors, no dithering; medians of {rounds} rounds in which the tools",
        "take turns (the scikit-learn script runs once). Ratios are taken round by round, and the worst",
        "clip's is given. Written by `make bench` (`benchmarks/speed.py`).",
        "",
        f"{date.today():%Y-%m-%d}, {machine()}; {', '.join(versions())}.",
        "",
        "## Wall time in seconds",
        "",
        "| clip | " + " | ".join(tools) + " |",
        "|---|" + "--:|" * len(tools),
    ]
    for clip, times in races.items():
        cells = [f"{median(times[name], 0):.2f}" for name in tools]
        lines.append(f"| {clip} | " + " | ".join(cells) + " |")
    cells = [
        "1" if name == "steadyhue" else f"{statistics.median(1 / r for r in against[name]):.2f}"
        for name in tools
    ]
    lines += [
        f"| *over steadyhue's* | {' | '.join(cells)} |",
        "",
        "## CPU seconds and peak memory",
        "",
    ]
    lines += ["| clip | " + " | ".join(tools) + " |", "|---|" + "--:|" * len(tools)]
    for clip, times in races.items():
        cells = [f"{median(times[n], 1):.2f} s, {median(times[n], 2):.0f} MB" for n in tools]
        lines.append(f"| {clip} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "## Where steadyhue's time goes",
        "",
        "CPU time of one pass over these clips, one stage after the other.",
        "",
    ]
    whole = sum(shares.values())
    lines += ["| " + " | ".join(shares) + " |", "|" + "--:|" * len(shares)]
    lines += ["| " + " | ".join(f"{s:.2f} s ({s / whole:.0%})" for s in shares.values()) + " |", ""]
    lines += ["## Promises", "", "| promise | found | |", "|---|---|---|"]
    lines += [
        f"| {promise} | {value:.2f} {unit} | {'kept' if kept else '**missed**'} |"
        for promise, value, unit, kept in checks
    ]
    return "\n".join(lines) + "\n"


def versions() -> list[str]:
    from tools import tools

    wanted = ("gifsicle", "ffmpeg single", "ImageMagick", "scikit-learn seeded")
    return [tool.version for tool in tools() if tool.name in wanted]


if __name__ == "__main__":
    main()

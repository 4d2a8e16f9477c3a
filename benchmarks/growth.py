"""What a frame costs: more of them, recordings of screens where hardly anything changes, video."""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path

import steadyhue as sh
from clips import ROOT, write
from steadyhue.frame import IndexedFrame
from terminal import SCREEN, terminal
from timing import CPU, PEAK, Commands, Race, both, marginal, median, race, ratio, table

STEADYHUE = Path(sys.executable).parent / "steadyhue"
TIMES = 4  # as long as the clip is the longer one
VIDEO = "video/moviepy_bbb_1s.webm"  # 24 frames of 720p

Promise = tuple[str, str, bool]


def ours(source: Path, out: Path, colors: int, *options: str) -> list[str]:
    program = [str(STEADYHUE), "quantize", str(source), "-o", str(out), "-k", str(colors)]
    return [*program, "-f", "-q", *options]


def gifsicle(source: Path, out: Path, colors: int) -> list[str]:
    program = ["/usr/bin/gifsicle", "--no-warnings", "--colors", str(colors)]
    return [*program, str(source), "-o", str(out)]


def ffmpeg(source: Path, out: Path, colors: int, stats: str = "single") -> list[str]:
    """Return the command with a palette for every frame, or one for all (``full``)."""
    each = ":new=1" if stats == "single" else ""
    graph = (
        f"split[a][b];[a]palettegen=max_colors={colors}:stats_mode={stats}:"
        f"reserve_transparent=0[p];[b][p]paletteuse=dither=none{each}"
    )
    program = ["/usr/bin/ffmpeg", "-v", "error", "-y", "-i", str(source)]
    return [*program, "-lavfi", graph, str(out)]


def marginal_section(
    folder: Path, names: list[str], rounds: int
) -> tuple[list[str], list[Promise]]:
    """Race clips and the same ones several times over; what is added is what frames cost."""
    lines, worst = [], {"steadyhue": 0.0, "steadyhue seeded": 0.0}
    tools = list(_commands(Path(), Path()))
    for name in names:
        source = ROOT / "natural" / f"{name}.gif"
        longer, out = folder / f"{name}.gif", folder / "out.gif"
        frames = [
            IndexedFrame(frame.ids.astype("uint8"), frame.colors, frame.duration)
            for frame in sh.open(source)
        ]
        repeated = chain.from_iterable([frames] * TIMES)
        write(longer, repeated, (frames[0].width, frames[0].height), 0)
        short, long = (race(_commands(path, out), rounds) for path in (source, longer))
        added = len(frames) * (TIMES - 1)
        wall = {tool: marginal(short, long, tool, added) for tool in tools}
        cpu = {tool: marginal(short, long, tool, added, CPU) for tool in tools}
        cells = " | ".join(f"{wall[tool]:.2f} ({cpu[tool]:.2f})" for tool in tools)
        lines.append(f"| {name}, {added} more | {cells} |")
        for tool in worst:
            worst[tool] = max(worst[tool], cpu[tool] / cpu["gifsicle"])
    head = ["| clip | " + " | ".join(tools) + " |", "|---|" + "--:|" * len(tools)]
    text = "a frame more at most 0.6 x gifsicle's CPU time"
    return [*head, *lines], [
        (f"{text}, {tool}", f"{found:.2f} x", found <= 0.6) for tool, found in worst.items()
    ]


def _commands(source: Path, out: Path) -> Commands:
    return {
        "steadyhue": ours(source, out, 10),
        "steadyhue seeded": ours(source, out, 10, "--mode", "seeded"),
        "gifsicle": gifsicle(source, out, 10),
    }


def terminal_section(folder: Path, rounds: int) -> tuple[list[str], list[Promise]]:
    """Race a recording of a terminal, and one of twice the canvas in which the same happens."""
    races: dict[str, Race] = {}
    for factor in (1, 2):
        size = SCREEN[0], SCREEN[1] * factor
        source = folder / f"terminal{factor}.gif"
        terminal(source, size)
        out = folder / "out.gif"
        commands = _commands(source, out) | {"ffmpeg": ffmpeg(source, out, 10)}
        races[f"{size[0]}x{size[1]}"] = race(commands, rounds, once=("ffmpeg",))
    first, second = races.values()
    slower = ratio(first, "steadyhue", "gifsicle", CPU)
    faster = 1 / ratio(first, "steadyhue", "ffmpeg", CPU)
    grown = median(second["steadyhue"], CPU) / median(first["steadyhue"], CPU)
    return table(races, both), [
        ("terminal: at most 5 x gifsicle's CPU time", f"{slower:.1f} x", slower <= 5),
        ("terminal: at least 50 x less CPU time than ffmpeg", f"{faster:.1f} x", faster >= 50),
        ("twice the canvas with the same changes at most 1.3 x", f"{grown:.2f} x", grown <= 1.3),
    ]


def video_section(folder: Path, rounds: int) -> tuple[list[str], list[Promise]]:
    """Race 720p video with few colors and many, plain and dithered."""
    source, out = ROOT / VIDEO, folder / "out.gif"
    races: dict[str, Race] = {}
    for colors in (16, 256):
        races[f"{colors} colors"] = race(
            {
                "steadyhue": ours(source, out, colors),
                "seeded": ours(source, out, colors, "--mode", "seeded"),
                **{
                    kind: ours(source, out, colors, "--dither", kind)
                    for kind in ("bayer", "blue-noise", "floyd-steinberg")
                },
                "ffmpeg each": ffmpeg(source, out, colors),
                "ffmpeg one": ffmpeg(source, out, colors, "full"),
            },
            rounds,
        )
    many = races["256 colors"]
    dithered = {
        kind: ratio(many, kind, "steadyhue", CPU)
        for kind in ("bayer", "blue-noise", "floyd-steinberg")
    }
    ordered = max(dithered["bayer"], dithered["blue-noise"])
    peak = max(median(times["steadyhue"], PEAK) for times in races.values())
    beside = min(
        median(times["steadyhue"], 0) / median(times["steadyhue"], CPU) for times in races.values()
    )
    return table(races, both), [
        *[_against(races, f"ffmpeg {which}", least) for which, least in (("each", 5), ("one", 2))],
        (
            "dithering at 256 colors at most 1.5 x undithered",
            ", ".join(f"{kind} {found:.2f}" for kind, found in dithered.items()),
            max(dithered.values()) <= 1.5,
        ),
        (
            "ordered dithers at 256 colors no slower than Floyd-Steinberg",
            f"{ordered / dithered['floyd-steinberg']:.2f} x",
            ordered <= dithered["floyd-steinberg"],
        ),
        ("720p in `steady` at most 160 MB", f"{peak:.0f} MB", peak <= 160),
        ("wall at most 0.65 x CPU time at 720p", f"{beside:.2f} x", beside <= 0.65),
    ]


def _against(races: dict[str, Race], tool: str, least: float) -> Promise:
    found = min(1 / ratio(times, "steadyhue", tool, CPU) for times in races.values())
    return (
        f"720p: at least {least:g} x less CPU time than {tool}",
        f"{found:.1f} x",
        found >= least,
    )

"""docs/quality.md and docs/quality.png from the results."""

from __future__ import annotations

import platform
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np

from clips import FRAMES, HERE
from machine import machine
from scorecard import GLOBAL, SEEDED, STEADY, measured, pooled, scorecard
from steadyhue.metrics import ROUNDING
from tools import Tool

DOCS = HERE.parent / "docs"
HEADINGS = (
    "| tool | error | worst | flicker | change | excess | jumps | total | bytes | CPU |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
)
LABELS = {  # where labels go that would meet others: points right, points up, alignment
    "steadyhue seeded": (-8, 4, "right"),
    "scikit-learn seeded": (0, -15, "center"),
    "scikit-learn unseeded": (0, 8, "center"),
    "imagequant": (-8, 4, "right"),
    "ImageMagick": (-8, -3, "right"),
    "steadyhue independent": (9, -4, "left"),
}
PICTURED = (4, 10, 16, 64)  # numbers of colors that every tool but gifski can make

INTRODUCTION = """\
# Quality

What each tool makes of real GIFs, without dithering: how far it is from the source, how still it
holds, and what it costs. Written by `make bench` (`benchmarks/quality.py`); the figures are those of
`steadyhue measure`.

- **error**: squared error over that of the best palette known for the frame, averaged over frames,
  then over clips (geometric mean); *worst* is the worst frame of any clip. The best is of 20 runs of
  scikit-learn's k-means++, and of 40 of ours (`steadyhue.oracle`), which from 16 colors on find better
  ones: at 64 by 5 %. Errors under a quarter of a squared level, the rounding to whole levels, count
  alike.
- **flicker**: share of the *still* pixels (source moved by at most 6 of 255 levels since the previous
  frame) whose output changed, and the mean **change** of all of them as 100 x OKLab distance.
  **Excess** is what of that change is beyond the source's own, and **jumps** the share of them that move
  by more than 3, which is seen. Pooled over clips, never counted across a cut of the source.
- **total**: squared error per pixel plus squared change of still pixels per pixel, over the lowest of
  all tools, averaged over clips (geometric mean).
- **bytes**: after `gifsicle -O3`, over those of one global k-means palette (`steadyhue global`),
  averaged over clips (geometric mean); in brackets the same through steadyhue's own writer.
- **CPU**: seconds a clip, user and system, all cores.
"""


def write(results: list[dict], parts: list[dict], tools: list[Tool], proofs: list) -> None:
    DOCS.mkdir(exist_ok=True)
    picture(results, DOCS / "quality.png")
    n_clips = len({row["clip"] for row in results})
    parts = [
        INTRODUCTION,
        f"{n_clips} clips of at most {FRAMES} frames. {date.today():%Y-%m-%d}, {machine()}. "
        f"Python {platform.python_version()}; " + ", ".join(versions(tools)) + ".",
        "![Error against flicker, one dot a tool](quality.png)",
        "## What `steady` promises\n\nOver all clips, k = 2, 4, 10, 16 and 64, default settings.",
        scorecard(results, proofs),
        "## Tools",
        summary(results),
        "## What each part of `steady` does",
        ablation(results, parts),
        "## Every clip\n\nError, flicker in per cent, and kB after `gifsicle -O3`.",
        *[details(results, k) for k in sorted({row["k"] for row in results})],
        failures(results),
    ]
    (DOCS / "quality.md").write_text("\n\n".join(part for part in parts if part) + "\n")


def versions(tools: list[Tool]) -> list[str]:
    return sorted({tool.version for tool in tools if not tool.ours})


def grouped(results: list[dict]) -> dict[int, dict[str, list[dict]]]:
    """Return the measured results by k and tool, in the order they come."""
    found: dict[int, dict[str, list[dict]]] = defaultdict(lambda: defaultdict(list))
    for row in measured(results):
        found[row["k"]][row["tool"]].append(row)
    return found


def summary(results: list[dict]) -> str:
    """Return a table for each k with a line for each tool."""
    tables = []
    for k, tools in sorted(grouped(results).items()):
        lowest, whole = lowest_totals(tools), by_clip(tools.get(GLOBAL, []))
        lines = [f"### k = {k}\n", *HEADINGS]
        lines += [line(name, rows, lowest, whole) for name, rows in tools.items()]
        tables.append("\n".join(lines))
    return "\n\n".join(tables)


def by_clip(rows: list[dict]) -> dict[str, dict]:
    return {row["clip"]: row for row in rows}


def lowest_totals(tools: dict[str, list[dict]]) -> dict[str, float]:
    """Return each clip's lowest total of all tools."""
    lowest: dict[str, float] = {}
    for row in (row for rows in tools.values() for row in rows):
        lowest[row["clip"]] = min(row["total"], lowest.get(row["clip"], row["total"]))
    return lowest


def ablation(results: list[dict], parts: list[dict]) -> str:
    """Return a table of `steady` whole and without each of its parts."""
    tables = []
    for k, variants in sorted(grouped(parts).items()):
        tools = grouped(results)[k]
        lowest, whole = lowest_totals(tools), by_clip(tools.get(GLOBAL, []))
        rows = {"steady": tools.get(STEADY, []), **variants, "seeded": tools.get(SEEDED, [])}
        lines = [*HEADINGS]
        lines += [line(name, found, lowest, whole) for name, found in rows.items() if found]
        # Without the last column: the variants run inside a process that is warm.
        lines = [text.rsplit("|", 2)[0] + "|" for text in lines]
        tables.append("\n".join([f"k = {k}\n", *lines]))
    return "\n\n".join(tables)


def line(name: str, rows: list[dict], lowest: dict[str, float], whole: dict[str, dict]) -> str:
    def relative(figure: str) -> str:
        sizes = [
            row[figure] / whole[row["clip"]][figure]
            for row in rows
            if row["clip"] in whole and row[figure] and whole[row["clip"]][figure]
        ]
        return f"{geometric(sizes):.2f}" if sizes else "-"

    totals = [max(row["total"], ROUNDING) / max(lowest[row["clip"]], ROUNDING) for row in rows]
    cells = [
        name,
        f"{geometric(row['ratio'] for row in rows):.3f}",
        f"{max(row['worst_ratio'] for row in rows):.2f}",
        f"{pooled(rows, 'share'):.2%}",
        f"{pooled(rows, 'change'):.3f}",
        f"{pooled(rows, 'excess'):.3f}",
        f"{pooled(rows, 'jumps'):.2%}",
        f"{geometric(totals):.2f}",
        f"{relative('gifsicle_bytes')} ({relative('writer_bytes')})",
        f"{np.mean([row['seconds'] for row in rows]):.2f}",
    ]
    return "| " + " | ".join(cells) + " |"


def geometric(values: Iterable[float]) -> float:
    return float(np.exp(np.mean(np.log(list(values)))))


def details(results: list[dict], k: int) -> str:
    """Return a folded table of every clip and tool."""
    tools = grouped(results)[k]
    names = list(tools)
    by_clip = {(row["clip"], name): row for name, rows in tools.items() for row in rows}
    lines = [
        "| clip | " + " | ".join(names) + " |",
        "|---|" + "--:|" * len(names),
    ]
    for clip in sorted({clip for clip, _ in by_clip}):
        cells = [cell(by_clip.get((clip, name))) for name in names]
        lines.append(f"| {clip} | " + " | ".join(cells) + " |")
    body = "\n".join(lines)
    return f"<details><summary>k = {k}</summary>\n\n{body}\n\n</details>"


def cell(row: dict | None) -> str:
    if row is None:
        return "-"
    return f"{row['ratio']:.2f} · {100 * row['still']['share']:.1f} · {row['gifsicle_bytes'] / 1000:.0f}"


def failures(results: list[dict]) -> str:
    """Return what is in no table, and why."""
    reasons: dict[str, int] = defaultdict(int)
    for row in results:
        if "unsupported" in row:
            reasons[f"{row['tool']}: {row['unsupported']}"] += 1
        elif "failed" in row:
            reasons[f"{row['tool']}: {row['failed'].strip().splitlines()[-1]}"] += 1
        elif row["colors"] > row["k"]:
            reasons[f"{row['tool']}: more colors in a frame than asked for"] += 1
    if not reasons:
        return ""
    lines = [f"- {reason} ({count} clips and k)" for reason, count in sorted(reasons.items())]
    return "## Not compared\n\n" + "\n".join(lines)


def picture(results: list[dict], path: Path) -> None:
    """Draw error against flicker, one dot a tool, averaged over clips and `PICTURED` colors."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot as plt
    from matplotlib.ticker import FuncFormatter, NullFormatter

    tools: dict[str, list[dict]] = defaultdict(list)
    for row in measured(results):
        if row["k"] in PICTURED:
            tools[row["tool"]].append(row)
    figure, axes = plt.subplots(figsize=(8, 5.2), dpi=150)
    for name, rows in tools.items():
        x = max(100 * pooled(rows, "share"), 0.01)
        y = max(100 * (geometric(row["ratio"] for row in rows) - 1), 0.1)
        own = name.startswith("steadyhue")
        color = "#d1495b" if name == STEADY else "#00798c" if own else "#7a7a7a"
        across, up, side = LABELS.get(name, (8, 4, "left"))
        axes.scatter(x, y, s=90 if own else 50, color=color, zorder=3)
        axes.annotate(
            name.removeprefix("steadyhue "),
            (x, y),
            xytext=(across, up),
            textcoords="offset points",
            ha=side,
            color=color,
            fontsize=9,
            fontweight="bold" if own else "normal",
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.margins(y=0.12)
    axes.set_xlim(right=200)
    axes.set_xlabel("flicker: still pixels that change from frame to frame")
    axes.set_ylabel("error above that of each frame's best k-means")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} %"))
        axis.set_minor_formatter(NullFormatter())
    axes.grid(True, which="major", color="#e6e6e6")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(
        f"Real GIFs in {', '.join(map(str, PICTURED[:-1]))} and {PICTURED[-1]} colors: "
        "lower is closer to the source, further left stiller",
        fontsize=10,
        loc="left",
    )
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)

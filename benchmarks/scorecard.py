"""What `steady` promises, each promise with the figure measured for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from steadyhue.metrics import ROUNDING

STEADY = "steadyhue steady"
SEEDED = "steadyhue seeded"
GLOBAL = "steadyhue global"
COLORS = (2, 4, 10, 16, 64)
ALIKE = 1.10  # one palette for all frames is a picture as good where its error is within this
PUT = 1.01  # a clip's colors stay put where one palette for all frames is this good

Rows = dict[tuple[str, int], dict]  # by clip and k


@dataclass(frozen=True)
class Bar:
    """A promise, what was found, and whether it is kept."""

    promise: str
    found: str
    kept: bool


def scorecard(results: list[dict], proofs: Iterable[Bar] = ()) -> str:
    """Return the promises as a Markdown table."""
    lines = ["| promise | found | |", "|---|---|---|"]
    lines += [
        f"| {bar.promise} | {bar.found} | {'kept' if bar.kept else '**missed**'} |"
        for bar in [*bars(results), *proofs]
    ]
    return "\n".join(lines)


def measured(results: list[dict]) -> list[dict]:
    """Return the results that have figures, and no more colors than were asked for."""
    return [row for row in results if "error" in row and row["colors"] <= row["k"]]


def by_tool(results: list[dict]) -> dict[str, Rows]:
    """Return the measured results with k in `COLORS`, by tool."""
    found: dict[str, Rows] = defaultdict(dict)
    for row in measured(results):
        if row["k"] in COLORS:
            found[row["tool"]][row["clip"], row["k"]] = row
    return found


def pooled(rows: Iterable[dict], figure: str, kind: str = "still") -> float:
    """Return a flicker figure over the still pixels of all clips together."""
    pairs = [(row[kind][figure], row[kind]["pixels"]) for row in rows]
    pixels = sum(count for _, count in pairs)
    return sum(value * count for value, count in pairs) / max(pixels, 1)


def bars(results: list[dict]) -> list[Bar]:
    """Return the promises about error, flicker and bytes that the results can judge."""
    tools = by_tool(results)
    steady = tools.get(STEADY, {})
    if not steady or not tools.get(SEEDED) or not tools.get(GLOBAL):
        return []
    return [
        *error_bars(steady, tools[GLOBAL]),
        *flicker_bars(steady, tools[SEEDED], tools[GLOBAL]),
        lowest_total(tools),
        *bytes_bars(steady, tools[GLOBAL]),
        *peer_bars(tools),
    ]


def put(rows: Rows, whole: Rows) -> list[dict]:
    """Return the rows of clips whose colors stay put, but for those that come out exact.

    An exact copy has the noise of its source, which is no flicker of ours.
    """
    return [
        row
        for at, row in rows.items()
        if at in whole and whole[at]["ratio"] <= PUT and row["error"] > ROUNDING
    ]


def worst(
    rows: Iterable[dict], value: Callable[[dict], float], limit: float, form: str
) -> tuple[str, bool]:
    """Name the worst clip, and how many are over the limit."""
    listed = list(rows)
    if not listed:
        return "no such clip", True
    top = max(listed, key=value)
    over = sum(value(row) > limit for row in listed)
    text = f"{value(top):{form}} ({top['clip']}, k = {top['k']})"
    return f"{text}; over on {over} of {len(listed)}", over == 0


def error_bars(steady: Rows, whole: Rows) -> list[Bar]:
    ratio = float(np.mean([row["ratio"] for row in steady.values()]))
    greedy = float(np.mean([row["greedy_ratio"] for row in steady.values()]))
    return [
        Bar("error ratio, averaged over frames and clips, at most 1.05", f"{ratio:.3f}", ratio <= 1.05),
        Bar("the same over the best of 20 greedy runs alone, at most 1.022",
            f"{greedy:.4f}", greedy <= 1.022),
        Bar("error ratio of every clip at most 1.10",
            *worst(steady.values(), lambda row: row["ratio"], 1.10, ".3f")),
        Bar("error ratio of the worst frame at most 1.25",
            *worst(steady.values(), lambda row: row["worst_ratio"], 1.25, ".3f")),
        Bar("error ratio at most 1.01 where the clip's colors stay put",
            *worst(put(steady, whole), lambda row: row["ratio"], 1.01, ".3f")),
    ]  # fmt: skip


def flicker_bars(steady: Rows, seeded: Rows, whole: Rows) -> list[Bar]:
    rows, before = list(steady.values()), list(seeded.values())
    share, change = pooled(rows, "share"), pooled(rows, "change")
    excess = pooled(rows, "excess")
    static, third = pooled(rows, "share", "static"), pooled(before, "change") / 3
    static_change = pooled(rows, "change", "static")
    static_third = pooled(before, "change", "static") / 3
    return [
        Bar("still pixels that change from frame to frame at most 2.75 %",
            f"{share:.2%} (seeded {pooled(before, 'share'):.1%})", share <= 0.0275),
        Bar("their mean OKLab change at most a third of seeded's",
            f"{change:.4f}, a third is {third:.4f}", change <= third),
        Bar("what of it is not the source's own at most 0.034",
            f"{excess:.4f} (seeded {pooled(before, 'excess'):.3f})", excess <= 0.034),
        Bar("still pixels that change at most 0.5 % where the clip's colors stay put",
            *worst(put(steady, whole), lambda row: 100 * row["still"]["share"], 0.5, ".2f")),
        Bar("exactly static pixels no worse: at most 5 % change",
            f"{static:.2%}", static <= 0.05),
        Bar("and their mean OKLab change at most a third of seeded's",
            f"{static_change:.4f}, a third is {static_third:.4f}", static_change <= static_third),
    ]  # fmt: skip


def lowest_total(tools: dict[str, Rows]) -> Bar:
    """Error plus flicker: `steady` against the best other tool or mode, clip by clip."""
    others = [rows for name, rows in tools.items() if name != STEADY]
    behind = []
    for at, row in tools[STEADY].items():
        lowest = min(rows[at]["total"] for rows in others if at in rows)
        behind.append((row, max(row["total"], ROUNDING) / max(lowest, ROUNDING)))
    row, ratio = max(behind, key=lambda pair: pair[1])
    over = sum(ratio > 1.01 for _, ratio in behind)
    found = f"at worst {ratio:.3f} x the lowest ({row['clip']}, k = {row['k']}); over on {over} of {len(behind)}"
    return Bar(
        "error + flicker lowest, or within 1 %, of all tools on every clip", found, over == 0
    )


def bytes_bars(steady: Rows, whole: Rows) -> list[Bar]:
    """Bytes beside one palette for all frames, where that is a picture as good."""
    alike = [at for at in steady if at in whole and whole[at]["greedy_ratio"] <= ALIKE]
    found = []
    for encoder, figure in (("gifsicle -O3", "gifsicle_bytes"), ("our writer", "writer_bytes")):
        sizes = [steady[at][figure] / whole[at][figure] for at in alike]
        mean = float(np.exp(np.mean(np.log(sizes))))
        found.append(
            Bar(f"bytes over the global palette's where its error ratio is at most {ALIKE:.2f}, "
                f"on average at most 0.96 ({encoder})",
                f"{mean:.3f} on {len(alike)}; no more than its on {sum(s <= 1 for s in sizes)}",
                mean <= 0.96)
        )  # fmt: skip
    return found


def peer_bars(tools: dict[str, Rows]) -> list[Bar]:
    """Clips where a peer is better on error and on flicker, by share and by amount."""
    found = []
    for name, figure in (("share of pixels", "share"), ("mean change", "change")):
        beaten = [
            f"{peer} on {at[0]}, k = {at[1]}"
            for peer, rows in tools.items()
            if not peer.startswith("steadyhue")
            for at, row in rows.items()
            if at in tools[STEADY]
            and row["ratio"] < tools[STEADY][at]["ratio"]
            and row["still"][figure] < tools[STEADY][at]["still"][figure]
        ]
        text = f"{len(beaten)}" + (f" ({'; '.join(beaten[:3])})" if beaten else "")
        found.append(
            Bar(f"no peer better on both error and flicker ({name}) on any clip", text, not beaten)
        )
    return found

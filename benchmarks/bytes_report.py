"""docs/bytes.md, its picture and its sheets, from the rows of `bytes.py`."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from clips import HERE
from machine import machine
from steadyhue.api import open as open_clip

DOCS = HERE.parent / "docs"
OURS = "steadyhue --quality"
RATIOS = ("blurred", "ssimulacra2", "psnr", "ssim")

INTRODUCTION = """\
# Bytes

Bytes at equal quality, beside other encoders of GIFs. Written by `benchmarks/bytes.py`.

A ratio is ours over the other's: of each the best settings are joined to a front, the logarithms
of bytes are interpolated at 25 equal qualities over the range that both have (at the one quality of an
encoder that was run with one setting), and their mean is taken. Below 1
means fewer bytes. `-` stands where the ranges don't meet. All clips are read as the same pictures, at 10 frames a second.

- **blurred**: PSNR after a blur of 1 pixel in linear light, which is fair to dithering. **PSNR** and **SSIM** are not: they
  punish it.
- **SSIMULACRA2** of two frames, by the Python package; **OKLab** after the same blur, 100 x distance.
- **temporal**: mean change of the blurred output minus that of the blurred source, in levels.
"""

UNFAIR = """\
## What is unfair

- gifski 1.7.1 is of 2022, the newest that its npm package has. Later ones know `--lossy-quality` and have another denoiser;
  they could not be had here and are not measured: expect a smaller lead over them.
- gifski and gifsicle merge equal frames, and are aligned by their delays.
- ffmpeg + gifsicle is `palettegen` of 256 colors by differences, `sierra2_4a`, then `-O3 --lossy`.
- ImageMagick has no front worth the name; it is at its defaults with `-layers OptimizeTransparency`.
- ffmpeg alone and ImageMagick were run with one setting.
- The flower, the bunny and the stream at full light served to choose the constants of `thrift` and `timeline`;
  the terminal and the dark stream did not. Nobody judged them by eye but the author.
"""


def front(rows: list[dict], measure: str) -> NDArray[np.float64]:
    """Return (quality, log bytes) of the settings that none beats."""
    best: list[tuple[float, float]] = []
    for size, quality in sorted((row["bytes"], row[measure]) for row in rows):
        if quality is not None and (not best or quality > best[-1][0]):
            best.append((quality, np.log(size)))
    return np.array(best).reshape(-1, 2)


def ratio(ours: list[dict], others: list[dict], measure: str) -> float | None:
    a, b = front(ours, measure), front(others, measure)
    if not len(a) or not len(b):
        return None
    low, high = max(a[0, 0], b[0, 0]), min(a[-1, 0], b[-1, 0])
    if high < low:
        return None
    at = np.linspace(low, high, 25)
    return float(np.exp(np.mean(np.interp(at, *a.T) - np.interp(at, *b.T))))


def write(rows: list[dict], kinds: dict[str, str], pixels: dict[str, NDArray[np.uint8]]) -> None:
    names = list(dict.fromkeys(row["clip"] for row in rows))
    families = list(dict.fromkeys(row["family"] for row in rows))
    of = {
        (name, family): [r for r in rows if r["clip"] == name and r["family"] == family]
        for name in names
        for family in families
    }
    parts = [INTRODUCTION, f"{date.today()}, {machine()}; {_versions()}.\n", "![](bytes.png)\n"]
    parts += [_ratios(of, names, kinds, other) for other in families[1:]]
    parts += [_temporal(of, names), UNFAIR, _points(rows)]
    parts.append(
        "## To look at\n\n"
        + "\n".join(f"![{n}: source, ours, others](images/bytes-{_slug(n)}.png)\n" for n in pixels)
    )
    (DOCS / "bytes.md").write_text("\n".join(parts), "utf-8")
    _picture(of, names, families)
    for name, source in pixels.items():
        _sheet(source, [of[name, family] for family in families], _slug(name))


def _ratios(of: dict, names: list[str], kinds: dict[str, str], other: str) -> str:
    lines = [f"## {OURS} / {other}\n", f"| clip | {' | '.join(RATIOS)} |", "|---|--:|--:|--:|--:|"]
    found = {
        (name, measure): ratio(of[name, OURS], of[name, other], measure)
        for name in names
        for measure in RATIOS
    }
    for name in names:
        cells = [_number(found[name, measure]) for measure in RATIOS]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    for kind in ("natural", "screen"):
        cells = []
        for measure in RATIOS:
            known = [found[n, measure] for n in names if kinds[n] == kind and found[n, measure]]
            cells.append(f"{_number(_mean(known))} ({len(known)})")
        lines.append(f"| **{kind}**, geometric mean (of how many) | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _mean(values: list[float]) -> float | None:
    return float(np.exp(np.mean(np.log(values)))) if values else None


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _temporal(of: dict, names: list[str]) -> str:
    lines = [
        "## Error in time\n",
        "Of quality 80, over that of 255 colors with error diffusion and nothing lost beside.\n",
        "| clip | quality 80 | exact | ratio |",
        "|---|--:|--:|--:|",
    ]
    for name in names:
        at = next((r["temporal"] for r in of[name, OURS] if r["setting"] == 80), None)
        plain = max(of[name, "steadyhue, Floyd-Steinberg"], key=lambda row: row["setting"])
        if at is not None:
            lines.append(
                f"| {name} | {at:.2f} | {plain['temporal']:.2f} | {at / plain['temporal']:.2f} |"
            )
    return "\n".join(lines) + "\n"


def _points(rows: list[dict]) -> str:
    lines = [
        "## All points\n",
        "| clip | encoder | setting | kB | PSNR | blurred | SSIM | SSIMULACRA2 | OKLab | temporal |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for r in rows:
        seen = "-" if r["ssimulacra2"] is None else f"{r['ssimulacra2']:.1f}"
        lines.append(
            f"| {r['clip']} | {r['family']} | {r['setting']} | {r['bytes'] / 1000:.0f} "
            f"| {r['psnr']:.1f} | {r['blurred']:.1f} | {r['ssim']:.3f} | {seen} "
            f"| {r['oklab']:.2f} | {r['temporal']:.2f} |"
        )
    return "\n".join(lines) + "\n"


def _versions() -> str:
    def words(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0]

    found = [words("ffmpeg", "-version"), words("gifsicle", "--version")]
    return ", ".join([*(" ".join(w.split()[:3]) for w in found), "gifski 1.7.1"])


def _picture(of: dict, names: list[str], families: list[str]) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    across = 3
    figure, axes = plt.subplots(-(-len(names) // across), across, figsize=(13, 9), squeeze=False)
    for axis, name in zip(axes.flat, names, strict=False):
        for family in families:
            rows = sorted(of[name, family], key=lambda row: row["bytes"])
            axis.plot(
                [row["bytes"] / 1000 for row in rows],
                [row["blurred"] for row in rows],
                marker="o",
                markersize=3,
                linewidth=2.5 if family == OURS else 1,
                label=family,
            )
        axis.set(title=name, xscale="log", xlabel="kB", ylabel="PSNR, blurred")
        axis.grid(alpha=0.3)
    for axis in list(axes.flat)[len(names) :]:
        axis.axis("off")
    axes.flat[0].legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(DOCS / "bytes.png", dpi=80)
    plt.close(figure)


def _slug(name: str) -> str:
    return name.replace(",", "").replace(" ", "-")


def _sheet(source: NDArray[np.uint8], families: list[list[dict]], slug: str) -> None:
    """Draw one detail at 2x: the source, ours at 80, and of others what is nearest in bytes."""
    mine = next((r for r in families[0] if r["setting"] == 80), families[0][-1])
    number, side = len(source) // 2, 180
    height, width = source.shape[1:3]
    top, left = max(0, (height - side) // 2), max(0, (width - side) // 2)
    cells = [("source", source[number])]
    for rows in families:
        row = min(rows, key=lambda r: abs(np.log(r["bytes"] / mine["bytes"])))
        frames = list(open_clip(row["file"]))
        shown = frames[min(number, len(frames) - 1)].rgba()[..., :3]
        cells.append((f"{row['family']} {row['setting']}: {row['bytes'] // 1000} kB", shown))
    sheet = Image.new("RGB", (4 * 2 * side, 2 * (2 * side + 16)), "white")
    draw = ImageDraw.Draw(sheet)
    for place, (label, picture) in enumerate(cells[:8]):
        x, y = place % 4 * 2 * side, place // 4 * (2 * side + 16)
        part = Image.fromarray(picture[top : top + side, left : left + side])
        sheet.paste(part.resize((part.width * 2, part.height * 2), 0), (x, y + 16))
        draw.text((x + 3, y + 2), label, "black")
    sheet.save(Path(DOCS / "images" / f"bytes-{slug}.png"))

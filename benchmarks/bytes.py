"""Bytes at equal quality, beside other encoders of GIFs: writes docs/bytes.md, .png and sheets."""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bytes_report import write
from bytes_scores import scores
from clips import CACHE, ROOT
from steadyhue.api import open as open_clip
from steadyhue.api import quantize
from steadyhue.frame import Animation
from tools import NATIVE, PACKAGE, run
from tools import _gifski_program as gifski_program

Pixels = NDArray[np.uint8]

DELAY = 100
"""Milliseconds of every frame: encoders that merge frames are told apart by it."""

FRAMES, WIDTH = 12, 480

CLIPS = {
    # name: path in the corpus, one frame of so many, kind
    "flower": ("video/mdn_flower.mp4", 2, "natural"),
    "stream": ("video/mdn_stream.mp4", 2, "natural"),
    "bird": ("video/intel_asl_bird.mkv", 2, "natural"),
    "bunny": ("video/moviepy_bbb_1s.webm", 1, "natural"),
    "walking": ("natural/intel_walking.gif", 1, "natural"),
    "cape cod": ("natural/geogif_capecod.gif", 1, "natural"),
    "terminal": ("flat/fprime_gds.gif", 1, "screen"),
    "progress": ("flat/httpx_rich.gif", 1, "screen"),
}
DARK = "stream, dark"
"""Of the fastest clip, at half the light: what is stale shows there first."""


@dataclass(frozen=True)
class Family:
    """An encoder with its settings, from few bytes to many."""

    name: str
    settings: tuple[int, ...]
    encode: Callable[[Pixels, Path, int, Path], None]  # pixels, folder of PNGs, setting, target


def ours(pixels: Pixels, _: Path, quality: int, out: Path) -> None:
    quantize(Animation.from_arrays(list(pixels), DELAY), quality=quality).save(out, force=True)


def exact(pixels: Pixels, _: Path, colors: int, out: Path) -> None:
    clip = Animation.from_arrays(list(pixels), DELAY)
    quantize(clip, colors, dither="floyd-steinberg").save(out, force=True)


def gifski(pixels: Pixels, folder: Path, quality: int, out: Path) -> None:
    height, width = pixels.shape[1:3]
    size = ["-W", width, "-H", height]
    pictures = sorted(folder.glob("*.png"))
    run(gifski_program(), "-q", "-r", 1000 // DELAY, "-Q", quality, *size, "-o", out, *pictures)


def ffmpeg(folder: Path, colors: int, dither: str, out: Path) -> None:
    graph = (
        f"split[a][b];[a]palettegen=max_colors={colors}:stats_mode=diff[p];"
        f"[b][p]paletteuse=dither={dither}:diff_mode=rectangle"
    )
    source = folder / "%03d.png"
    command = ["ffmpeg", "-v", "error", "-y", "-framerate", 1000 // DELAY, "-i", source]
    run(*command, "-filter_complex", graph, out)


def ffmpeg_colors(_: Pixels, folder: Path, colors: int, out: Path) -> None:
    ffmpeg(folder, colors, "sierra2_4a", out)


def ffmpeg_bayer(_: Pixels, folder: Path, colors: int, out: Path) -> None:
    ffmpeg(folder, colors, "bayer:bayer_scale=3", out)


def gifsicle_lossy(_: Pixels, folder: Path, loss: int, out: Path) -> None:
    with tempfile.TemporaryDirectory() as made:
        plain = Path(made) / "plain.gif"
        ffmpeg(folder, 256, "sierra2_4a", plain)
        run("gifsicle", "-O3", f"--lossy={loss}", "-o", out, plain)


def imagemagick(_: Pixels, folder: Path, fuzz: int, out: Path) -> None:
    pictures = sorted(folder.glob("*.png"))
    layers = ["-fuzz", f"{fuzz}%", "-layers", "OptimizeTransparency", "+map"]
    run("/usr/bin/convert", "-delay", DELAY // 10, "-loop", 0, *pictures, *layers, out)


FAMILIES = (
    Family("steadyhue --quality", (15, 40, 60, 80, 95), ours),
    Family("steadyhue, Floyd-Steinberg", (255,), exact),
    Family("gifski", (30, 60, 80, 100), gifski),
    Family("ffmpeg + gifsicle --lossy", (200, 100, 20), gifsicle_lossy),
    Family("ffmpeg sierra2_4a", (256,), ffmpeg_colors),
    Family("ffmpeg bayer", (256,), ffmpeg_bayer),
    Family("ImageMagick", (2,), imagemagick),
)


@cache
def code() -> str:
    """What our own results depend on."""
    files = [*sorted(PACKAGE.rglob("*.py")), *sorted(NATIVE.glob("*.hpp"))]
    return hashlib.sha1("".join(file.read_text() for file in files).encode()).hexdigest()


def pixels_of(name: str) -> Pixels:
    path, every, _ = CLIPS["stream" if name == DARK else name]
    frames = open_clip(str(ROOT / path), every=3 if name == DARK else every)
    wide = frames.width > WIDTH and not path.startswith("flat")
    if wide:
        frames = open_clip(str(ROOT / path), every=every, width=WIDTH)
    found = np.stack([f.rgba()[..., :3] for _, f in zip(range(FRAMES), frames, strict=False)])
    return (255 * (found / 255) ** 1.4 * 0.5).round().astype(np.uint8) if name == DARK else found


def decoded(path: Path, count: int) -> Pixels:
    """Return as many frames as the source has; equal ones that were merged are told apart."""
    frames = list(open_clip(str(path)))
    times = [max(1, round(frame.duration / DELAY)) for frame in frames]
    shown = np.repeat([frame.rgba()[..., :3] for frame in frames], times, axis=0)
    return np.concatenate([shown, np.repeat(shown[-1:], count, axis=0)])[:count]


def measured(name: str, families: tuple[Family, ...]) -> Iterator[dict]:
    pixels = pixels_of(name)
    folder = CACHE / "bytes"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        pictures = Path(made)
        for number, picture in enumerate(pixels):
            Image.fromarray(picture).save(pictures / f"{number:03d}.png", compress_level=1)
        for family in families:
            for setting in family.settings:
                told_by = code() if family.encode in (ours, exact) else ""
                parts = f"{name}/{family.name}/{setting}/{FRAMES}/{told_by}"
                key = hashlib.sha1(parts.encode()).hexdigest()[:12]
                out, told = folder / f"{key}.gif", folder / f"{key}.json"
                if not told.exists():
                    family.encode(pixels, pictures, setting, out)
                    found = scores(pixels, decoded(out, len(pixels)))
                    told.write_text(json.dumps({"bytes": out.stat().st_size, **found}))
                row = json.loads(told.read_text())
                yield {
                    "clip": name,
                    "family": family.name,
                    "setting": setting,
                    "file": str(out),
                    **row,
                }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", nargs="*", default=[*CLIPS, DARK])
    arguments = parser.parse_args()
    rows = []
    for name in arguments.clips:
        for row in measured(name, FAMILIES):
            rows.append(row)
            print({k: v for k, v in row.items() if k != "file"}, flush=True)
    kinds = {**{name: kind for name, (_, _, kind) in CLIPS.items()}, DARK: "natural"}
    write(rows, kinds, {name: pixels_of(name) for name in arguments.clips})


if __name__ == "__main__":
    main()

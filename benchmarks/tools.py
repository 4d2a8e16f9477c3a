"""Every tool that is compared, as a function from a GIF to a GIF of k colors, without dithering.

On clips with transparency a tool that counts it as a color gets one more.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import inspect
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from clips import CACHE, HERE, Clip, write
from steadyhue.frame import Frame, IndexedFrame

PACKAGE = HERE.parent / "src" / "steadyhue"
NATIVE = HERE.parent / "native"


EDITION = "2"
"""To be raised when a figure means something else, so that everything is measured again."""


class Unsupported(Exception):
    """The tool cannot make so many colors."""


@dataclass(frozen=True)
class Tool:
    """A way to quantize a clip."""

    name: str
    run: Callable[[Clip, int, Path], None]
    version: str
    ours: bool = False
    delay: float | None = None  # milliseconds of every frame, where the source's are not kept

    @cached_property
    def key(self) -> str:
        """What its results depend on, so that stale ones are measured again."""
        parts = [EDITION, self.version, inspect.getsource(self.run)]
        if self.ours:
            files = [*sorted(PACKAGE.rglob("*.py")), *sorted(NATIVE.iterdir())]
            parts += [file.read_text() for file in files if file.is_file()]
        return hashlib.sha1("".join(parts).encode()).hexdigest()[:12]


def run(*command: object) -> None:
    """Run a command; its own words say why it failed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.decode(errors='replace').strip()[-300:]}")


def with_transparent(clip: Clip, k: int) -> int:
    return min(k + clip.transparent, 256)


# Ours


def ours(mode: str) -> Tool:
    def quantize(clip: Clip, k: int, out: Path) -> None:
        program = Path(sys.executable).parent / "steadyhue"
        run(program, "quantize", clip.path, "-o", out, "-k", k, "--mode", mode, "--force", "-q")

    return Tool(f"steadyhue {mode}", quantize, mode, ours=True)


# Commands


def gifsicle(clip: Clip, k: int, out: Path) -> None:
    run("gifsicle", "--no-warnings", "--colors", with_transparent(clip, k), clip.path, "-o", out)


def _ffmpeg(clip: Clip, k: int, out: Path, stats: str, new: int) -> None:
    if k < 4:
        raise Unsupported("palettegen makes at least 4 colors")
    transparent = int(clip.transparent)
    graph = (
        f"split[a][b];[a]palettegen=max_colors={with_transparent(clip, k)}:stats_mode={stats}"
        f":reserve_transparent={transparent}[p];[b][p]paletteuse=dither=none:new={new}"
    )
    run("ffmpeg", "-v", "error", "-y", "-i", clip.path, "-lavfi", graph, out)


def ffmpeg_full(clip: Clip, k: int, out: Path) -> None:
    _ffmpeg(clip, k, out, "full", 0)


def ffmpeg_single(clip: Clip, k: int, out: Path) -> None:
    _ffmpeg(clip, k, out, "single", 1)


def imagemagick(clip: Clip, k: int, out: Path) -> None:
    colors = with_transparent(clip, k)
    run("/usr/bin/convert", clip.path, "-coalesce", "+dither", "-colors", colors, out)


def gifski(clip: Clip, k: int, out: Path) -> None:
    """Take pictures at a fixed rate: it reads no GIFs and keeps no delays."""
    if k < 256:
        raise Unsupported("gifski has no number of colors")
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        names = [f"{folder}/{i:04d}.png" for i in range(len(clip.frames))]
        for name, frame in zip(names, clip.frames, strict=True):
            Image.fromarray(frame.rgba()).save(name, compress_level=1)
        run(_gifski_program(), "-q", "--fps", 20, "--quality", 100, "-o", out, *names)


def _gifski_program() -> str:
    """Return gifski from the path, or from its npm package, which holds the program."""
    found = shutil.which("gifski")
    if found:
        return found
    program = CACHE / "node_modules" / "gifski" / "bin" / "debian" / "gifski"
    if not program.exists():
        CACHE.mkdir(exist_ok=True)
        run("npm", "install", "--silent", "--prefix", CACHE, "gifski@1.7.1")
    return str(program)


# Libraries


def pillow(clip: Clip, k: int, out: Path) -> None:
    """Quantize and save as Pillow's users do: each frame by itself, by median cut."""
    from PIL import Image

    pictures = []
    for frame in clip.frames:
        picture = Image.fromarray(frame.rgba())
        if clip.transparent:  # median cut knows no transparency
            method = Image.Quantize.FASTOCTREE
        else:
            picture, method = picture.convert("RGB"), Image.Quantize.MEDIANCUT
        pictures.append(
            picture.quantize(
                min(k + frame.has_transparency, 256), method=method, dither=Image.Dither.NONE
            )
        )
    pictures[0].save(
        out,
        save_all=True,
        append_images=pictures[1:],
        duration=[max(frame.duration, 10) for frame in clip.frames],
        loop=0,
        disposal=2 if clip.transparent else 0,
    )


def imagequant(clip: Clip, k: int, out: Path) -> None:
    import imagequant as liq

    def quantized() -> Iterator[np.ndarray]:
        for frame in clip.frames:
            rgba = frame.rgba()
            indices, palette = liq.quantize_raw_rgba_bytes(
                rgba.tobytes(),
                frame.width,
                frame.height,
                dithering_level=0.0,
                max_colors=min(k + frame.has_transparency, 256),
            )
            table = np.zeros((256, 4), np.uint8)
            table[: len(palette) // 4] = np.array(palette, np.uint8).reshape(-1, 4)
            picture = table[np.frombuffer(indices, np.uint8).reshape(frame.ids.shape)]
            picture[..., 3] = frame.rgba()[..., 3]
            yield picture

    _save(clip, quantized(), out)


def sklearn_seeded(clip: Clip, k: int, out: Path) -> None:
    _save(clip, _sklearn(clip, k, seeded=True), out)


def sklearn_unseeded(clip: Clip, k: int, out: Path) -> None:
    _save(clip, _sklearn(clip, k, seeded=False), out)


def _sklearn(clip: Clip, k: int, *, seeded: bool) -> Iterator[np.ndarray]:
    """Run its k-means on each frame; on distinct colors, which gives the same as on pixels."""
    from sklearn.cluster import KMeans

    centers = None
    for number, frame in enumerate(clip.frames):
        used = np.flatnonzero(frame.weights)
        colors = frame.colors[used].astype(float)
        if len(colors) <= k:
            yield frame.rgba()
            continue
        start = centers if seeded and centers is not None else "k-means++"
        model = KMeans(k, init=start, n_init=1, random_state=number)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(colors, sample_weight=frame.weights[used])
        centers = model.cluster_centers_
        table = np.zeros((len(frame.colors) + 1, 4), np.uint8)
        table[used, :3] = np.rint(centers).astype(np.uint8)[model.labels_]
        table[used, 3] = 255
        yield table[frame.ids]


def _save(clip: Clip, pictures: Iterable[np.ndarray], out: Path) -> None:
    frames = [
        Frame.from_array(picture, frame.duration)
        for picture, frame in zip(pictures, clip.frames, strict=True)
    ]
    write(out, indexed(frames), clip.animation.size, clip.animation.loop)


def indexed(frames: list[Frame]) -> list[IndexedFrame]:
    """Return frames over palettes in a fixed order: one for all where that needs no longer codes."""
    own = [np.unique(frame.colors[frame.weights > 0], axis=0) for frame in frames]
    shared = np.unique(np.concatenate(own), axis=0)
    most = max(
        len(palette) + frame.has_transparency for palette, frame in zip(own, frames, strict=True)
    )
    if most > 256:
        raise Unsupported("more than 256 colors in a frame")
    if len(shared) + 1 <= 1 << max(most - 1, 1).bit_length():
        own = [shared] * len(frames)
    return [_over(frame, palette) for frame, palette in zip(frames, own, strict=True)]


def _over(frame: Frame, palette: np.ndarray) -> IndexedFrame:
    def packed(colors: np.ndarray) -> np.ndarray:
        return colors.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])

    # np.unique sorts rows, so packed values are sorted too.
    slots = np.searchsorted(packed(palette), packed(frame.colors)).clip(0, 255)
    transparent = len(palette) if frame.has_transparency else None
    table = np.append(slots, transparent or 0).astype(np.uint8)
    return IndexedFrame(table[frame.ids], palette, frame.duration, transparent)


def _words(*command: str) -> str:
    """Return the first line a program says about its version."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return f"{command[0]} missing"
    return (done.stdout or done.stderr).splitlines()[0].strip()


def tools() -> list[Tool]:
    """Return every tool, ours first."""
    version = importlib.metadata.version
    modes = ("steady", "seeded", "independent", "global")
    ffmpeg_version = " ".join(_words("ffmpeg", "-version").split()[:3])
    learn = f"scikit-learn {version('scikit-learn')}"
    return [
        *map(ours, modes),
        Tool("gifsicle", gifsicle, _words("gifsicle", "--version")),
        Tool("ffmpeg full", ffmpeg_full, ffmpeg_version),
        Tool("ffmpeg single", ffmpeg_single, ffmpeg_version),
        Tool(
            "ImageMagick",
            imagemagick,
            " ".join(_words("/usr/bin/convert", "-version").split()[1:3]),
        ),
        Tool("Pillow", pillow, f"Pillow {version('Pillow')}"),
        Tool("imagequant", imagequant, f"imagequant {version('imagequant')}"),
        Tool("gifski", gifski, "gifski 1.7.1", delay=50),
        Tool("scikit-learn seeded", sklearn_seeded, learn),
        Tool("scikit-learn unseeded", sklearn_unseeded, learn),
    ]

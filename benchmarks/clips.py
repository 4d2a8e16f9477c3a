"""The clips that are measured: real ones, cut to a length that keeps a full run short."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from steadyhue.formats import open_animation, open_sink
from steadyhue.frame import Animation, Frame

HERE = Path(__file__).parent
CACHE = HERE / ".cache"
sys.path.append(str(HERE.parent / "tests"))

from corpus import ROOT  # noqa: E402 -- the one place that knows where the clips are

FRAMES = 40
"""Most frames of a clip that are used."""


@dataclass(frozen=True)
class Clip:
    """A source clip; `path` has at most `FRAMES` frames."""

    name: str
    path: Path

    @cached_property
    def frames(self) -> list[Frame]:
        return list(open_animation(self.path))

    @cached_property
    def animation(self) -> Animation:
        opened = open_animation(self.path)
        return held(self.frames, opened.loop, self.name)

    @property
    def transparent(self) -> bool:
        return any(frame.has_transparency for frame in self.frames)


def held(frames: list[Frame], loop: int, name: str) -> Animation:
    """Return an animation of frames that are in memory."""
    return Animation(
        lambda: iter(frames),
        width=frames[0].width,
        height=frames[0].height,
        loop=loop,
        n_frames=len(frames),
        name=name,
    )


def clips(pattern: str = "*/*") -> list[Clip]:
    """Return the natural and flat clips whose folder/name matches."""
    found = [
        path
        for path in sorted(ROOT.glob(f"{pattern}.gif"))
        if path.parent.name in ("natural", "flat")
    ]
    if not found:
        raise SystemExit(f"no clips {pattern} in {ROOT}: set STEADYHUE_CORPUS to a folder of them")
    return [Clip(f"{path.parent.name}/{path.stem}", _trimmed(path)) for path in found]


def _trimmed(path: Path) -> Path:
    """Return the clip's first frames as a file of its own; gifsicle copies them untouched."""
    target = CACHE / "clips" / f"{path.parent.name}-{path.stem}-{FRAMES}.gif"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        n_frames = sum(1 for _ in open_animation(path))
        if n_frames <= FRAMES:
            return path
        command = ["gifsicle", "--no-warnings", str(path), f"#0-{FRAMES - 1}", "-o", str(target)]
        subprocess.run(command, check=True)
    return target


def write(path: Path, frames: Iterable, size: tuple[int, int], loop: int) -> None:
    """Write indexed frames with our own writer."""
    with open_sink(path, width=size[0], height=size[1], loop=loop, force=True) as sink:
        for frame in frames:
            sink.write(frame)

"""The whole experiment as one page, figure by figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from steadyhue import api, samples
from steadyhue.errors import OutputError
from steadyhue.figures.compare import original
from steadyhue.figures.page import Exhibit, Figure, Plate, page
from steadyhue.figures.ribbon import ribbon_png
from steadyhue.figures.treatment import Treatment, Variant, best_errors, encode, treat
from steadyhue.formats.sink import write_whole
from steadyhue.frame import Animation

FEW = (2, 4, 10)
"""Numbers of colors of the experiment."""

TEN = 10
"""Number of colors where modes are compared."""

HELD = ("independent", "seeded", "global")
"""Modes that are compared."""


@dataclass(slots=True)
class _Stage:
    """A clip in the demo, and what was made of it so far."""

    clip: Animation
    path: Path
    folder: Path
    on_step: Callable[[str], object]
    best: dict[int, list[float]] = field(default_factory=dict)
    made: dict[str, Treatment] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.stem

    def show(self, title: str, **options: Any) -> Exhibit:
        return replace(self.treat(title, **options).exhibit(), title=title)

    def treat(self, title: str, **options: Any) -> Treatment:
        """Reduce the clip, once for each set of options, and keep the GIF in the folder."""
        words = [self.name, *(str(value) for value in options.values())]
        key = "-".join(words)
        if key not in self.made:
            self.on_step(key)
            k = options["colors"]
            if k not in self.best:
                self.best[k] = best_errors(self.clip, k)
            found = treat(self.clip, Variant(title, options), self.best[k])
            (self.folder / f"{key}.gif").write_bytes(found.gif)
            self.made[key] = found
        return self.made[key]


def demo(
    folder: Path,
    clips: Sequence[Path] = (),
    *,
    force: bool = False,
    on_step: Callable[[str], object] = lambda _: None,
) -> Path:
    """Make the experiment: GIFs and a page ``index.html`` that shows them.

    Parameters
    ----------
    folder : path
        Where to; made if it is not there.
    clips : sequence of path
        One or two clips of your own; the samples if empty.
    force : bool
        Overwrite what is in the folder.
    on_step : callable
        Told the name of each treatment as its turn comes.

    Returns
    -------
    path
        The page.

    Raises
    ------
    FormatError, LimitError
        If a clip cannot be read.
    OutputError
        If the page is there already, or the folder cannot be written.
    """
    index = folder / "index.html"
    if index.exists() and not force:
        raise OutputError(f"{index}: already exists; --force replaces it")
    folder.mkdir(parents=True, exist_ok=True)
    paths = list(clips) or [_save_sample(clip, folder, on_step) for clip in _samples()]
    stages = [_Stage(api.open(path), path, folder, on_step) for path in paths]
    figures = list(_figures(stages[0], stages[1] if len(stages) > 1 else None))
    write_whole(index, page("Palettes that hold still", _LEAD, figures).encode(), force=True)
    return index


_LEAD = (
    "k-means with a few colors, on every frame of a moving picture: what it does by itself, "
    "what starting from the frame before does, and what holding the palette does."
)


def _samples() -> list[Animation]:
    return [samples.harbor(), samples.forest()]


def _save_sample(clip: Animation, folder: Path, on_step: Callable[[str], object]) -> Path:
    """Write a sample as a GIF of 256 colors: the experiment starts from GIFs."""
    on_step(clip.name)
    path = folder / f"{clip.name}.gif"
    frames = list(clip)  # two passes over 48 frames: drawn once
    drawn = Animation(lambda: iter(frames), width=clip.width, height=clip.height, name=clip.name)
    path.write_bytes(encode(list(api.quantize(drawn, 256, mode="global")), clip.loop))
    return path


def _figures(first: _Stage, second: _Stage | None) -> Iterator[Figure]:
    yield from _experiment(first)
    if second is not None:
        yield from _second_clip(second)
    for stage in filter(None, (first, second)):
        yield _steadiness(stage)
    yield _ribbons(first)


def _experiment(stage: _Stage) -> Iterator[Figure]:
    """Redo the original experiment: one clip, few colors, two distances."""
    yield Figure(
        "The original",
        "Note what stands still and what moves: still areas are where a palette gives itself away.",
        [original(stage.clip, stage.path, stage.name)],
    )
    yield Figure(
        "k-means on every frame, from random centers",
        "Watch an area that stands still: each frame finds a palette of its own, so it boils.",
        [stage.show(f"k = {k}", mode="independent", colors=k) for k in FEW],
    )
    yield Figure(
        "Each frame starts from the centers of the one before",
        "The boiling is gone, but colors creep, and what enters late may never get a color.",
        [stage.show(f"k = {k}", mode="seeded", colors=k) for k in FEW],
    )
    yield Figure(
        "Manhattan distance and medians",
        "Medians take the colors of large flat areas; small bright things lose theirs first.",
        [
            stage.show(f"{mode}, k = {k}", mode=mode, colors=k, distance="manhattan")
            for mode in ("independent", "seeded")
            for k in FEW
        ],
    )


def _second_clip(stage: _Stage) -> Iterator[Figure]:
    yield Figure(
        "The second clip",
        "Other colors, other movement: again note what stands still.",
        [original(stage.clip, stage.path, stage.name)],
    )
    yield Figure(
        "The second clip with few colors",
        "The same two faults: above every frame for itself, below each from the one before.",
        [
            stage.show(f"{mode}, k = {k}", mode=mode, colors=k)
            for mode in ("independent", "seeded")
            for k in FEW
        ],
    )


def _steadiness(stage: _Stage) -> Figure:
    return Figure(
        f"What flickers: {stage.name} in {TEN} colors",
        "The hotter a pixel, the more its color changes from frame to frame while its source "
        "holds still; press h for the clips themselves.",
        [stage.show(f"{mode}, k = {TEN}", mode=mode, colors=TEN) for mode in HELD],
        hot=True,
    )


def _ribbons(stage: _Stage) -> Figure:
    plates = []
    for mode in HELD:
        found = stage.treat(f"{mode}, k = {TEN}", mode=mode, colors=TEN)
        flicker = dict(found.facts)["flicker"]
        picture = ribbon_png(found.history, 1440, 120)
        plates.append(Plate(f"{mode}: {flicker} of still pixels change", picture))
    return Figure(
        f"{TEN} colors over time",
        "Time runs to the right and each band is a slot: calm bands are colors that hold still.",
        plates=plates,
    )

"""The whole experiment as one page, figure by figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from steadyhue import api, samples
from steadyhue.errors import OutputError
from steadyhue.figures.page import Figure, Plate, page
from steadyhue.figures.ribbon import ribbon_png
from steadyhue.formats.outputs import REPLACES, check_target
from steadyhue.formats.replacing import write_whole
from steadyhue.frame import Animation
from steadyhue.showcase.compare import original
from steadyhue.showcase.exhibition import Exhibition
from steadyhue.showcase.treatment import encode

FEW = (2, 4, 10)
"""Numbers of colors of the experiment."""

TRANSFERRED = (2, 5, 10)
"""Numbers of colors that are transferred."""

TEN = 10
"""Number of colors where modes and ways to match are compared."""

HELD = ("independent", "seeded", "steady", "global")
"""Modes that are compared."""


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
        If a file of that kind is there already, a clip is in the folder itself, both have one
        name, or the folder cannot be written.
    """
    index = folder / "index.html"
    _check_folder(folder, clips, force)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror}") from error
    check_target(index, force=force)
    paths = list(clips) or [_save_sample(clip, folder, on_step, force) for clip in _samples()]
    shown = map(api.open, paths) if clips else (_in_memory(api.open(path)) for path in paths)
    exhibitions = [
        Exhibition(clip, path, folder, on_step, force)
        for clip, path in zip(shown, paths, strict=True)
    ]
    figures = list(_figures(exhibitions[0], exhibitions[1] if len(exhibitions) > 1 else None))
    write_whole(index, page("Palettes that hold still", _LEAD, figures).encode(), force=force)
    return index


def _check_folder(folder: Path, clips: Sequence[Path], force: bool) -> None:
    """Refuse to write over clips, each other, and unless told to, over what is there."""
    stems = [clip.stem for clip in clips] or [samples.harbor().name, samples.forest().name]
    if len(set(stems)) < len(stems):
        raise OutputError(f"{clips[1]}: has the name of the other clip, and so would its files")
    for clip in clips:
        if clip.resolve().parent == folder.resolve():
            raise OutputError(f"{folder}: the clip {clip.name} is in it; choose another folder")
    if force or not folder.is_dir():
        return
    for path in sorted(folder.glob("*.gif")):
        if path.stem in stems or path.name.startswith(tuple(f"{stem}-" for stem in stems)):
            raise OutputError(f"{path}: already exists; {REPLACES} what is there")


_LEAD = (
    "k-means with a few colors, on every frame of a moving picture: what it does by itself, "
    "what starting from the frame before does, and what holding the palette does."
)


def _samples() -> list[Animation]:
    return [samples.harbor(), samples.forest()]


def _save_sample(
    clip: Animation, folder: Path, on_step: Callable[[str], object], force: bool
) -> Path:
    """Write a sample as a GIF of 256 colors: the experiment starts from GIFs."""
    on_step(clip.name)
    path = folder / f"{clip.name}.gif"
    data = encode(list(api.quantize(_in_memory(clip), 256, mode="global")), clip.loop)
    write_whole(path, data, force=force)
    return path


def _in_memory(clip: Animation) -> Animation:
    """Return a sample drawn or decoded once: 48 small frames, which are read over a hundred times."""
    frames = list(clip)
    return Animation(
        lambda: iter(frames),
        width=clip.width,
        height=clip.height,
        loop=clip.loop,
        n_frames=len(frames),
        name=clip.name,
    )


def _figures(first: Exhibition, second: Exhibition | None) -> Iterator[Figure]:
    yield from _experiment(first)
    if second is not None:
        yield from _second_clip(second)
        yield _transfer(first, second)
        yield _transfer(second, first)
    for exhibition in filter(None, (first, second)):
        yield _steadiness(exhibition)
    yield _ribbons(first)
    if second is not None:
        yield _matches(first, second)


def _experiment(exhibition: Exhibition) -> Iterator[Figure]:
    """Redo the original experiment: one clip, few colors, two distances."""
    yield Figure(
        "The original",
        "Note what stands still and what moves: still areas are where a palette gives itself away.",
        [original(exhibition.clip, exhibition.path, exhibition.name)],
    )
    yield Figure(
        "k-means on every frame, from random centers",
        "Watch an area that stands still: each frame finds a palette of its own, so it boils.",
        [exhibition.show(f"k = {k}", mode="independent", colors=k) for k in FEW],
    )
    yield Figure(
        "Each frame starts from the centers of the one before",
        "The boiling is gone, but colors creep, and what enters late may never get a color.",
        [exhibition.show(f"k = {k}", mode="seeded", colors=k) for k in FEW],
    )
    yield Figure(
        "Manhattan distance and medians",
        "Medians take the colors of large flat areas; small bright things lose theirs first.",
        [
            exhibition.show(f"{mode}, k = {k}", mode=mode, colors=k, distance="manhattan")
            for mode in ("independent", "seeded")
            for k in FEW
        ],
    )


def _second_clip(exhibition: Exhibition) -> Iterator[Figure]:
    yield Figure(
        "The second clip",
        "Other colors, other movement: again note what stands still.",
        [original(exhibition.clip, exhibition.path, exhibition.name)],
    )
    yield Figure(
        "The second clip with few colors",
        "The same two faults: above every frame for itself, below each from the one before.",
        [
            exhibition.show(f"{mode}, k = {k}", mode=mode, colors=k)
            for mode in ("independent", "seeded")
            for k in FEW
        ],
    )


def _transfer(exhibition: Exhibition, reference: Exhibition) -> Figure:
    return Figure(
        f"{exhibition.name} in the colors of {reference.name}",
        "Above, colors are matched by rank of frequency, and pictures turn into negatives; "
        "below, by shade: light stays light.",
        [
            exhibition.recolor(f"{match}, k = {k}", reference, match=match, colors=k)
            for match in ("frequency", "tone")
            for k in TRANSFERRED
        ],
    )


def _matches(exhibition: Exhibition, reference: Exhibition) -> Figure:
    ways = [
        exhibition.recolor(match, reference, match=match, colors=TEN)
        for match in ("frequency", "lightness", "nearest", "assignment", "tone")
    ]
    smooth = exhibition.recolor("tone, smooth", reference, match="tone", smooth=True, colors=TEN)
    return Figure(
        f"Ways to match: {exhibition.name} in {TEN} colors of {reference.name}",
        "Look for shading that is turned around, for neighbors that fall together, and for colors "
        "of the other clip that are not used.",
        [*ways, smooth],
    )


def _steadiness(exhibition: Exhibition) -> Figure:
    return Figure(
        f"What flickers: {exhibition.name} in {TEN} colors",
        "The hotter a pixel, the more its color changes from frame to frame while its source "
        "holds still; press h for the clips themselves.",
        [exhibition.show(f"{mode}, k = {TEN}", mode=mode, colors=TEN) for mode in HELD],
        hot=True,
    )


def _ribbons(exhibition: Exhibition) -> Figure:
    plates = []
    for mode in HELD:
        found = exhibition.treat(f"{mode}, k = {TEN}", mode=mode, colors=TEN)
        flicker = dict(found.facts)["flicker"]
        picture = ribbon_png(found.history, 1440, 120)
        plates.append(Plate(f"{mode}: {flicker} of still pixels change", picture))
    return Figure(
        f"{TEN} colors over time",
        "Time runs to the right and each band is a slot: calm bands are colors that hold still.",
        plates=plates,
    )

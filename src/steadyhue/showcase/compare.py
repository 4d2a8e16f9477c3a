"""One clip side by side in several treatments: page, animation or contact sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path

from steadyhue import api
from steadyhue.errors import OutputError
from steadyhue.figures.page import Exhibit, Figure, page
from steadyhue.figures.sheet import CAPTION_COLORS, IndexedStrip, Strip, beside, contact_sheet
from steadyhue.formats import Openable, check_suffix, open_animation, open_sink
from steadyhue.formats.outputs import check_outputs
from steadyhue.formats.replacing import write_whole
from steadyhue.frame import Animation, IndexedFrame
from steadyhue.showcase.treatment import (
    Treatment,
    Variant,
    best_errors,
    encode,
    kilobytes,
    treat,
)
from steadyhue.words import MODES

SHEET_COLUMNS = 6

PAGES = (".html", ".htm")
"""Suffixes of a page."""


def default_variants(colors: int = 10) -> list[Variant]:
    """Return the modes that choose palettes themselves, at k colors."""
    return [Variant.of(mode, colors=colors, mode=mode) for mode in MODES if mode != "fixed"]


def compare(
    source: Openable,
    target: str | PathLike[str],
    variants: Sequence[Variant] = (),
    *,
    force: bool = False,
    on_step: Callable[[str], object] = lambda _: None,
) -> None:
    """Show a clip side by side in several treatments.

    Parameters
    ----------
    source : Animation or path
        The clip.
    target : path
        ``.html`` or ``.htm``: a self-contained page of players in step. ``.png``: a contact
        sheet. ``.gif``, ``.webp`` or another animated format: captioned panels
        that play in step.
    variants : sequence of Variant
        What to show beside the original; the modes at 10 colors if empty.
    force : bool
        Overwrite a file that is there.
    on_step : callable
        Told the title of each treatment as its turn comes.

    Raises
    ------
    FormatError, LimitError
        If the source cannot be read.
    OutputError
        If the target is there already or cannot be written.
    ValueError
        If the variants have more colors together than an animation in one
        palette can show.
    """
    path = Path(target)
    suffix = path.suffix.lower()
    check_suffix(target, more=PAGES)
    check_outputs([path], [source], force=force)
    clip = open_animation(source)
    treatments = []
    for variant in variants or default_variants():
        on_step(variant.title)
        best = best_errors(clip, variant.settings.colors) if suffix in PAGES else None
        treatments.append(treat(clip, variant, best))
    on_step("original")
    if suffix in PAGES:
        exhibits = [original(clip, source), *(treatment.exhibit() for treatment in treatments)]
        text = page(Path(clip.name).stem, _lead(clip), [Figure("Side by side", _LOOK, exhibits)])
        write_whole(path, text.encode(), force=force)
    elif suffix == ".png":
        write_whole(path, sheet_png(clip, treatments), force=force)
    else:
        _animate(clip, treatments, path, force)


_LOOK = (
    "Watch what stands still: does it hold its colors? Press h for a map of what flickers, "
    "and c to slide between any two."
)


def _lead(clip: Animation) -> str:
    return f"{clip.width} by {clip.height} pixels, {clip.n_frames} frames"


def original(clip: Animation, source: object = None, title: str = "original") -> Exhibit:
    """Return the untreated clip as a page shows it.

    A GIF is embedded as it is; another source is shown in 256 colors.
    """
    gif, shown = _gif_of(clip, source)
    colors = max(int((frame.weights > 0).sum()) for frame in clip)
    count = f"{colors:,}" + ("" if shown else ", shown in 256")
    facts = [("size", kilobytes(gif)), ("colors in a frame", count)]
    return Exhibit(title, gif, clip.width, clip.height, facts)


def _gif_of(clip: Animation, source: object) -> tuple[bytes, bool]:
    if isinstance(source, (str, PathLike)) and Path(source).is_file():
        data = Path(source).read_bytes()
        if data.startswith(b"GIF8"):
            return data, True
    return encode(list(api.quantize(clip, 256, mode="global")), clip.loop), False


def sheet_png(clip: Animation, treatments: Sequence[Treatment]) -> bytes:
    """Return a contact sheet as a PNG file: the original, then each treatment."""
    from io import BytesIO

    from PIL import Image

    count = len(treatments[0].frames)
    columns = min(SHEET_COLUMNS, count)
    middles = {(2 * column + 1) * count // (2 * columns) for column in range(columns)}
    chosen = [frame.rgba() for n, frame in enumerate(clip) if n in middles]
    strips = [Strip("original", _lead(clip), chosen)]
    for treatment in treatments:
        frames = [treatment.frames[n].rgba() for n in sorted(middles)]
        strips.append(Strip(treatment.title, _note(treatment), frames))
    file = BytesIO()
    Image.fromarray(contact_sheet(strips, columns)).save(file, "PNG", optimize=True)
    return file.getvalue()


def _animate(clip: Animation, treatments: Sequence[Treatment], path: Path, force: bool) -> None:
    used = sum(max(len(f.palette) for f in treatment.frames) for treatment in treatments)
    left = 256 - CAPTION_COLORS - used
    if left < 16:
        raise OutputError(
            f"{path}: the variants have {used} colors, which leaves too few of 256 for the original; "
            "compare fewer, or write an .html page"
        )
    first: list[IndexedFrame] = list(api.quantize(clip, left, mode="global"))
    strips = [IndexedStrip("original", f"in {left} colors", first)]
    strips += [IndexedStrip(t.title, _note(t), t.frames) for t in treatments]
    frames = beside(strips)
    opening = next(frames)
    with open_sink(path, opening.width, opening.height, loop=clip.loop, force=force) as sink:
        sink.write(opening)
        for frame in frames:
            sink.write(frame)


def _note(treatment: Treatment) -> str:
    facts = dict(treatment.facts)
    return f"error {facts['error']}, flicker {facts['flicker']}, {facts['size']}"

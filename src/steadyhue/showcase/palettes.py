"""The palette of a clip in a file: over time, of one frame, or of the whole."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

from steadyhue import api
from steadyhue.errors import OptionError, OutputError
from steadyhue.figures.history import PaletteHistory
from steadyhue.figures.ribbon import Height, ribbon_png, ribbon_svg
from steadyhue.formats import Openable
from steadyhue.formats.outputs import check_outputs
from steadyhue.formats.palettes import SUFFIXES, encode_palette
from steadyhue.formats.replacing import write_whole
from steadyhue.palette import Palette

OVER_TIME = (".json", ".csv", ".png", ".svg")
"""Suffixes that hold a palette for every frame."""


def palette_history(source: Openable, **options: Any) -> PaletteHistory:
    """Return the palette of every frame.

    Parameters
    ----------
    source : Animation or path
    **options
        As for `steadyhue.quantize`.
    """
    result = api.quantize(source, **options)
    for _ in result:
        pass
    return PaletteHistory.of(result.report)


def save_palettes(
    source: Openable,
    target: str | PathLike[str],
    *,
    frame: int | None = None,
    by: Height = "weight",
    force: bool = False,
    **options: Any,
) -> None:
    """Write the palette of a clip to a file.

    Parameters
    ----------
    source : Animation or path
        The clip.
    target : path
        ``.png`` and ``.svg`` are ribbons over time; ``.json`` and ``.csv`` have
        slot, color and weight for every frame. Palette files such as ``.gpl``
        and ``.hex`` hold one palette, that of all frames together.
    frame : int, optional
        Write the palette of this frame only, counted from 0; from the end if negative.
    by : "weight" or "equal"
        Whether a ribbon's bands are as high as their slots' shares.
    force : bool
        Overwrite a file that is there.
    **options
        As for `steadyhue.quantize`.

    Raises
    ------
    FormatError, LimitError
        If the source cannot be read.
    OutputError
        If the target is there already, cannot be written, or its suffix is unknown.
    OptionError
        If there is no such frame, or as for `steadyhue.quantize`.
    """
    path = Path(target)
    suffix = path.suffix.lower()
    if suffix not in (*OVER_TIME, *SUFFIXES) or (suffix == ".svg" and frame is not None):
        raise OutputError(
            f"{path}: no palette can be written with the suffix {suffix!r}; there are "
            f"{', '.join(dict.fromkeys((*OVER_TIME, *SUFFIXES)))}"
        )
    check_outputs([path], [source], force=force)
    whole = frame is None and suffix not in OVER_TIME
    if whole:
        if options.get("mode") not in (None, "global"):
            raise OptionError(f"{path}: one palette for all frames is that of mode 'global'")
        options["mode"] = "global"
    history = palette_history(source, **options)
    if whole or frame is not None:
        data = encode_palette(_one(history, frame), suffix)
    elif suffix == ".png":
        data = ribbon_png(history, by=by)
    elif suffix == ".svg":
        data = ribbon_svg(history, by=by).encode()
    else:
        data = (history.to_json() if suffix == ".json" else history.to_csv()).encode()
    write_whole(path, data, force=force)


def _one(history: PaletteHistory, frame: int | None) -> Palette:
    """Return the palette of a frame, or the pooled one."""
    if frame is None:
        return Palette(history.colors[0], history.weights.sum(axis=0))
    count = len(history.colors)
    if not -count <= frame < count:
        raise OptionError(f"there is no frame {frame}: the clip has {count}")
    return Palette(history.colors[frame], history.weights[frame])

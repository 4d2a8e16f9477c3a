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
from steadyhue.formats.outputs import STANDARD_STREAM, check_name, check_outputs
from steadyhue.formats.palettes import SUFFIXES, encode_palette
from steadyhue.formats.replacing import write_whole
from steadyhue.palette import Palette

RIBBONS = (".png", ".svg")
OVER_TIME = (".json", ".csv", *RIBBONS)
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
    by: Height | None = None,
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
    by : "weight" or "equal", optional
        Whether a ribbon's bands are as high as their slots' shares, which is the default.
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
    check_history(target, one=frame is not None)
    suffix = path.suffix.lower() or ".json"
    if by is not None and (suffix not in RIBBONS or frame is not None):
        raise OptionError(f"{path}: by has no effect on this; it is for ribbons over time")
    check_outputs([path], [source], force=force)
    if frame is None and suffix not in OVER_TIME:
        if options.get("mode") not in (None, "global"):
            raise OptionError(f"{path}: one palette for all frames is that of mode 'global'")
        options["mode"] = "global"
    history = palette_history(source, **options)
    if frame is not None:
        data = encode_palette(_of_frame(history, frame), suffix)
    else:
        data = encode_history(history, path, by=by or "weight")
    write_whole(path, data, force=force)


def check_history(target: object, *, one: bool = False) -> None:
    """Raise `OutputError` if palettes, or one palette, cannot be written under such a name."""
    if not isinstance(target, (str, PathLike)) or str(target) == STANDARD_STREAM:
        return
    check_name(target)
    suffix = Path(target).suffix.lower()
    if suffix not in (*OVER_TIME, *SUFFIXES) or (suffix == ".svg" and one):
        raise OutputError(
            f"{target}: no palette can be written with the suffix {suffix!r}; there are "
            f"{', '.join(dict.fromkeys((*OVER_TIME, *SUFFIXES)))}"
        )


def encode_history(
    history: PaletteHistory, target: str | PathLike[str], *, by: Height = "weight"
) -> bytes:
    """Return the bytes of a file of palettes over time, or of one of all their colors.

    The suffix says which, as for `save_palettes`; standard output gets JSON.
    """
    suffix = Path(target).suffix.lower() or ".json"
    if suffix == ".png":
        return ribbon_png(history, by=by)
    if suffix == ".svg":
        return ribbon_svg(history, by=by).encode()
    if suffix == ".json":
        return history.to_json().encode()
    if suffix == ".csv":
        return history.to_csv().encode()
    return encode_palette(history.pooled(), suffix)


def _of_frame(history: PaletteHistory, frame: int) -> Palette:
    count = len(history.colors)
    if not -count <= frame < count:
        raise OptionError(f"there is no frame {frame}: the clip has {count}")
    return Palette(history.colors[frame], history.weights[frame])

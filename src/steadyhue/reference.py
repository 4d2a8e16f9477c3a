"""References: the palette of a picture, clip, palette file or list of colors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from os import PathLike, fspath
from os.path import exists
from pathlib import Path

import numpy as np

from steadyhue.errors import FormatError, OptionError
from steadyhue.formats import Openable, open_animation
from steadyhue.formats.palettes import SUFFIXES, parse_palette, read_palette
from steadyhue.frame import Animation
from steadyhue.histogram import Histogram
from steadyhue.modes.simple import pooled_palette
from steadyhue.palette import Palette
from steadyhue.palettemap import PaletteMap
from steadyhue.recolor import Recoloring
from steadyhue.remap import nearest_slots
from steadyhue.settings import Matching, Settings
from steadyhue.words import Distance, Space

Reference = Palette | Openable
"""What a reference may be: a palette, what opens as a clip, or text with colors."""

CLUSTERED = 4096
"""Colors of a reference that are clustered, means of cells if it has more: 64 clusters of them err
by 3 % more, in a fifth of the time."""


def recoloring_by(
    matching: Matching,
    settings: Settings,
    reference: Reference | None,
    known: PaletteMap | None = None,
) -> Recoloring:
    """Return a recoloring by a reference, which is read now, or by a map.

    Raises
    ------
    OptionError
        If there are both or neither, or as for `reference_palette`.
    FormatError
        If the reference cannot be read or shows nothing.
    """
    if known is not None and reference is None:
        return Recoloring(known.target, matching, known)
    if known is not None or reference is None:
        raise OptionError("a transfer needs either a reference or a map")
    given = _given_colors(reference)
    if given is not None:
        if matching.reference_colors is not None:
            raise OptionError(
                "reference_colors has no effect on a reference that says its colors itself"
            )
        return Recoloring(given, matching)
    target = reference_palette(
        reference,
        matching.colors_to_take(settings.colors),
        space=settings.space,
        distance=settings.distance,
        seed=settings.seed,
    )
    return Recoloring(target, matching)


def reference_palette(
    reference: Reference,
    colors: int = 10,
    *,
    space: Space = "srgb",
    distance: Distance = "euclidean",
    seed: int = 0,
) -> Palette:
    """Return the colors of a reference with their weights.

    Parameters
    ----------
    reference : Palette, or anything that opens as an animation, or text
        A palette, a palette file, a (k, 3) array or a list of colors such as
        ``"#1d2b53,#fff1e8"`` is taken as it is; the frames of an animation are pooled by
        their duration.
    colors : int in [1, 256]
        Most colors to take from a picture or animation.
    space, distance, seed
        As in `Settings`.

    Raises
    ------
    OptionError
        If it is of a kind that cannot be a reference.
    FormatError
        If the reference cannot be read or shows nothing.
    """
    if isinstance(reference, Palette):
        return reference
    given = _given_colors(reference)
    if given is not None:
        return given
    clip = open_animation(reference)
    pooled = _pooled_by_duration(clip)
    if not len(pooled.colors):
        raise FormatError(f"{clip.name}: the reference is fully transparent")
    if len(pooled.colors) <= colors:
        return Palette(pooled.colors, pooled.weights)
    pooled = pooled.coarse(CLUSTERED)
    palette = pooled_palette(pooled, colors, space=space, distance=distance, seed=seed)
    slots = nearest_slots(pooled.colors, palette, space, distance=distance)
    return Palette(palette, np.bincount(slots, pooled.weights, len(palette)))


def _given_colors(reference: Reference) -> Palette | None:
    """Return the palette of a reference that says its colors itself; None for pictures."""
    if isinstance(reference, Palette):
        return reference
    try:
        if isinstance(reference, np.ndarray) and reference.ndim == 2 and reference.shape[1] == 3:
            return Palette(reference)
        if isinstance(reference, (list, tuple)) and all(isinstance(c, str) for c in reference):
            return Palette.from_hex(reference)
    except ValueError as error:
        raise OptionError(f"reference: {error}") from None
    if not isinstance(reference, (str, PathLike)):
        return None
    text = fspath(reference)
    suffix = Path(text).suffix.lower()
    if suffix in SUFFIXES and suffix != ".png":  # a PNG may well be a picture
        return read_palette(text)
    if not suffix and not exists(text) and text != "-":
        return parse_palette(text)
    return None


def _pooled_by_duration(animation: Animation) -> Histogram:
    def counted() -> Iterator[Histogram]:
        for frame in animation:
            histogram = Histogram.of(frame)
            time = max(1, round(frame.duration / 10))  # a still has none, and counts once
            yield replace(histogram, weights=histogram.weights * time)

    pooled = Histogram.merge(counted())
    excess = int(pooled.weights.sum()) >> 31  # the clustering takes sums below 2^32
    return replace(pooled, weights=np.maximum(pooled.weights // (excess + 1), 1))

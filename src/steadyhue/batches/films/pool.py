"""The one palette of a clip whose colors were counted in parts: for mode ``global``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from steadyhue.formats.replacing import replace_with
from steadyhue.histogram import Histogram
from steadyhue.modes.simple import pooled_palette
from steadyhue.palette import Palette
from steadyhue.settings import Settings


def write_counts(path: Path, histograms: Iterable[Histogram]) -> None:
    """Pool the histograms of a part, and store them.

    Raises
    ------
    OutputError
        If that is not possible.
    """
    pooled, data = Histogram.merge(histograms), BytesIO()
    np.savez(data, colors=pooled.colors, weights=pooled.weights)
    replace_with(data.getvalue(), path, str(path))


def pool(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that give every frame the palette of all.

    Parameters
    ----------
    payload : mapping
        ``settings``: `Settings`; ``counts``: the files of `write_counts`.

    Returns
    -------
    dict
        ``settings``: `Settings` of mode ``fixed``.
    """
    settings: Settings = payload["settings"]
    palette = pooled_palette(
        Histogram.merge(_read(payload["counts"])),
        settings.n_clusters,
        space=settings.space,
        distance=settings.distance,
        seed=settings.seed,
    )
    if settings.keep is not None:
        palette = np.concatenate([palette, settings.keep.colors])
    fixed = Settings.of(
        palette=Palette(palette),
        space=settings.space,
        distance=settings.distance,
        dither=settings.dither,
        dither_strength=None if settings.dither == "none" else settings.dither_strength,
    )
    return {"settings": fixed}


def _read(paths: list[str]) -> Iterator[Histogram]:
    for path in paths:
        with np.load(path) as stored:
            colors, weights = stored["colors"], stored["weights"]
        yield Histogram(colors, weights, np.arange(len(colors), dtype=np.int32))

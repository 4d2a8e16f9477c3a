"""Palette transfer on animations: cluster a reference, match, recolor every frame alike."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steadyhue import api
from steadyhue.api import QuantizedAnimation, Source
from steadyhue.color import to_space
from steadyhue.formats.palettes import SUFFIXES, parse_palette, read_palette
from steadyhue.frame import Animation, IndexedFrame
from steadyhue.histogram import Histogram
from steadyhue.palette import Palette
from steadyhue.palettemap import Contacts, PaletteMap, blend, match, neighbors
from steadyhue.pipeline import overlap
from steadyhue.plan import Planner, global_plan
from steadyhue.remap import nearest_slots
from steadyhue.sequential import SequentialKMeans
from steadyhue.words import Distance, Dither, Match, Mode, Space

Reference = Palette | Animation | str | PathLike[str]

SMOOTH_COLORS = 256
"""Colors of a smooth result: as many as an indexed frame can have."""

SURVIVES = 0.1
"""A slot keeps its target until its color has moved this far (OKLab): about 5 visible steps."""


class TransferredAnimation(QuantizedAnimation):
    """An animation being recolored: lazy, iterate it or save it.

    Attributes
    ----------
    target : Palette
        Where the colors come from.
    map : PaletteMap or None
        What became what. None before the first pass, and always in modes that
        cluster frame by frame, where slots are matched as they come.
    """

    def __init__(
        self,
        source: Animation,
        model: SequentialKMeans,
        space: Space,
        target: Palette,
        *,
        matching: _Matching,
        smooth_by: int | None = None,
        palette_map: PaletteMap | None = None,
        dither: Dither = "none",
        dither_strength: float = 1.0,
    ) -> None:
        super().__init__(source, model, space, dither, dither_strength)
        self.target = target
        self.map = palette_map
        self._matching = matching
        self._smooth_by = smooth_by  # colors to match by, if they are not the model's

    def __iter__(self) -> Iterator[IndexedFrame]:
        slots = _SlotTargets(self.target, self._matching)
        for number, frame in enumerate(super().__iter__()):
            report = self.report[number]
            if self._smooth_by is not None:
                colors = self._blended(frame.palette)
            elif self.map is not None:
                colors = self.map.colors
            else:
                colors = slots.update(frame.palette, report.weights, frame.indices)
            self.report[number] = replace(report, palette=colors)
            yield replace(frame, palette=colors)

    def _blended(self, palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
        assert self.map is not None  # it is given, or made by the plan
        return np.floor(blend(self.map, palette) + 0.5).astype(np.uint8)

    def _planner(self) -> Planner:
        if self.map is not None or self.model.mode != "global":
            return super()._planner()
        contacts = Contacts()

        def counted() -> Iterator[Histogram]:
            for frame in overlap(self.source):
                contacts.add(frame)
                yield Histogram.of(frame)

        pooled = Histogram.merge(counted())
        matched_by = self.model
        if self._smooth_by is not None:
            matched_by = SequentialKMeans(
                **{**self.model.get_params(), "n_clusters": self._smooth_by}
            )
        palette = _palette(matched_by, pooled, self.space)
        slots = self._nearest(pooled, palette)
        weights = np.bincount(slots, pooled.weights, len(palette))
        touching = contacts.between(pooled.colors, pooled.weights, slots, len(palette))
        self.map = self._matching(Palette(palette, weights), self.target, touching)
        return global_plan(self.model, self.space, [pooled])

    def _nearest(self, pooled: Histogram, palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
        manhattan = self.model.distance == "manhattan"
        return nearest_slots(pooled.colors, palette, self.space, manhattan=manhattan)


@dataclass(frozen=True, slots=True)
class _Matching:
    """How to match: `palettemap.match` with its options."""

    method: Match
    spread: float

    def __call__(
        self, source: Palette, target: Palette, adjacency: NDArray[np.number[Any]]
    ) -> PaletteMap:
        return match(source, target, self.method, adjacency=adjacency, spread=self.spread)


class _SlotTargets:
    """The target of every slot of a stream of palettes: matched once, then kept.

    A slot is matched when it is new: at the start of a shot, or when its
    cluster became another. What survives a cut keeps its target.
    """

    def __init__(self, target: Palette, matching: _Matching) -> None:
        self._target = target
        self._matching = matching
        self._seen = np.empty((0, 3))  # OKLab color of each slot when it was matched
        self._slots = np.empty(0, np.intp)

    def update(
        self, palette: NDArray[np.uint8], weights: NDArray[np.int64], indices: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        """Return the target color of every slot of a frame."""
        lab = to_space(palette, "oklab")
        if len(lab) != len(self._seen):
            new = np.ones(len(lab), bool)
            self._seen, self._slots = lab.copy(), np.zeros(len(lab), np.intp)
        else:
            new = ((lab - self._seen) ** 2).sum(1) > SURVIVES**2
        if new.any():
            found = self._matching(
                Palette(palette, weights), self._target, neighbors(indices, len(palette))
            )
            self._slots[new] = found.slots[new]
            self._seen[new] = lab[new]
        return self._target.colors[self._slots]


def transfer(
    source: Source,
    reference: Reference | None = None,
    colors: int = 10,
    *,
    match: Match = "tone",
    spread: float = 0.0,
    smooth: bool = False,
    reference_colors: int | None = None,
    palette_map: PaletteMap | None = None,
    mode: Mode = "global",
    space: Space = "srgb",
    distance: Distance = "euclidean",
    dither: Dither = "none",
    dither_strength: float = 1.0,
    seed: int = 0,
) -> TransferredAnimation:
    """Give an animation the colors of another picture, in its own shades.

    The source is reduced to few colors and each becomes a color of the
    reference, the same one throughout: what holds still stays still.

    Parameters
    ----------
    source : Animation or path
        What to recolor.
    reference : Palette, Animation, path or text
        Where the colors come from: a picture or animation (its frames pooled
        by duration), a palette, a palette file, or hex colors such as
        ``"#1d2b53,#fff1e8"``.
    colors : int in [1, 256]
        Colors the source is matched by, and most colors of the result.
    match : str
        Which color becomes which; see `palettemap.match`.
    spread : float in [0, 1]
        For ``tone``: 0 leaves reference colors unused where the source has
        nothing like them; 1 uses them as fully as the reference does.
    smooth : bool
        Move every color by a soft blend of its neighbors' moves, so that
        gradients survive, in up to 256 colors that the reference may not have.
    reference_colors : int, optional
        Colors to take from a picture or animation; as `colors` if not given.
    palette_map : PaletteMap, optional
        A map to use instead of a reference, such as that of another transfer.
    mode : str
        ``global`` (two passes, no flicker at all), or a mode that clusters
        frame by frame; smooth transfer needs ``global``.
    space, distance, seed
        As in `quantize`, for the source and the reference.
    dither, dither_strength
        As in `quantize`, for the source.

    Returns
    -------
    TransferredAnimation
        Lazy: nothing is decoded before it is iterated or saved.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    FormatError
        If the reference cannot be read.

    Examples
    --------
    >>> import numpy as np, steadyhue as sh
    >>> clip = sh.Animation.from_arrays([np.array([[0, 90, 255]], np.uint8)], 100)
    >>> [frame.palette.tolist() for frame in sh.transfer(clip, "#204060,#a0c0e0", colors=2)]
    [[[32, 64, 96], [160, 192, 224]]]
    """
    if not 1 <= colors <= 256:
        raise ValueError(f"colors must be in [1, 256], got {colors}")
    if (reference is None) == (palette_map is None):
        raise ValueError("a transfer needs either a reference or a map")
    if mode not in ("global", "steady", "seeded"):
        raise ValueError(f"a transfer needs mode 'global' or one that keeps slots, not {mode!r}")
    if smooth and mode != "global":
        raise ValueError("a smooth transfer needs mode 'global'")
    animation = source if isinstance(source, Animation) else api.open(source)
    model = SequentialKMeans(
        SMOOTH_COLORS if smooth else colors, mode=mode, distance=distance, random_state=seed
    )
    if palette_map is not None:
        target = palette_map.target
        if not smooth:
            model.set_params(mode="fixed", init=palette_map.source.colors)
    elif reference is not None:
        wanted = colors if reference_colors is None else reference_colors
        target = reference_palette(reference, wanted, space=space, distance=distance, seed=seed)
    return TransferredAnimation(
        animation,
        model,
        space,
        target,
        matching=_Matching(match, spread),
        smooth_by=colors if smooth else None,
        palette_map=palette_map,
        dither=dither,
        dither_strength=dither_strength,
    )


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
    reference : Palette, Animation, path or text
        As in `transfer`. A palette, palette file or list of colors is taken as
        it is; the frames of an animation are pooled by their duration.
    colors : int in [1, 256]
        Most colors to take from a picture or animation.
    space, distance, seed
        As in `quantize`.

    Raises
    ------
    ValueError
        If `colors` is out of its range or the reference shows nothing.
    FormatError
        If the reference cannot be read.
    """
    if isinstance(reference, Palette):
        return reference
    if not isinstance(reference, Animation):
        text = fspath(reference)
        suffix = Path(text).suffix.lower()
        if suffix in SUFFIXES and suffix != ".png":  # a PNG may well be a picture
            return read_palette(text)
        if not suffix and not Path(text).exists() and text != "-":
            return parse_palette(text)
        reference = api.open(text)
    if not 1 <= colors <= 256:
        raise ValueError(f"colors must be in [1, 256], got {colors}")
    pooled = _pooled_by_duration(reference)
    if not len(pooled.colors):
        raise ValueError(f"{reference.name}: the reference is fully transparent")
    if len(pooled.colors) <= colors:
        return Palette(pooled.colors, pooled.weights)
    model = SequentialKMeans(colors, mode="global", distance=distance, random_state=seed)
    palette = _palette(model, pooled, space)
    slots = nearest_slots(pooled.colors, palette, space, manhattan=distance == "manhattan")
    return Palette(palette, np.bincount(slots, pooled.weights, len(palette)))


def _pooled_by_duration(animation: Animation) -> Histogram:
    durations: deque[int] = deque()

    def counted() -> Iterator[Histogram]:
        for frame in animation:
            durations.append(max(1, round(frame.duration / 10)))
            yield Histogram.of(frame)

    pooled = Histogram.merge(counted(), iter(durations.popleft, None))
    excess = int(pooled.weights.sum()) >> 31  # the clustering takes sums below 2^32
    return replace(pooled, weights=np.maximum(pooled.weights // (excess + 1), 1))


def _palette(model: SequentialKMeans, pooled: Histogram, space: Space) -> NDArray[np.uint8]:
    (step,) = global_plan(model, space, [pooled])(iter([pooled]))
    return step.palette

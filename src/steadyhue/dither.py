"""Dithering that doesn't crawl: ordered kinds and error diffusion over a moving picture.

A pixel chooses its slot anew only when its source, the palette entry it shows
or the entry nearest to it has moved; else it keeps it. So a still picture stays
still, under error diffusion too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.color import linear_from_srgb, srgb_from_linear
from steadyhue.frame import Frame
from steadyhue.settings import Settings
from steadyhue.stages import Planned, Shown, nearest
from steadyhue.words import DITHERS, Dither

DRIFT = 6
"""Levels by which a pixel's source may drift from that for which it chose its slot."""

SETTLED = 3
"""Levels by which a palette entry may move before the pixels that show it choose anew."""

GRAIN = 0.08
"""What a mixture's variance costs beside its error: colors this near to an entry stay flat."""

LINEAR = linear_from_srgb(np.arange(256)).astype(np.float32)
ENCODE = srgb_from_linear(np.linspace(0, 1, _native.ENCODE_STEPS)).astype(np.float32)
# Levels of sRGB for a small step of linear light, at every level.
_SLOPE = np.gradient(np.arange(256.0), LINEAR.astype(np.float64)).astype(np.float32)


def dithered(stream: Iterable[Planned], settings: Settings) -> Iterator[Shown]:
    """Mix palette colors, frame after frame, as the settings say."""
    ditherer = Ditherer(settings.dither, settings.dither_strength)
    for planned in stream:
        slots, transparent = nearest(planned, settings)
        palette, cut = planned.step.palette, planned.step.cut
        indices = ditherer.indices(planned.frame, palette, slots, transparent, cut=cut)
        yield Shown.of(planned, indices, transparent)


class Ditherer:
    """Chooses the slots of all pixels, frame after frame.

    Ordered kinds mix each color from its nearest palette entry and up to three
    partners that are not far from it, by a texture that stays in place: ``bayer`` (B. E. Bayer, "An
    optimum method for two-level rendition of continuous-tone pictures", 1973) or
    ``blue-noise`` (R. Ulichney, "The void-and-cluster method for dither array
    generation", 1993). ``floyd-steinberg`` hands each pixel's error to its
    neighbors (R. W. Floyd and L. Steinberg, "An adaptive algorithm for spatial
    grey scale", 1976). All mix in linear light.

    Parameters
    ----------
    kind : {"bayer", "blue-noise", "floyd-steinberg"}
        The method.
    strength : float in [0, 1]
        1 mixes in full; 0 shows the nearest entry everywhere.

    Raises
    ------
    ValueError
        If the kind is unknown or the strength out of its range.
    """

    def __init__(self, kind: Dither, strength: float = 1.0) -> None:
        if kind not in DITHERS or kind == "none":
            raise ValueError(f"dither must be one of {', '.join(DITHERS[1:])}, got {kind!r}")
        if not 0 <= strength <= 1:
            raise ValueError(f"strength must be in [0, 1], got {strength}")
        self._strength = strength
        self._texture = None if kind == "floyd-steinberg" else _texture(kind)
        self._indices: NDArray[np.uint8] | None = None
        self._anchors = np.empty((0, 0), np.uint32)
        self._settled = np.empty((0, 3), np.uint8)

    def indices(
        self,
        frame: Frame,
        palette: NDArray[np.uint8],
        nearest: NDArray[np.uint8],
        transparent: int | None = None,
        *,
        cut: bool = False,
    ) -> NDArray[np.uint8]:
        """Choose the slots of the next frame.

        Parameters
        ----------
        frame : Frame
            The source.
        palette : (k, 3) uint8 array
            sRGB, k in [1, 256].
        nearest : (n,) uint8 array
            The nearest slot of each of the frame's colors.
        transparent : int or None
            The index of transparent pixels, in [0, 255]; None only if there are none.
        cut : bool
            Whether a new shot begins: every pixel chooses anew.

        Returns
        -------
        (H, W) uint8 array
        """
        is_free = self._free(frame, palette, nearest, transparent, restart=cut)
        if self._indices is None:
            self._indices = np.zeros(frame.ids.shape, np.uint8)
        indices = self._indices.copy()
        index = -1 if transparent is None else transparent
        if self._texture is None:
            _native.diffuse_errors(
                frame.ids,
                LINEAR[frame.colors],
                LINEAR[palette],
                palette.astype(np.float32),
                ENCODE,
                self._strength,
                is_free,
                index,
                indices,
            )
        else:
            _native.ordered_dither(
                frame.ids,
                LINEAR[frame.colors],
                _SLOPE[frame.colors],
                nearest,
                LINEAR[palette],
                GRAIN,
                self._strength,
                self._texture,
                is_free,
                index,
                indices,
            )
        self._indices = indices
        return indices

    def _free(
        self,
        frame: Frame,
        palette: NDArray[np.uint8],
        nearest: NDArray[np.uint8],
        transparent: int | None,
        *,
        restart: bool,
    ) -> NDArray[np.uint8]:
        """Which pixels choose anew, (H, W) uint8."""
        if restart or self._anchors.shape != frame.ids.shape or len(palette) != len(self._settled):
            self._anchors = np.full(frame.ids.shape, _native.NO_ANCHOR, np.uint32)
            self._indices = None
            self._settled = palette.copy()
        moved = np.abs(palette.astype(np.int16) - self._settled).max(axis=1, initial=0) > SETTLED
        self._settled[moved] = palette[moved]
        if transparent is not None and transparent < len(palette):
            moved[transparent] = True  # who shows it may have chosen it when it was a color
        previous = np.zeros(frame.ids.shape, np.uint8) if self._indices is None else self._indices
        return _native.free_pixels(
            frame.ids,
            frame.colors,
            nearest,
            moved.astype(np.uint8),
            DRIFT,
            previous,
            self._anchors,
        )


def _texture(kind: Dither) -> NDArray[np.uint16]:
    """Thresholds of one tile, evenly spread."""
    match kind:
        case "bayer":
            ranks: NDArray[np.integer] = _bayer(8)
        case "blue-noise":
            ranks = _blue_noise()
        case "none" | "floyd-steinberg":
            raise ValueError(f"{kind} has no texture")
    return ((ranks + 0.5) * (_native.DITHER_LEVELS / ranks.size)).astype(np.uint16)


def _bayer(side: int) -> NDArray[np.int64]:
    """Bayer's index matrix, a permutation of 0 to side² - 1; side is a power of 2."""
    ranks = np.zeros((1, 1), np.int64)
    while len(ranks) < side:
        ranks = np.block([[4 * ranks, 4 * ranks + 2], [4 * ranks + 3, 4 * ranks + 1]])
    return ranks


def _blue_noise() -> NDArray[np.uint16]:
    from importlib import resources  # slow to import, and seldom needed

    with (resources.files("steadyhue") / "blue_noise.npy").open("rb") as file:
        ranks: NDArray[np.uint16] = np.load(file)
    return ranks

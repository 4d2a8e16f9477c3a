"""Lossy GIF frames: what is shown is chosen while it is compressed.

LZW codes strings that it has seen before. A string that shows nearly the source is taken for it where that
is longer (``native/lossy_lzw.hpp``). The error is measured against the source, and handed to the pixels around
as in error diffusion, so that local means are met. What holds still stays as it is shown, and
flat areas show exactly their color.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.box import NOTHING, inside
from steadyhue.dither import ENCODE, LINEAR
from steadyhue.frame import Delta, Frame
from steadyhue.naming import named
from steadyhue.settings import Settings
from steadyhue.stages import Planned, Shown, nearest
from steadyhue.thrift import Thrift

FLAT = 5
"""Side of the square of one color in whose middle a pixel is flat."""

TRIED = 1 << 18
"""Pixels that are compressed for one frame, again at higher qualities, where that is more than one
frame: small ones are at the mercy of chance, and a lower quality should not make them larger."""

CALM = 3
"""Squared levels by which an entry may miss a flat color and be shown for it alone: one a channel."""


def thrifty(stream: Iterable[Planned], settings: Settings) -> Iterator[Shown]:
    """Show and compress frames whose pixels are held.

    Parameters
    ----------
    stream : iterable of Planned
    settings : Settings
        With a quality.

    Yields
    ------
    Shown
        With its `Delta`.
    """
    kept = settings.colors - settings.n_clusters
    painter = _Painter(settings)
    last: Planned | None = None
    for planned in named(stream, kept):
        if last is not None:
            yield painter.shown(last, planned.frame)
        last = planned
    if last is not None:
        yield painter.shown(last, None)


def _and_above(quality: int) -> list[int]:
    """Return a quality and the tens above it, the best first."""
    return [quality, *range(100, quality, -10)]


class _Painter:
    """Draws frames over one another, and knows what the canvas shows."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        assert settings.quality is not None  # else nothing may be lost
        self._thrifts = [Thrift.of(quality) for quality in _and_above(settings.quality)]
        self._frame: Frame | None = None
        self._indices: NDArray[np.uint8] | None = None
        self._colors: dict[int, bytes] = {}  # what each index of the canvas shows
        self._bare = -1  # the index of the canvas that shows nothing

    def shown(self, planned: Planned, following: Frame | None) -> Shown:
        """Draw the next frame, knowing which one follows."""
        frame, palette = planned.frame, planned.step.palette
        slots, index = nearest(planned, self._settings, spare=True)
        assert index is not None  # it was asked for
        hidden = index if index < len(palette) else -1
        if self._frame is None:
            unchanged = np.zeros(frame.ids.shape, np.uint8)
        else:
            last = self._frame
            unchanged = _native.still_pixels(frame.ids, frame.colors, last.ids, last.colors, 0)
        vanishing = NOTHING
        if following is not None and following.has_transparency:
            vanishing = _native.vanishing_box(frame.ids, following.ids)
        apart = palette[slots].astype(np.int16) - frame.colors
        encoded = partial(
            _native.lossy_encode,
            ids=frame.ids,
            kept=unchanged,
            flat=_native.flat_pixels(frame.ids, FLAT),
            linear=LINEAR[frame.colors],
            nearest=slots,
            calm=((apart**2).sum(axis=1) <= CALM).astype(np.uint8),
            previous=unchanged if self._indices is None else self._indices,
            slot_of=self._slot_of(palette, hidden),
            palette=LINEAR[palette],
            levels=palette.astype(np.float32),
            encode=ENCODE,
            transparent=index,
            hidden=hidden,
            strength=self._settings.dither_strength if self._settings.dither != "none" else 0.0,
            literal_width=max(2, int(max(index, len(palette) - 1)).bit_length()),
            cleared=vanishing,
        )
        tries = max(1, TRIED // frame.ids.size)
        data, box, indices = min(
            (
                encoded(tolerance=thrift.tolerance**2, price=thrift.price)
                for thrift in self._thrifts[:tries]
            ),
            key=lambda found: len(found[0]),
        )
        opaque = not frame.has_transparency
        plain = opaque and self._frame is None and vanishing == NOTHING
        delta = Delta(box, None if plain else index, data, vanishing)
        self._frame, self._indices = frame, indices
        if vanishing != NOTHING:
            self._indices = indices.copy()
            self._indices[inside(box)] = index
        self._colors = {slot: color.tobytes() for slot, color in enumerate(palette)}
        self._colors.pop(index, None)
        self._bare = index
        source = planned.source or frame
        return Shown(source, planned.step, indices, None if opaque else index, delta)

    def _slot_of(self, palette: NDArray[np.uint8], hidden: int) -> NDArray[np.int16]:
        """Return the slot that shows what each index of the canvas shows."""
        slots = {color.tobytes(): slot for slot, color in enumerate(palette) if slot != hidden}
        table = np.full(256, -1, np.int16)
        for index, color in self._colors.items():
            table[index] = slots.get(color, -1)
        if self._bare >= 0:
            table[self._bare] = _native.BARE
        return table

"""Palettes: colors in slot order, with weights and names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from steadyhue.color import to_space

Order = Literal["weight", "lightness"]

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def parse_hex(text: str) -> tuple[int, int, int]:
    """Read one color such as ``#1e90ff``, ``1e90ff`` or ``#19f``.

    Raises
    ------
    ValueError
        If the text is no such color.
    """
    found = _HEX.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text.strip()!r} is not a color such as #1e90ff")
    digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Palette:
    """Colors in slot order. The order is part of the value and is never sorted.

    Attributes
    ----------
    colors : (k, 3) uint8 array
        sRGB, k at least 1; colors may repeat.
    weights : (k,) float64 array
        How much each color counts, finite and not negative: pixels, or any
        other unit. Without weights every color counts 1.
    names : tuple of str
        A name for each color, or empty.
    """

    colors: NDArray[np.uint8]
    weights: NDArray[np.float64]
    names: tuple[str, ...]

    def __init__(
        self,
        colors: ArrayLike,
        weights: ArrayLike | None = None,
        names: Iterable[str] = (),
    ) -> None:
        array = np.asarray(colors)
        if array.ndim != 2 or array.shape[1] != 3 or len(array) == 0:
            raise ValueError(f"a palette needs colors of shape (k, 3), got {array.shape}")
        if array.dtype != np.uint8:
            if not np.issubdtype(array.dtype, np.integer):
                raise ValueError(f"palette colors must be integers, got {array.dtype}")
            if array.min() < 0 or array.max() > 255:
                raise ValueError("palette colors must lie in 0 to 255")
        mass = np.ones(len(array)) if weights is None else np.array(weights, np.float64)
        if mass.shape != (len(array),) or not np.isfinite(mass).all() or (mass < 0).any():
            raise ValueError(
                "palette weights must be one finite number of at least 0 for each color"
            )
        texts = tuple(names)
        if texts and len(texts) != len(array):
            raise ValueError(f"got {len(texts)} names for {len(array)} colors")
        object.__setattr__(self, "colors", np.array(array, np.uint8, order="C"))
        object.__setattr__(self, "weights", mass)
        object.__setattr__(self, "names", texts)

    @classmethod
    def from_hex(cls, colors: str | Iterable[str]) -> Palette:
        """Make a palette of hex colors: a list of them, or one text with commas or spaces.

        Raises
        ------
        ValueError
            If one of them is no color or there are none.
        """
        texts = re.split(r"[\s,;]+", colors.strip()) if isinstance(colors, str) else list(colors)
        return cls(np.array([parse_hex(text) for text in texts], np.uint8).reshape(-1, 3))

    @property
    def hex(self) -> list[str]:
        """The colors as ``#rrggbb``, in slot order."""
        return [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in self.colors.tolist()]

    @property
    def shares(self) -> NDArray[np.float64]:
        """The weights scaled to sum 1; equal shares where all weights are 0."""
        total = float(self.weights.sum())
        if total == 0:
            return np.full(len(self), 1 / len(self))
        shares: NDArray[np.float64] = self.weights / total
        return shares

    def __len__(self) -> int:
        return len(self.colors)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Palette):
            return NotImplemented
        return (
            np.array_equal(self.colors, other.colors)
            and np.array_equal(self.weights, other.weights)
            and self.names == other.names
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = ", ".join(self.hex[:8]) + (", ..." if len(self) > 8 else "")
        return f"<Palette of {len(self)}: {shown}>"

    def _repr_html_(self) -> str:
        from html import escape

        labels = self.names or self.hex
        swatches = "".join(
            f'<span title="{escape(label)} {share:.1%}" style="display:inline-block;'
            f'width:32px;height:32px;background:{color}"></span>'
            for color, label, share in zip(self.hex, labels, self.shares, strict=True)
        )
        return f'<div style="line-height:0">{swatches}</div>'

    def take(self, slots: ArrayLike) -> Palette:
        """Return the palette of these slots, in this order."""
        rows = np.asarray(slots, np.intp)
        names = tuple(self.names[row] for row in rows) if self.names else ()
        return Palette(self.colors[rows], self.weights[rows], names)

    def order(self, by: Order) -> NDArray[np.intp]:
        """Return the slots sorted by falling weight or by rising lightness (OKLab).

        Ties go to the lowest slot.

        Raises
        ------
        ValueError
            If `by` is something else.
        """
        if by == "weight":
            return np.argsort(-self.weights, kind="stable")
        if by == "lightness":
            return np.argsort(to_space(self.colors, "oklab")[:, 0], kind="stable")
        raise ValueError(f"a palette is ordered by weight or lightness, got {by!r}")

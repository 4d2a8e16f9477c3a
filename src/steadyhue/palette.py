"""Palettes: colors in slot order, with weights and names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from steadyhue import display
from steadyhue.words import PANELS, parse_color


class Palette:
    """Colors in slot order. The order is part of the value and is never sorted.

    Parameters
    ----------
    colors : (k, 3) array of integers in 0 to 255
        sRGB, k at least 1; colors may repeat.
    weights : (k,) array, optional
        How much each color counts, finite and not negative: pixels, or any
        other unit. Without weights every color counts 1.
    names : iterable of str
        A name for each color, or empty.

    Attributes
    ----------
    colors : (k, 3) uint8 array, read-only
    weights : (k,) float64 array, read-only
    names : tuple of str

    Raises
    ------
    ValueError
        If a shape, a number or the count of names is off.
    """

    __slots__ = ("colors", "names", "weights")

    def __init__(
        self,
        colors: ArrayLike,
        weights: ArrayLike | None = None,
        names: Iterable[str] = (),
    ) -> None:
        array = _rectangular(colors)
        if array.ndim != 2 or array.shape[1] != 3:
            raise ValueError(f"a palette needs colors of shape (k, 3), got {array.shape}")
        if len(array) == 0:
            raise ValueError("a palette needs at least one color")
        if array.dtype.kind == "f" and array.min() >= 0 and array.max() <= 1:
            raise ValueError(
                "palette colors are integers from 0 to 255; multiply colors in 0..1 by 255 and round"
            )
        if array.dtype.kind not in "iu":
            raise ValueError(f"palette colors must be integers from 0 to 255, got {array.dtype}")
        if array.min() < 0 or array.max() > 255:
            raise ValueError("palette colors must lie in 0 to 255")
        mass = np.ones(len(array)) if weights is None else _numbers(weights)
        if mass.shape != (len(array),) or not np.isfinite(mass).all() or (mass < 0).any():
            raise ValueError(
                "palette weights must be one finite number of at least 0 for each color"
            )
        texts = tuple(names)
        if texts and len(texts) != len(array):
            raise ValueError(f"got {len(texts)} names for {len(array)} colors")
        self.colors: NDArray[np.uint8] = np.array(array, np.uint8, order="C")
        self.weights: NDArray[np.float64] = mass
        self.names = texts
        for own in (self.colors, self.weights):
            own.setflags(write=False)  # settings and results share palettes

    @classmethod
    def from_hex(cls, colors: str | Iterable[str]) -> Palette:
        """Make a palette of hex colors or CSS names.

        Parameters
        ----------
        colors : str or iterable of str
            One text with commas, semicolons or spaces between the colors, or each by itself;
            or the name of an e-ink panel, one of `words.PANELS`.

        Returns
        -------
        Palette

        Raises
        ------
        ValueError
            If one of them is no color or there are none.
        """
        if isinstance(colors, str):
            colors = re.findall(r"[^\s,;]+", PANELS.get(colors.strip().lower(), colors))
        texts = list(colors)
        if not texts:
            raise ValueError("a palette needs at least one color")
        return cls(np.array([parse_color(text) for text in texts], np.uint8).reshape(-1, 3))

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
        return display.html(self)

    def take(self, slots: ArrayLike) -> Palette:
        """Return the palette of some slots.

        Parameters
        ----------
        slots : (n,) integer array
            In the order they shall have.
        """
        rows = np.asarray(slots, np.intp)
        names = tuple(self.names[row] for row in rows) if self.names else ()
        return Palette(self.colors[rows], self.weights[rows], names)


def _rectangular(colors: ArrayLike) -> NDArray[Any]:
    try:
        return np.asarray(colors)
    except (ValueError, TypeError):  # NumPy speaks of its own inner workings
        raise ValueError("a palette needs colors of three numbers each") from None


def _numbers(weights: ArrayLike) -> NDArray[np.float64]:
    try:
        return np.array(weights, np.float64)
    except (ValueError, TypeError):
        raise ValueError("palette weights must be numbers") from None

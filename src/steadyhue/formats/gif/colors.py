"""One table of colors for a whole animation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class ColorTable:
    """Colors in order of appearance; palettes become tables of rows.

    Frames share `colors`, so a row means the same color in all frames that hold
    the same array. Unused rows pile up where every image brings a palette of
    its own: `compact` drops them.

    Attributes
    ----------
    colors : (n, 3) uint8 array
        Read-only; replaced, never changed, when the table grows.
    """

    CACHED = 64  # palettes whose rows are remembered

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}
        self._known: dict[bytes, NDArray[np.int32]] = {}
        self.colors = _frozen(np.empty((0, 3), np.uint8))

    def __len__(self) -> int:
        return len(self.colors)

    def rows(self, palette: bytes, transparent: int | None) -> NDArray[np.int32]:
        """Return the row of each of 256 indices.

        Indices past the palette are black; `transparent` has row -1.
        """
        rows = self._known.get(palette)
        if rows is None:
            rows = self._add(palette)
        if transparent is not None:
            rows = rows.copy()
            rows[transparent] = -1
        return rows

    def _add(self, palette: bytes) -> NDArray[np.int32]:
        entries = np.frombuffer(palette.ljust(768, b"\0"), np.uint8).reshape(256, 3)
        packed = entries @ np.array([65536, 256, 1])
        table, before = self._rows, len(self._rows)
        rows = np.array(
            [table.setdefault(color, len(table)) for color in packed.tolist()], np.int32
        )
        if len(table) > before:
            _, first = np.unique(rows, return_index=True)
            new = entries[first[rows[first] >= before]]
            self.colors = _frozen(np.concatenate([self.colors, new]))
        if len(self._known) >= self.CACHED:
            self._known.clear()
        self._known[palette] = rows
        return rows

    def compact(self, used: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Drop the rows that are not `used`; return the new row of each old one, and -1 last."""
        renumbered = np.full(len(used) + 1, -1, np.int32)
        renumbered[:-1][used] = np.arange(np.count_nonzero(used))
        self.colors = _frozen(self.colors[used])
        packed = self.colors @ np.array([65536, 256, 1])
        self._rows = {color: row for row, color in enumerate(packed.tolist())}
        self._known.clear()
        return renumbered


def _frozen(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    array.flags.writeable = False
    return array

"""A match that is held over a film: what got its color keeps it, in every shot.

Slots are matched when they are new: as a clip begins, at a cut, or when a cluster became
another. A new slot may be an old acquaintance, the same thing in another shot; then it gets
the color that it had. Only what was never seen is matched, to all that was: it joins the
ramps and keeps the order of what is held, and moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from steadyhue.color import to_space
from steadyhue.palette import Palette
from steadyhue.palettemap.classic import squared_distances
from steadyhue.palettemap.matching import match
from steadyhue.words import SPREAD, Match

Floats = NDArray[np.float64]

SURVIVES = 0.1
"""A slot keeps its target until its color has moved this far (OKLab): about 5 visible steps."""

SAME = 0.05
"""A new slot is something seen before if that was no farther from it (OKLab): half of `SURVIVES`,
about as far as clusterings of one thing in two shots are apart."""


class Memory:
    """All colors of a stream of palettes that were matched, and what became of them.

    Of a hundred shots it holds some hundred colors: only what is unlike all that it holds
    is added.

    Parameters
    ----------
    target : Palette
    method : Match
        As for `match`.
    spread : float
        As for `match`.
    """

    def __init__(self, target: Palette, method: Match = "tone", spread: float = SPREAD) -> None:
        self._target = target
        self._method: Match = method
        self._spread = spread
        self._colors = np.empty((0, 3), np.uint8)  # as they were when they were matched
        self._weights = np.empty(0)
        self._slots = np.empty(0, np.intp)
        self._views = np.empty((0, 3))  # OKLab, how they looked in all shots
        self._view_of = np.empty(0, np.intp)
        self._known = np.empty(0, np.intp)  # what each slot of the latest palette is of these
        self._seen = np.empty((0, 3))  # how it looked then

    def targets(
        self, palette: Palette, contacts: Callable[[], NDArray[np.integer]], cut: bool
    ) -> NDArray[np.intp]:
        """Return the target slot of every slot of the next palette.

        Parameters
        ----------
        palette : Palette
            Slots that go on from the palette before stand where they stood.
        contacts : callable
            Counts how often they touch, (k, k); asked only if something is new.
        cut : bool
            Whether a shot begins: then every slot is new.
        """
        lab = to_space(palette.colors, "oklab")
        if cut or len(lab) != len(self._known):
            self._known, self._seen = np.full(len(lab), -1), lab.copy()
        met = np.flatnonzero(self._known >= 0)
        moved = ((lab[met] - self._seen[met]) ** 2).sum(1)
        self._known[met[moved > SURVIVES**2]] = -1
        self._seen[self._known < 0] = lab[self._known < 0]
        self._recognize(lab)
        if (self._known < 0).any():
            self._learn(palette, lab, contacts())
        return self._slots[self._known]

    def _recognize(self, lab: Floats) -> None:
        """Let new slots be what they are nearest to of what no other slot is: nearest pairs first."""
        free = np.flatnonzero(~np.isin(self._view_of, self._known))
        new = np.flatnonzero(self._known < 0)
        apart = squared_distances(lab[new], self._views[free])
        for pair in np.argsort(apart, axis=None, kind="stable"):
            slot, view = np.unravel_index(pair, apart.shape)
            nearest = apart[slot, view]
            if np.isinf(nearest):
                continue
            if nearest > SAME**2:
                break
            what = self._view_of[free[view]]
            self._known[new[slot]] = what
            apart[slot] = apart[:, self._view_of[free] == what] = np.inf
            if nearest > 0:
                self._see(lab[new[slot], None], [what])

    def _see(self, lab: Floats, what: ArrayLike) -> None:
        """Remember how something looks, so that in the next such shot it is known for sure."""
        self._views = np.concatenate([self._views, lab])
        self._view_of = np.concatenate([self._view_of, np.asarray(what, np.intp)])

    def _learn(self, palette: Palette, lab: Floats, contacts: NDArray[np.integer]) -> None:
        """Match the slots that are new to all that is held, and hold them too."""
        new, before = np.flatnonzero(self._known < 0), len(self._slots)
        self._known[new] = before + np.arange(len(new))
        self._colors = np.concatenate([self._colors, palette.colors[new]])
        self._weights = np.concatenate([self._weights, palette.weights[new]])
        self._see(lab[new], self._known[new])
        held = np.concatenate([self._slots, np.full(len(new), -1)])
        touching = np.zeros((len(held),) * 2)
        touching[np.ix_(self._known, self._known)] = contacts
        found = match(
            Palette(self._colors, self._weights),
            self._target,
            self._method,
            adjacency=touching,
            spread=self._spread,
            held=held,
        )
        self._slots = np.where(held < 0, found.slots, held)

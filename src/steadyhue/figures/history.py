"""A palette over time: each frame's colors and how much of the picture each has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steadyhue.palette import Palette
from steadyhue.report import FrameReport


@dataclass(frozen=True, slots=True, eq=False)
class PaletteHistory:
    """The palettes of an animation, one row a frame, one column a slot.

    Attributes
    ----------
    colors : (n, k, 3) uint8 array
        sRGB; k is the longest palette's length, shorter ones end in black.
    weights : (n, k) int64 array
        Pixels of each slot; 0 where a slot is empty or missing.
    durations : (n,) float64 array
        Milliseconds of each frame.
    cuts : sequence of int
        Frames that begin a shot, the first not counted.
    """

    colors: NDArray[np.uint8]
    weights: NDArray[np.int64]
    durations: NDArray[np.float64]
    cuts: Sequence[int] = ()

    @classmethod
    def of(cls, report: Sequence[FrameReport]) -> PaletteHistory:
        """Collect the palettes of a report.

        Raises
        ------
        ValueError
            If there are no frames.
        """
        if not report:
            raise ValueError("a palette history needs at least one frame")
        n, k = len(report), max(len(frame.palette) for frame in report)
        colors, weights = np.zeros((n, k, 3), np.uint8), np.zeros((n, k), np.int64)
        for row, frame in enumerate(report):
            colors[row, : len(frame.palette)] = frame.palette
            weights[row, : len(frame.palette)] = frame.weights
        durations = np.array([frame.duration for frame in report])
        cuts = [row for row, frame in enumerate(report) if frame.cut and row]
        return cls(colors, weights, durations, cuts)

    @property
    def starts(self) -> NDArray[np.float64]:
        """(n + 1,) start times in milliseconds and the end; a frame of no duration counts 100."""
        shown = np.where(self.durations < 20, 100.0, self.durations)  # as browsers show it
        return np.concatenate([[0.0], np.cumsum(shown)])

    def by_lightness(self) -> NDArray[np.intp]:
        """Return the slots from dark to light, by their mean luma over the whole animation."""
        luma = self.colors @ np.array([0.2126, 0.7152, 0.0722])
        mass = self.weights + 1e-9  # a slot that is always empty still has its color
        return np.argsort((luma * mass).sum(0) / mass.sum(0), kind="stable")

    def pooled(self) -> Palette:
        """Return all colors that are seen, in the order of their appearance, with their pixels."""
        seen = self.weights > 0
        packed = self.colors[seen] @ np.array([1 << 16, 1 << 8, 1])
        _, first, slots = np.unique(packed, return_index=True, return_inverse=True)
        weights = np.bincount(slots, self.weights[seen])
        order = np.argsort(first)
        return Palette(self.colors[seen][first[order]], weights[order])

    def to_json(self) -> str:
        """Return every frame's slots as JSON: hex color and share of the pixels."""
        frames = []
        for n, (colors, weights) in enumerate(zip(self.colors, self.weights, strict=True)):
            total = max(int(weights.sum()), 1)
            slots = [
                {"color": "#" + color.tobytes().hex(), "weight": round(int(weight) / total, 6)}
                for color, weight in zip(colors, weights, strict=True)
            ]
            frames.append({"frame": n, "duration": float(self.durations[n]), "slots": slots})
        return json.dumps({"frames": frames, "cuts": list(self.cuts)}, indent=1) + "\n"

    def to_csv(self) -> str:
        """Return one line a frame and slot: ``frame,slot,color,weight``, weight in pixels."""
        lines = ["frame,slot,color,weight"]
        for n, (colors, weights) in enumerate(zip(self.colors, self.weights, strict=True)):
            lines += [
                f"{n},{slot},#{color.tobytes().hex()},{int(weight)}"
                for slot, (color, weight) in enumerate(zip(colors, weights, strict=True))
            ]
        return "\n".join(lines) + "\n"

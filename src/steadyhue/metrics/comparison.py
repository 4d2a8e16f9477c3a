"""The comparison: an output and its source, read once and in step.

Cuts are found in the source alone, so that every tool is judged on the same steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from steadyhue.cuts import is_cut, marked_by
from steadyhue.errors import FormatError
from steadyhue.frame import Animation, Frame
from steadyhue.metrics.difference import Change, Colored, Difference, change, difference
from steadyhue.metrics.drift import palette_drift
from steadyhue.metrics.flicker import Flicker
from steadyhue.metrics.measurement import Measurement
from steadyhue.metrics.pairing import Pair, by_number, by_time, frame_count
from steadyhue.metrics.ratios import error_ratios


@dataclass(frozen=True, slots=True)
class Comparison:
    """What reading an output beside its source found, frame by frame.

    Attributes
    ----------
    name : str
        The output's name.
    output_frames : int
        Frames of the output.
    colors : int
        Most colors of any frame of the output.
    differences : tuple of Difference
        Of each source frame from what is shown at its time.
    mismatched : int
        Pixels, over all frames, that are transparent in only one of source and output.
    shown : tuple of int
        For each source frame the number of that output frame.
    steps : tuple of Change or None
        Into each source frame but the first; None across a cut.
    seam : Change or None
        From the last frame to the first; None where the source does not loop or has a cut there.
    """

    name: str
    output_frames: int
    colors: int
    differences: tuple[Difference, ...]
    mismatched: int
    shown: tuple[int, ...]
    steps: tuple[Change | None, ...]
    seam: Change | None

    @property
    def errors(self) -> tuple[float, ...]:
        """Squared error per pixel of each source frame."""
        return tuple(found.squared / max(found.opaque, 1) for found in self.differences)

    @property
    def cuts(self) -> tuple[int, ...]:
        """Source frames that start a new shot."""
        return tuple(number for number, step in enumerate(self.steps, 1) if step is None)

    def measurement(
        self,
        *,
        size: int | None = None,
        best_errors: Sequence[float] | None = None,
        palettes: Sequence[ArrayLike] | None = None,
        weights: Sequence[ArrayLike] | None = None,
    ) -> Measurement:
        """Sum up, with what is known of the output beside its pixels.

        Parameters
        ----------
        size : int, optional
            Bytes of the output's file, to be passed on.
        best_errors : sequence of float, optional
            For each source frame the lowest squared error per pixel known for so many colors,
            for example of the best of 20 k-means runs. Gives `Measurement.ratio`.
        palettes : sequence of (k, 3) uint8 arrays, optional
            The palette of each frame of the output in slot order. Gives `Measurement.drift`.
        weights : sequence of (k,) arrays, optional
            Pixels of each slot in each frame; slots count alike without it.

        Raises
        ------
        ValueError
            If there is not one best error for each source frame, or palettes and weights differ
            in number.
        """
        errors = self.errors
        error = float(np.mean(errors))
        oklab = [100 * found.oklab / max(found.opaque, 1) for found in self.differences]
        ratios = None if best_errors is None else error_ratios(errors, best_errors)
        steps = [step for step in self.steps if step is not None]
        opaque = [step.opaque for step in steps]
        still = Flicker.of([step.still for step in steps], opaque)
        drift = None
        if palettes is not None:
            # A cut of the output is its first frame after those shown before the source's cut.
            cuts = [self.shown[cut - 1] + 1 for cut in self.cuts]
            drift = palette_drift(palettes, weights, cuts)
        return Measurement(
            name=self.name,
            frames=len(errors),
            output_frames=self.output_frames,
            colors=self.colors,
            size=size,
            error=error,
            worst_error=max(errors),
            oklab=float(np.mean(oklab)),
            ratio=None if ratios is None else float(ratios.mean()),
            worst_ratio=None if ratios is None else float(ratios.max()),
            still=still,
            static=Flicker.of([step.static for step in steps], opaque),
            seam=None if self.seam is None else Flicker.of([self.seam.still], [self.seam.opaque]),
            total=error + still.squared,
            drift=drift,
            transparency=self.mismatched / sum(found.pixels for found in self.differences),
            cuts=self.cuts,
            errors=errors,
        )


def compare(source: Animation, output: Animation) -> Comparison:
    """Read an output beside its source.

    Parameters
    ----------
    source, output : Animation
        Of one size in pixels. Both are read once, in step (twice where they don't know their
        number of frames); see `metrics.pairing`.

    Raises
    ------
    FormatError
        If the sizes differ or an animation has no frames.
    """
    if source.size != output.size:
        raise FormatError(
            f"{output.name} is {output.width}x{output.height} but {source.name} is "
            f"{source.width}x{source.height}: only pictures of one size can be compared"
        )
    n_source, n_output = frame_count(source), frame_count(output)
    pairs = by_number(source, output) if n_source == n_output else by_time(source, output)
    differences: list[Difference] = []
    steps: list[Change | None] = []
    shown: list[int] = []
    colors = mismatched = 0
    first: _Seen | None = None
    last: _Seen | None = None
    for pair, cut in marked_by(pairs, lambda pair: pair.source):
        now = _Seen.of(pair)
        differences.append(difference(now.source, now.output))
        mismatched += int(np.count_nonzero((now.source.ids < 0) != (now.output.ids < 0)))
        colors = max(colors, int(np.count_nonzero(pair.output.weights)))
        shown.append(pair.number)
        if last is None:
            first = now
        else:
            steps.append(None if cut else last.change(now))
        last = now
    if first is None or last is None:
        empty = output if n_source else source
        raise FormatError(f"{empty.name} has no frames to compare")
    joined = source.loop != 1 and first is not last and not is_cut(last.frame, first.frame)
    seam = last.change(first) if joined else None
    return Comparison(
        output.name,
        n_output,
        colors,
        tuple(differences),
        mismatched,
        tuple(shown),
        tuple(steps),
        seam,
    )


def measure(
    source: Animation,
    output: Animation,
    *,
    size: int | None = None,
    best_errors: Sequence[float] | None = None,
) -> Measurement:
    """Compare an output with its source and sum up: `compare` and `Comparison.measurement`."""
    return compare(source, output).measurement(size=size, best_errors=best_errors)


class _Seen(NamedTuple):
    """A pair of frames while it is looked at."""

    frame: Frame  # of the source
    source: Colored
    output: Colored

    @classmethod
    def of(cls, pair: Pair) -> _Seen:
        return cls(pair.source, Colored.of(pair.source), Colored.of(pair.output))

    def change(self, following: _Seen) -> Change:
        """Return how the output changes from here."""
        return change(self.source, following.source, self.output, following.output)

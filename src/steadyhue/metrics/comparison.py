"""Distortion and flicker: how far an animation is from its source, and how still it holds.

All figures are of composited frames. Two units are used throughout:

*squared error* (and *squared change*) of a pixel
    the sum over the three channels of the squared difference in sRGB levels
    (0 to 255), so that 3 is one level in every channel;
*OKLab difference*
    100 x the Euclidean OKLab distance; about 2 is just visible.

Where the source holds still its copy should too. A pixel is *static* where the
source is unchanged since the previous frame, and *still* where none of its
channels moved by more than `STILL` levels. **Flicker** is the change of the
output on those pixels. It is never counted across a cut, and cuts are found in
the source alone, so that every tool is judged on the same frames. Flicker means
little by itself (a black film holds perfectly still), so it is always given
beside the error.

Pixels that are transparent on either side have no color difference and are left
out of it; a pixel that turns transparent or opaque counts as changed.

References
----------
W.-S. Lai et al., "Learning Blind Video Temporal Consistency", ECCV 2018: the
warping error, of which flicker on static pixels is the case without motion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from steadyhue import _native
from steadyhue.color import oklab_difference, to_space
from steadyhue.frame import Animation, Frame
from steadyhue.histogram import Histogram
from steadyhue.metrics.measurement import Flicker, Measurement
from steadyhue.stillness import STILL, is_cut

ROUNDING = 0.25
"""Squared error of rounding a color to whole levels (3 channels x 1/12): error ratios treat
smaller errors as this one, so that the last bit of a near-perfect copy does not count."""

WORST_COVERAGE = 0.01
"""Share of a frame's pixels that must be still for it to be a candidate for the worst frame."""


def measure(
    source: Animation,
    output: Animation,
    *,
    best_errors: Sequence[float] | None = None,
    palettes: Sequence[ArrayLike] | None = None,
    weights: Sequence[ArrayLike] | None = None,
    size: int | None = None,
) -> Measurement:
    """Compare an animation with its source.

    Frames are paired by number; where an encoder merged or dropped some, each source frame is
    paired with the output frame on screen at the middle of its time.

    Parameters
    ----------
    source, output : Animation
        Of one size in pixels. Both are read once, in step (twice where they don't know their
        number of frames).
    best_errors : sequence of float, optional
        For each source frame the lowest squared error per pixel known for so many colors, for
        example of the best of 20 k-means runs. Gives `Measurement.ratio`.
    palettes : sequence of (k, 3) uint8 arrays, optional
        The palette of each frame in slot order. Gives `Measurement.drift`.
    weights : sequence of (k,) arrays, optional
        Pixels of each slot in each frame; slots count alike without it.
    size : int, optional
        Bytes of the output's file, to be passed on.

    Raises
    ------
    ValueError
        If the sizes differ, an animation has no frames, or `best_errors` or `palettes` are not
        one for each source frame.
    """
    if source.size != output.size:
        raise ValueError(
            f"{output.name} is {output.width}x{output.height} but {source.name} is "
            f"{source.width}x{source.height}: only pictures of one size can be compared"
        )
    n_source, n_output = _count(source), _count(output)
    pairs = zip(source, output, strict=False) if n_source == n_output else _in_time(source, output)
    tally = _Tally()
    for pair in pairs:
        tally.add(*pair)
    if not tally.errors:
        empty = output if n_source else source
        raise ValueError(f"{empty.name} has no frames to compare")
    ratios = None if best_errors is None else error_ratios(tally.errors, best_errors)
    return Measurement(
        name=output.name,
        frames=len(tally.errors),
        output_frames=n_output,
        colors=tally.colors,
        size=size,
        error=float(np.mean(tally.errors)),
        worst_error=max(tally.errors),
        oklab=float(np.mean(tally.oklab)),
        ratio=None if ratios is None else float(ratios.mean()),
        worst_ratio=None if ratios is None else float(ratios.max()),
        still=tally.still.flicker(),
        static=tally.static.flicker(),
        seam=None if source.loop == 1 else tally.seam(),
        excess=100 * tally.excess / max(tally.compared, 1),
        total=float(np.mean(tally.errors)) + tally.still.flicker().squared,
        drift=None if palettes is None else palette_drift(palettes, weights, tally.cuts),
        transparency=tally.mismatched / tally.pixels,
        cuts=tuple(tally.cuts),
        errors=tuple(tally.errors),
    )


def error_ratios(errors: Sequence[float], best_errors: Sequence[float]) -> NDArray[np.float64]:
    """Return each frame's error over the best one known, errors under `ROUNDING` being equal.

    Raises
    ------
    ValueError
        If there is not one best error for each frame.
    """
    if len(errors) != len(best_errors):
        raise ValueError(f"got {len(best_errors)} best errors for {len(errors)} frames")
    ratios: NDArray[np.float64] = np.maximum(errors, ROUNDING) / np.maximum(best_errors, ROUNDING)
    return ratios


def palette_drift(
    palettes: Sequence[ArrayLike],
    weights: Sequence[ArrayLike] | None = None,
    cuts: Iterable[int] = (),
) -> float:
    """Return how far palette entries move from frame to frame, as an OKLab difference.

    Parameters
    ----------
    palettes : sequence of (k, 3) uint8 arrays
        The palette of each frame, in slot order; slots that only one of two frames has don't
        count in the step between them.
    weights : sequence of (k,) arrays, optional
        Pixels of each slot in each frame, by which a step into that frame is averaged.
    cuts : iterable of int
        Frames that start a new shot: the step into them is left out.

    Raises
    ------
    ValueError
        If palettes or weights differ in length.
    """
    if weights is not None and len(weights) != len(palettes):
        raise ValueError(f"got {len(weights)} weights for {len(palettes)} palettes")
    skipped = set(cuts)
    steps = []
    for t in range(1, len(palettes)):
        if t in skipped:
            continue
        k = min(len(np.asarray(palettes[t - 1])), len(np.asarray(palettes[t])))
        moved = oklab_difference(np.asarray(palettes[t - 1])[:k], np.asarray(palettes[t])[:k])
        share = np.ones(k) if weights is None else np.asarray(weights[t], np.float64)[:k]
        steps.append(100 * float(moved @ share) / max(float(share.sum()), 1.0))
    return float(np.mean(steps)) if steps else 0.0


class _Colored(NamedTuple):
    """A frame as the kernels want it."""

    ids: NDArray[np.int32]
    srgb: NDArray[np.uint8]
    oklab: NDArray[np.float64]

    @classmethod
    def of(cls, frame: Frame) -> _Colored:
        return cls(
            np.ascontiguousarray(frame.ids, np.int32),
            np.ascontiguousarray(frame.colors, np.uint8),
            np.ascontiguousarray(to_space(frame.colors, "oklab")),
        )


class _Difference(NamedTuple):
    """The sums the kernels return, over `pixels`."""

    pixels: int
    opaque: int
    changed: int
    squared: int
    oklab: float


@dataclass(slots=True)
class _Steps:
    """Sums over the still pixels of all steps."""

    steps: list[_Difference] = field(default_factory=list)
    opaque: list[int] = field(default_factory=list)

    def add(self, step: _Difference, opaque: int) -> None:
        self.steps.append(step)
        self.opaque.append(opaque)

    def flicker(self) -> Flicker:
        if not self.steps:
            return Flicker()
        pixels, compared, changed, squared, oklab = (
            np.array(column, np.float64) for column in zip(*self.steps, strict=True)
        )
        opaque = np.array(self.opaque, np.float64)
        judged = pixels >= np.maximum(WORST_COVERAGE * opaque, 1)
        return Flicker(
            share=float(changed.sum() / max(pixels.sum(), 1)),
            change=100 * float(oklab.sum() / max(compared.sum(), 1)),
            squared=float(squared.sum() / max(opaque.sum(), 1)),
            worst_share=float(np.max(changed / np.maximum(pixels, 1), where=judged, initial=0)),
            worst_change=100
            * float(np.max(oklab / np.maximum(compared, 1), where=judged, initial=0)),
            coverage=float(pixels.sum() / max(opaque.sum(), 1)),
            pixels=int(pixels.sum()),
        )


@dataclass(slots=True)
class _Moment:
    """A source frame with the output frame shown at its time."""

    source: Frame
    seen: _Colored
    shown: _Colored


@dataclass(slots=True)
class _Tally:
    """Everything that is summed while the frames go by."""

    errors: list[float] = field(default_factory=list)
    oklab: list[float] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)
    still: _Steps = field(default_factory=_Steps)
    static: _Steps = field(default_factory=_Steps)
    colors: int = 0
    pixels: int = 0
    mismatched: int = 0
    excess: float = 0.0
    compared: int = 0
    first: _Moment | None = None
    last: _Moment | None = None

    def add(self, source: Frame, output: Frame) -> None:
        now = _Moment(source, _Colored.of(source), _Colored.of(output))
        found = _Difference(*_native.difference(now.seen, now.shown))
        opaque = max(found.opaque, 1)
        self.errors.append(found.squared / opaque)
        self.oklab.append(100 * found.oklab / opaque)
        self.colors = max(self.colors, int(np.count_nonzero(output.weights)))
        self.pixels += found.pixels
        self.mismatched += int(np.count_nonzero((source.ids < 0) != (output.ids < 0)))
        if self.last is None:
            self.first = now
        else:
            self._step(self.last, now)
        self.last = now

    def _step(self, before: _Moment, now: _Moment) -> None:
        static, still, opaque, compared, excess = _change(before, now)
        if is_cut(
            Histogram.of(before.source), Histogram.of(now.source), still.pixels / max(opaque, 1)
        ):
            self.cuts.append(len(self.errors) - 1)
            return
        self.static.add(static, opaque)
        self.still.add(still, opaque)
        self.compared += compared
        self.excess += excess

    def seam(self) -> Flicker | None:
        """Score the step from the last frame to the first."""
        if self.first is None or self.last is None or self.first is self.last:
            return None
        _, still, opaque, _, _ = _change(self.last, self.first)
        if is_cut(
            Histogram.of(self.last.source),
            Histogram.of(self.first.source),
            still.pixels / max(opaque, 1),
        ):
            return None
        return _Steps([still], [opaque]).flicker()


def _change(before: _Moment, now: _Moment) -> tuple[_Difference, _Difference, int, int, float]:
    static, still, opaque, compared, excess = _native.change(
        before.seen, now.seen, before.shown, now.shown, STILL
    )
    return _Difference(*static), _Difference(*still), opaque, compared, excess


def _count(animation: Animation) -> int:
    if animation.n_frames is not None:
        return animation.n_frames
    return sum(1 for _ in animation)


def _in_time(source: Animation, output: Animation) -> Iterator[tuple[Frame, Frame]]:
    """Pair each source frame with the output frame on screen at the middle of its time."""
    frames = iter(output)
    shown = next(frames, None)
    if shown is None:
        return
    until = shown.duration
    start = 0.0
    for frame in source:
        middle = start + frame.duration / 2
        while until <= middle and (following := next(frames, None)) is not None:
            shown = following
            until += shown.duration
        yield frame, shown
        start += frame.duration

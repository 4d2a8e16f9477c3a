"""The functions people call: they join the formats with the pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from os import PathLike, fspath
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from steadyhue import display
from steadyhue.dither import Ditherer
from steadyhue.formats import Raster, Timing, open_animation, open_labels, open_sink
from steadyhue.frame import Animation, Frame, IndexedFrame, Limits
from steadyhue.histogram import Histogram
from steadyhue.metrics import compare
from steadyhue.metrics.measurement import Measurement
from steadyhue.oracle import best_error
from steadyhue.pipeline import FrameReport, overlap, quantize_frames
from steadyhue.plan import Planner, fixed_plan, global_plan, keep_colors, sequential_plan
from steadyhue.sequential import SequentialKMeans
from steadyhue.steady import SteadyPlan
from steadyhue.temporal import Steadiness
from steadyhue.words import Distance, Dither, Mode, Space

Source = Animation | str | PathLike[str]


def open(
    source: str | PathLike[str],
    *,
    start: float = 0.0,
    duration: float | None = None,
    every: int = 1,
    fps: float | None = None,
    width: int | None = None,
    height: int | None = None,
    alpha_threshold: int = 128,
    matte: tuple[int, int, int] | None = None,
    limits: Limits | None = None,
) -> Animation:
    """Open an animation; frames are decoded as they are asked for.

    Parameters
    ----------
    source : path
        A GIF, PNG, WebP, JPEG, BMP, video or ``.npy`` file; a folder, a glob
        or a numbered pattern (``%04d.png``) of pictures; ``-`` reads standard input.
    start, duration : float
        Milliseconds to leave out at the beginning, and to keep after that.
    every : int
        Keep one frame of so many; it stays for the time of those left out.
    fps : float, optional
        Come to a constant rate by repeating and leaving out frames. Pictures
        without times are shown at that rate, each once; 10 without it.
    width, height : int, optional
        Reduce larger pictures to this, in linear light; the shape is kept.
    alpha_threshold : int in [0, 256]
        Pixels whose alpha is below it are transparent, the others opaque.
    matte : (r, g, b), optional
        sRGB color to lay under every picture, so that nothing is transparent.
    limits : Limits, optional
        How much the file may ask for.

    Returns
    -------
    Animation
        Lazy: iterate it for `Frame` objects, as often as you like.

    Raises
    ------
    FormatError
        If the file is malformed or of an unknown kind.
    LimitError
        If it asks for more pixels or frames than the limits allow.
    MissingDependencyError
        If it is a video and the extra ``video`` is not installed.
    ValueError
        If an argument is out of its range.
    """
    return open_animation(
        fspath(source),
        timing=Timing(start=start, duration=duration, every=every, fps=fps),
        raster=Raster(width, height, alpha_threshold, matte),
        limits=limits or Limits(),
    )


class QuantizedAnimation:
    """An animation being reduced to few colors: lazy, iterate it or save it.

    Attributes
    ----------
    width, height, loop, name
        As in the source `Animation`.
    report : list of FrameReport
        One entry a frame of the latest pass; empty before the first.
    kept : (n, 3) uint8 array
        Colors that are in every palette, in its last slots.
    """

    def __init__(
        self,
        source: Animation,
        model: SequentialKMeans,
        space: Space,
        dither: Dither = "none",
        dither_strength: float = 1.0,
        steadiness: float = 0.5,
    ) -> None:
        self.source = source
        self.model = model
        self.space: Space = space
        self.dither: Dither = dither
        self.dither_strength = dither_strength
        self.kept = np.empty((0, 3), np.uint8)
        self.steadiness = steadiness
        Steadiness.of(steadiness)
        self._ditherer()  # wishes out of range are refused now
        self.width, self.height = source.size
        self.loop = source.loop
        self.name = source.name
        self.report: list[FrameReport] = []

    def __repr__(self) -> str:
        return f"<QuantizedAnimation {self.name}: {self.width}x{self.height}, {self.model!r}>"

    def _repr_html_(self) -> str:
        return display.html(self)

    def __iter__(self) -> Iterator[IndexedFrame]:
        self.report = []
        for frame, report in overlap(
            quantize_frames(
                overlap(self.source),
                keep_colors(self._planner(), self.kept),
                space=self.space,
                distance=self.model.distance,
                ditherer=self._ditherer(),
                count_still=self.model.mode == "steady",
            )
        ):
            self.report.append(report)
            yield frame

    def _ditherer(self) -> Ditherer | None:
        return None if self.dither == "none" else Ditherer(self.dither, self.dither_strength)

    def _planner(self) -> Planner:
        if self.model.mode == "global":
            return global_plan(self.model, self.space, map(Histogram.of, overlap(self.source)))
        if self.model.mode == "fixed":
            return fixed_plan(np.asarray(self.model.init, np.uint8))
        if self.model.mode == "steady":
            return SteadyPlan(self.model, self.space, Steadiness.of(self.steadiness))
        return sequential_plan(self.model, self.space)

    @property
    def palettes(self) -> NDArray[np.uint8]:
        """The palettes of the latest pass, (frames, k, 3) uint8 sRGB in slot order."""
        return np.array([report.palette for report in self.report], np.uint8)

    @property
    def weights(self) -> NDArray[np.int64]:
        """The pixels of each slot in the latest pass, (frames, k) int64."""
        return np.array([report.weights for report in self.report], np.int64)

    def save(
        self,
        path: str | PathLike[str],
        *,
        labels: str | PathLike[str] | None = None,
        force: bool = False,
        on_frame: Callable[[], object] | None = None,
    ) -> None:
        """Run the pass and write the result; the suffix chooses the format.

        The file appears when it is complete, or not at all.

        Parameters
        ----------
        path : path
            A GIF, PNG, WebP, MP4, MOV, WebM, MKV or ``.npy`` file, or a numbered
            pattern (``frames/%04d.png``); ``-`` writes a GIF to standard output.
        labels : path, optional
            An ``.npz`` file for the slot of every pixel in every frame, with the
            palettes: a segmentation. See `formats.open_labels`.
        force : bool
            Overwrite a file that is there.
        on_frame : callable, optional
            Called after each frame, for showing progress.

        Raises
        ------
        OutputError
            If the file is there already, or the format cannot be written.
        """
        with ExitStack() as stack:
            sinks = [open_sink(fspath(path), self.width, self.height, loop=self.loop, force=force)]
            stack.enter_context(sinks[0])
            if labels is not None:
                sinks.append(open_labels(fspath(labels), self.width, self.height, force=force))
                stack.enter_context(sinks[1])
            for frame in self:
                for sink in sinks:
                    sink.write(frame)
                if on_frame is not None:
                    on_frame()


def quantize(
    source: Source,
    colors: int = 10,
    *,
    mode: Mode = "steady",
    space: Space = "srgb",
    distance: Distance = "euclidean",
    dither: Dither = "none",
    dither_strength: float = 1.0,
    steadiness: float = 0.5,
    palette: ArrayLike | None = None,
    keep: ArrayLike = (),
    seed: int = 0,
) -> QuantizedAnimation:
    """Reduce an animation to few colors.

    Parameters
    ----------
    source : Animation or path
        What to reduce.
    colors : int in [1, 256]
        Most colors of a frame.
    mode : str
        ``steady`` looks some frames ahead for palettes that are as good as each
        frame's own and hold still; ``seeded`` starts each frame from the previous
        frame's centers and does nothing else;
        ``independent`` runs k-means on every frame from random centers, which
        flickers; ``global`` finds one palette for all frames in two passes;
        ``fixed`` uses `palette`.
    space : str
        Color space of the clustering: srgb, linear, oklab or lab.
    distance : str
        ``euclidean`` (k-means) or ``manhattan`` (k-medians).
    dither : str
        ``none``, ``bayer``, ``blue-noise`` or ``floyd-steinberg``; still pixels
        stay still with all of them.
    dither_strength : float in [0, 1]
        1 mixes colors in full.
    steadiness : float in [0, 1]
        How much error mode ``steady`` trades for stillness where a clip's colors
        change: at 0 each frame has its own best palette, at 1 nothing still is
        repainted within a shot if it can be helped.
    palette : (k, 3) uint8 array, optional
        sRGB colors for mode ``fixed``.
    keep : (n, 3) uint8 array, optional
        sRGB colors to have in every palette, in its last slots; they are among
        the `colors`, and the clusters are found beside them.
    seed : int
        Seed of the random choices; one seed, one result.

    Returns
    -------
    QuantizedAnimation
        Lazy: nothing is decoded before it is iterated or saved.

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Examples
    --------
    >>> import numpy as np, steadyhue as sh
    >>> clip = sh.Animation.from_arrays(np.zeros((3, 4, 4, 3), np.uint8), 100)
    >>> [frame.palette.tolist() for frame in sh.quantize(clip, colors=2)][0][0]
    [0, 0, 0]
    """
    if not 1 <= colors <= 256:
        raise ValueError(f"colors must be in [1, 256], got {colors}")
    kept = np.asarray(keep, np.uint8).reshape(-1, 3)
    if len(kept) and (mode == "fixed" or len(kept) >= colors):
        raise ValueError(
            "kept colors need a mode that finds palettes, and must be fewer than colors"
        )
    animation = _opened(source)
    model = SequentialKMeans(
        colors - len(kept),
        mode=mode,
        init="random" if mode == "independent" else "k-means++",
        distance=distance,
        random_state=seed,
    )
    if mode == "fixed":
        if palette is None:
            raise ValueError("mode 'fixed' needs a palette")
        model.init = np.asarray(palette, np.uint8)
    result = QuantizedAnimation(animation, model, space, dither, dither_strength, steadiness)
    result.kept = kept
    return result


def measure(
    source: Source, output: Source | QuantizedAnimation, *, ratio: bool = True
) -> Measurement:
    """Measure how far an animation is from its source, and how still it holds.

    Parameters
    ----------
    source : Animation or path
        What the output was made from.
    output : Animation, QuantizedAnimation or path
        Made by any tool; of the source's size. Where frames were merged they
        are paired by display time.
    ratio : bool
        Also put the error into proportion: over that of the best palette known
        for each frame with as many colors as the output has. That clusters
        every frame 20 times; see `oracle.best_error`.

    Returns
    -------
    Measurement
        Error, flicker and the rest, as numbers; `measurement.table` shows several.

    Raises
    ------
    ValueError
        If the two are of different size.
    FormatError
        If a file cannot be read.

    Examples
    --------
    >>> import numpy as np, steadyhue as sh
    >>> noise = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3), np.uint8)
    >>> clip = sh.Animation.from_arrays(noise, 100)
    >>> found = sh.measure(clip, sh.quantize(clip, colors=4))
    >>> found.frames, found.colors, found.still.coverage < 0.01
    (3, 4, True)
    """
    original = _opened(source)
    size = palettes = weights = None
    if isinstance(output, QuantizedAnimation):
        found = compare(original, _shown(output))
        palettes, weights = list(output.palettes), list(output.weights)
    else:
        if not isinstance(output, Animation) and Path(output).is_file():
            size = Path(output).stat().st_size
        found = compare(original, _opened(output))
    best = [best_error(frame, found.colors) for frame in original] if ratio else None
    return found.measurement(size=size, best_errors=best, palettes=palettes, weights=weights)


def _opened(source: Source) -> Animation:
    return source if isinstance(source, Animation) else open(source)


def _shown(result: QuantizedAnimation) -> Animation:
    """Return a result as an animation to look at; iterating it runs the pass."""
    return Animation(
        lambda: (Frame.from_array(frame.rgba(), frame.duration) for frame in result),
        width=result.width,
        height=result.height,
        loop=result.loop,
        n_frames=result.source.n_frames,
        name=result.name,
    )

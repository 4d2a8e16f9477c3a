"""Results: an animation that is being reduced or recolored, lazily."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from os import PathLike
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from steadyhue import display
from steadyhue.edits import Edits, Replacement
from steadyhue.errors import OptionError
from steadyhue.formats import (
    check_gif,
    check_labels,
    check_outputs,
    check_suffix,
    open_labels,
    open_sink,
)
from steadyhue.frame import Animation, Frame, IndexedFrame
from steadyhue.modes import planner
from steadyhue.overlap import overlap
from steadyhue.pipeline import quantize_frames
from steadyhue.ranges import kind_of
from steadyhue.report import FrameReport
from steadyhue.settings import MOST_COLORS, Settings

if TYPE_CHECKING:
    from steadyhue.palettemap import PaletteMap
    from steadyhue.recolor import Recoloring


class Result:
    """What `quantize` and `transfer` return: iterate it, or save it.

    Each iteration is a pass of its own, so that several may be under way at once.

    Attributes
    ----------
    source : Animation
    settings : Settings
    recoloring : Recoloring or None
        Of a transfer.
    edits : Edits
        Slots that are shown in another color.
    width, height, loop, name
        As in the source.
    """

    def __init__(
        self,
        source: Animation,
        settings: Settings,
        recoloring: Recoloring | None = None,
        edits: Edits = Edits(),  # noqa: B008 -- frozen
    ) -> None:
        self.source = source
        self.settings = settings
        self.recoloring = recoloring
        self.edits = edits
        self.width, self.height = source.size
        self.loop = source.loop
        self.name = source.name
        self._latest = Pass(source, settings, recoloring, edits)

    def __repr__(self) -> str:
        what = f"{self.settings.colors} colors, {self.settings.mode}"
        if self.recoloring is not None:
            what += f", in colors of {self.recoloring.target!r}"
        return f"<Result of {self.name}: {self.width}x{self.height}, {what}>"

    def _repr_html_(self) -> str:
        return display.html(self)

    def __iter__(self) -> Iterator[IndexedFrame]:
        self._latest = Pass(self.source, self.settings, self.recoloring, self.edits)
        return iter(self._latest)

    @property
    def report(self) -> list[FrameReport]:
        """One entry for each frame of the latest pass so far; empty before the first."""
        return self._latest.report

    @property
    def map(self) -> PaletteMap | None:
        """Of a transfer: what became what, known from the first frame on if not before.

        None in modes that cluster frame by frame, where slots are matched as they come.
        """
        return self._latest.map

    @property
    def palettes(self) -> NDArray[np.uint8]:
        """The palettes of the latest pass, (frames, k, 3) uint8 sRGB in slot order."""
        return np.array([report.palette for report in self.report], np.uint8)

    @property
    def weights(self) -> NDArray[np.int64]:
        """The pixels of each slot in the latest pass, (frames, k) int64."""
        return np.array([report.weights for report in self.report], np.int64)

    def recolored(self, slots: Mapping[int, Replacement]) -> Result:
        """Return the same result with some slots in other colors.

        Parameters
        ----------
        slots : mapping
            From a slot to the sRGB color it shows from now on (a text or three levels), or
            to the number of a slot whose color it takes.

        Raises
        ------
        OptionError
            If there is no such slot or color, or slots take each other's color in a circle.
        """
        if not isinstance(slots, Mapping):
            raise OptionError(f"slots are a mapping such as {{3: 'gold'}}, not {kind_of(slots)}")
        edits = Edits.of({**self.edits.slots, **slots})
        smooth = self.recoloring is not None and self.recoloring.matching.smooth
        edits.check(MOST_COLORS if smooth else self.settings.colors)
        return Result(self.source, self.settings, self.recoloring, edits)

    def shown(self) -> Animation:
        """Return the result as an animation to look at or measure; iterating it runs a pass."""
        return Animation(
            self._frames,
            width=self.width,
            height=self.height,
            loop=self.loop,
            n_frames=self.source.n_frames,
            name=self.name,
            real_times=self.source.real_times,
        )

    def _frames(self) -> Iterator[Frame]:
        return (Frame.from_array(frame.rgba(), frame.duration) for frame in self)

    def save(
        self,
        path: str | PathLike[str] | BinaryIO,
        *,
        labels: str | PathLike[str] | None = None,
        force: bool = False,
        on_frame: Callable[[], object] | None = None,
    ) -> None:
        """Run a pass and write it; the suffix chooses the format.

        The file appears when it is complete, or not at all.

        Parameters
        ----------
        path : path or binary file
            A GIF, PNG, WebP, MP4, MOV, WebM, MKV or ``.npy`` file, or a numbered
            pattern (``frames/%04d.png``). ``-``, which is standard output, and an open file
            get a GIF.
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
            If a file is there already, is the source or asked for twice, or the format
            cannot be written.
        OptionError
            If there is a quality and the file is no GIF.
        """
        check_suffix(path)
        if self.settings.quality is not None:
            check_gif(path, "a quality")
        check_labels(labels)
        check_outputs([path, labels], [self.source.name], force=force)
        with ExitStack() as stack:
            real = self.source.real_times
            sinks = [
                open_sink(
                    path, self.width, self.height, loop=self.loop, real_times=real, force=force
                )
            ]
            stack.enter_context(sinks[0])
            if labels is not None:
                sinks.append(open_labels(labels, self.width, self.height, force=force))
                stack.enter_context(sinks[1])
            for frame in self:
                for sink in sinks:
                    sink.write(frame)
                if on_frame is not None:
                    on_frame()


class Pass:
    """One run over a source: its frames in order, and what is known of them so far.

    Attributes
    ----------
    report : list of FrameReport
        One entry for each frame that was handed out.
    map : PaletteMap or None
        As in `Result`; known from the first frame on.
    """

    def __init__(
        self,
        source: Animation,
        settings: Settings,
        recoloring: Recoloring | None,
        edits: Edits = Edits(),  # noqa: B008 -- frozen
    ) -> None:
        self._source = source
        self._settings = settings
        self._recoloring = recoloring
        self._edits = edits
        self.report: list[FrameReport] = []
        self.map: PaletteMap | None = None if recoloring is None else recoloring.map

    def __iter__(self) -> Iterator[IndexedFrame]:
        source, settings = self._source, self._settings
        if self._recoloring is None:
            plan, targets = planner(settings, overlap(source)), None
        else:
            plan, targets, self.map = self._recoloring.begin(settings, overlap(source))
        stream = overlap(quantize_frames(overlap(source), plan, settings))
        for swap in (targets, self._edits if self._edits.slots else None):
            if swap is not None:
                from steadyhue.recolor import recolored  # with all of matching, which few need

                stream = recolored(stream, swap)
        for frame, report in stream:
            self.report.append(report)
            yield frame

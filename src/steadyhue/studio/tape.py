"""A tape: the frames of a preview, decoded once, and what was counted and planned on them.

A preview is small, so that it is quick: pictures of at most 480 pixels a side, three hundred of
them, and not more than memory allows. A clip within these bounds is previewed whole, and what
is exported then is what was seen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from steadyhue.frame import Animation, Frame, IndexedFrame
from steadyhue.histogram import Histogram
from steadyhue.modes import PaletteStep, Planner, planner
from steadyhue.palettemap import PaletteMap
from steadyhue.pipeline import Counted, counted, quantize_counted, quantize_frames
from steadyhue.recolor import Recoloring, Targets, recolored
from steadyhue.report import Quantized
from steadyhue.settings import Settings
from steadyhue.studio.job import Job

SIDE = 480
"""Most pixels a side of a preview: GIFs are seldom larger, and a screen shows no more beside controls."""

VIDEO_SIDE = 320
"""The same of a video: its grain is as many colors as pixels, and planning costs by colors."""

FRAMES = 300
"""Most frames of a preview: ten seconds of video."""

BYTES = 192_000_000
"""Most memory of a preview's frames and what is counted on them."""

T = TypeVar("T")


def side_of(clip: Animation, most: int = SIDE) -> int:
    """Return the most pixels a side that a clip is previewed in."""
    return min(most, VIDEO_SIDE) if clip.real_times else most


class Memo(Generic[T]):
    """An iterable that is made once, as far as somebody asked for it: by any thread."""

    def __init__(self, items: Iterable[T]) -> None:
        self._rest = iter(items)
        self._items: list[T] = []
        self._error: Exception | None = None
        self._lock = threading.Lock()
        self.complete = False

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        n = 0
        while n < len(self._items) or self._pull(n):
            yield self._items[n]
            n += 1

    def _pull(self, n: int) -> bool:
        """Make what comes at n; False at the end, and the same error every time."""
        with self._lock:
            if n < len(self._items):
                return True  # another thread did
            if self._error is not None:
                raise self._error
            if self.complete:
                return False
            try:
                self._items.append(next(self._rest))
            except StopIteration:
                self.complete = True
                return False
            except Exception as error:
                self._error = error
                raise
            return True


@dataclass(slots=True, eq=False)
class Plan:
    """What was found for a clip at some settings.

    Attributes
    ----------
    planner : Planner
        Of the first run; later ones repeat its steps.
    targets : callable or None
        Of a transfer by one map.
    map : PaletteMap or None
    steps : list of PaletteStep or None
        The palettes of all frames, when a run came to its end.
    """

    planner: Planner
    targets: Targets | None = None
    map: PaletteMap | None = None
    steps: list[PaletteStep] | None = None


@dataclass(slots=True, eq=False)
class Tape:
    """Frames and all that was found on them.

    Attributes
    ----------
    clip : Animation
        Where the frames come from, as small as they are previewed.
    frames : Memo of Frame
    plans : dict
        By what they depend on.
    shown : tuple or None
        The latest result: what was asked, its frames.
    """

    clip: Animation
    frames: Memo[Frame] = field(init=False)
    plans: dict[str, Plan] = field(default_factory=dict)
    shown: tuple[str, list[IndexedFrame]] | None = None
    bytes: int = 0
    cut_short: bool = False
    _counted: dict[tuple[bool, bool], Memo[Counted]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.frames = Memo(self._decoded())

    def _decoded(self) -> Iterator[Frame]:
        last: Frame | None = None
        for n, frame in enumerate(self.clip):
            if n >= FRAMES or self.bytes > BYTES:
                self.cut_short = True
                return
            self.bytes += footprint(frame, last)
            last = frame
            yield frame

    def counted(self, chosen: Planner) -> Memo[Counted]:
        """Return the frames with their colors, counted as a planner needs it."""
        key = chosen.finds_cuts, chosen.counts_still
        if key not in self._counted:
            self._counted[key] = Memo(counted(self.frames, chosen))
        return self._counted[key]

    def animation(self, frames: Iterable[Frame] | None = None) -> Animation:
        """Return what is on the tape, or these frames in its place, as a clip."""
        source = self.frames if frames is None else frames
        return Animation(
            lambda: iter(source),
            width=self.clip.width,
            height=self.clip.height,
            loop=self.clip.loop,
            n_frames=len(self.frames) if self.frames.complete else None,
            name=self.clip.name,
            real_times=self.clip.real_times,
        )

    def quantized(
        self,
        key: str,
        settings: Settings,
        recoloring: Callable[[], Recoloring] | None,
        job: Job,
    ) -> Iterator[Quantized]:
        """Reduce all frames, with the palettes of an earlier run where they are known.

        Parameters
        ----------
        key : str
            What palettes depend on: all settings but the dither, and the reference.
        settings : Settings
        recoloring : callable or None
            Makes the recoloring of a transfer.
        job : Job
            Stops the work between two frames.
        """
        if settings.quality is not None:  # pixels are held before colors are counted, and after
            chosen = planner(settings, job.watch(self.frames))
            return job.watch(quantize_frames(job.watch(self.frames), chosen, settings))
        plan = self.plans.get(key)
        if plan is None or (recoloring is not None and plan.map is None):
            steps = None if plan is None else plan.steps
            plan = self._begun(settings, recoloring, job)
            plan.steps = steps
        self.plans.pop(key, None)
        self.plans[key] = plan
        while len(self.plans) > PLANS:
            del self.plans[next(iter(self.plans))]
        stream = job.watch(self.counted(plan.planner))
        chosen = replace(plan.planner, choose=lambda colors: _steps(plan, colors))
        found = quantize_counted(stream, chosen, settings)
        return job.watch(found if plan.targets is None else recolored(found, plan.targets))

    def _begun(
        self, settings: Settings, recoloring: Callable[[], Recoloring] | None, job: Job
    ) -> Plan:
        frames = job.watch(self.frames)
        if recoloring is None:
            return Plan(planner(settings, frames))
        return Plan(*recoloring().begin(settings, frames))


PLANS = 16
"""Plans that are kept: those of a minute of trying."""


def _steps(plan: Plan, histograms: Iterator[Histogram]) -> Iterator[PaletteStep]:
    """Repeat what was planned, or plan and remember it."""
    if plan.steps is not None:
        for step, _ in zip(plan.steps, histograms, strict=True):
            yield step
        return
    steps = []
    for step in plan.planner(histograms):
        steps.append(step)
        yield step
    plan.steps = steps


def footprint(frame: Frame, last: Frame | None) -> int:
    """Return about how many bytes a frame takes, with its histogram and what holds still."""
    own = 0 if last is not None and frame.colors is last.colors else frame.colors.nbytes
    used = 2 * frame.weights.nbytes  # weights, and how many of them are still
    rows = frame.weights.nbytes // 2 + frame.colors.nbytes
    return frame.ids.nbytes + frame.ids.size + own + used + rows

"""Frames and animations: what flows through steadyhue.

A frame is an indexed image over its own distinct colors. Clustering then costs
by colors instead of pixels, and remapping is one table look-up a pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from steadyhue import _native, display
from steadyhue.box import NOTHING, Box
from steadyhue.errors import FormatError, OptionError
from steadyhue.ranges import kind_of, number, whole


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """Where a picture differs from another at most, as its source knows.

    Attributes
    ----------
    now, before : object
        Stand for the picture and the other one, and are compared by identity.
    box : Box
        Outside it both have the same ids, and these mean the same colors.
    """

    now: object
    before: object
    box: Box


LONGEST = 604_800_000.0
"""Milliseconds that a frame may be on screen: a week, which a GIF says in 923 images."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One composited picture of an animation.

    Attributes
    ----------
    ids : (H, W) int32 array
        For each pixel its row in `colors`, or -1 where it is transparent.
    colors : (n, 3) uint8 array
        Distinct sRGB colors. Rows that no pixel uses are allowed: a source may
        keep one table for many frames.
    weights : (n,) int64 array
        Number of pixels of each color; 0 for an unused row.
    duration : float
        Time on screen in milliseconds, as the file says it (0 is kept).
    change : Change or None
        What the source knows of it beside the picture before; None is nothing.
    """

    ids: NDArray[np.int32]
    colors: NDArray[np.uint8]
    weights: NDArray[np.int64]
    duration: float = 0.0
    change: Change | None = None

    @classmethod
    def from_array(
        cls, pixels: ArrayLike, duration: float = 0.0, *, alpha_threshold: int = 128
    ) -> Frame:
        """Make a frame from pixels.

        Parameters
        ----------
        pixels : (H, W), (H, W, 3) or (H, W, 4) uint8 array
            Grey, sRGB, or sRGB with straight alpha.
        duration : float
            Milliseconds on screen.
        alpha_threshold : int in [0, 256]
            Pixels whose alpha is below it are transparent, the others opaque.

        Returns
        -------
        Frame

        Raises
        ------
        FormatError
            If the array has another shape, another dtype or no pixels.
        OptionError
            If the threshold is out of its range.
        """
        array = _picture(pixels)
        alpha_threshold = whole(alpha_threshold, "alpha_threshold", 0, 256)
        if array.ndim == 2:
            array = np.repeat(array[:, :, None], 3, axis=2)
        ids, colors, weights = _native.distinct_colors(np.ascontiguousarray(array), alpha_threshold)
        return cls(ids, colors, weights, duration)

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.ids.shape[0])

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return int(self.ids.shape[1])

    @property
    def has_transparency(self) -> bool:
        """Whether any pixel is transparent."""
        return int(self.weights.sum()) < self.ids.size

    def changed_since(self, previous: Frame) -> Box:
        """Return where this picture may differ from another one.

        Parameters
        ----------
        previous : Frame
            Of the same size.

        Returns
        -------
        (left, top, width, height)
            Outside this box both have the same ids, of the same colors. It is everything where
            nothing is known, as when frames between the two were left out, and all 0 where
            nothing differs.
        """
        if self.ids is previous.ids and self.colors is previous.colors:
            return NOTHING
        change, other = self.change, previous.change
        if change is not None and other is not None and change.before is other.now:
            return change.box
        if change is not None and other is not None and change.now is other.now:
            return NOTHING
        return 0, 0, self.width, self.height

    def rgba(self) -> NDArray[np.uint8]:
        """Return the pixels as an (H, W, 4) uint8 array; transparent ones are all zero."""
        table = np.zeros((len(self.colors) + 1, 4), np.uint8)
        table[:-1, :3] = self.colors
        table[:-1, 3] = 255
        return table[self.ids]  # id -1 reads the last, empty row


@dataclass(frozen=True, slots=True, eq=False)
class Delta:
    """What draws a frame over the one before, as a GIF has it.

    Attributes
    ----------
    box : Box
        What is drawn.
    transparent : int or None
        The index of pixels that stay; None where there are none.
    data : bytes
        Image data: literal width, sub-blocks, end mark.
    vanishing : Box
        The box of the pixels that are transparent in the next frame and not in this one, all
        zero if there are none. Where there are any, all of `box` is cleared before the next frame.
    """

    box: Box
    transparent: int | None
    data: bytes
    vanishing: Box = NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class IndexedFrame:
    """A frame reduced to a palette.

    Attributes
    ----------
    indices : (H, W) uint8 array
        For each pixel its slot in `palette`, or `transparent`.
    palette : (k, 3) uint8 array
        sRGB colors in slot order, k in [0, 256].
    duration : float
        Time on screen in milliseconds.
    transparent : int or None
        The index that means transparent, in [0, 255]; a slot below k so named
        shows nothing, and it may lie past the palette.
    delta : Delta or None
        The same over the frame before, where that is known: a GIF is written by it.
    """

    indices: NDArray[np.uint8]
    palette: NDArray[np.uint8]
    duration: float = 0.0
    transparent: int | None = None
    delta: Delta | None = None

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.indices.shape[0])

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return int(self.indices.shape[1])

    def rgba(self) -> NDArray[np.uint8]:
        """Return the pixels as an (H, W, 4) uint8 array; transparent ones are all zero."""
        table = np.zeros((256, 4), np.uint8)
        table[: len(self.palette), :3] = self.palette
        table[: len(self.palette), 3] = 255
        if self.transparent is not None:
            table[self.transparent] = 0
        return table[self.indices]


class Animation:
    """A lazy sequence of frames of one size: iterating decodes, one frame at a time.

    Parameters
    ----------
    open_frames : callable
        Returns a fresh iterator of `Frame`; called once per iteration.
    width, height : int
        Size of every frame in pixels.
    loop : int
        How often to play; 0 means forever.
    n_frames : int or None
        Number of frames where the source knows it.
    name : str
        What to call the animation in messages.
    real_times : bool
        Whether frames of at most 10 ms are meant to be on screen so briefly, as in a video;
        in image files players show them for 100 ms.
    """

    def __init__(
        self,
        open_frames: Callable[[], Iterator[Frame]],
        *,
        width: int,
        height: int,
        loop: int = 0,
        n_frames: int | None = None,
        name: str = "animation",
        real_times: bool = False,
    ) -> None:
        self._open_frames = open_frames
        self.width = width
        self.height = height
        self.loop = loop
        self.n_frames = n_frames
        self.name = name
        self.real_times = real_times

    def __iter__(self) -> Iterator[Frame]:
        return self._open_frames()

    def __bool__(self) -> bool:
        return True  # also where the number of frames is unknown

    def __len__(self) -> int:
        if self.n_frames is None:
            raise TypeError(f"{self.name}: the number of frames is not known beforehand")
        return self.n_frames

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> Animation: ...
    def __getitem__(self, index: int | slice) -> Frame | Animation:
        """Return a frame, which decodes those before it, or a lazy part of the clip."""
        if isinstance(index, slice):
            return self._part(index)
        if not hasattr(index, "__index__"):
            raise TypeError(f"frames are counted in whole numbers, not by {kind_of(index)}")
        place = index.__index__()
        if place < 0:
            place += len(self)
        if place >= 0:
            for frame in islice(self, place, None):
                return frame
        raise IndexError(f"{self.name} has no frame {index}")

    def _part(self, part: slice) -> Animation:
        if self.n_frames is None:
            rows = part
            count = None
        else:
            start, stop, step = part.indices(self.n_frames)
            rows, count = slice(start, stop, step), len(range(start, stop, step))
        if any(bound is not None and bound < 0 for bound in (rows.start, rows.stop, rows.step)):
            raise ValueError(f"{self.name}: a part runs forward from a known frame")
        return Animation(
            partial(_sliced, self, rows),
            width=self.width,
            height=self.height,
            loop=self.loop,
            n_frames=count,
            name=self.name,
            real_times=self.real_times,
        )

    def __repr__(self) -> str:
        frames = "?" if self.n_frames is None else self.n_frames
        return f"<Animation {self.name}: {self.width}x{self.height}, {frames} frames, loop {self.loop}>"

    def _repr_html_(self) -> str:
        return display.html(self)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    @classmethod
    def from_arrays(
        cls,
        frames: Iterable[ArrayLike],
        durations: float | Iterable[float] = 100.0,
        *,
        loop: int = 0,
        name: str = "arrays",
    ) -> Animation:
        """Make an animation from pixel arrays.

        Parameters
        ----------
        frames : iterable of (H, W), (H, W, 3) or (H, W, 4) uint8 arrays
            All of one size; kept, so that the animation can be read again.
        durations : float or iterable of float
            Milliseconds of every frame, or of each; at least 0.
        loop : int
            How often to play; 0 means forever.
        name : str
            What to call it in messages.

        Returns
        -------
        Animation

        Raises
        ------
        FormatError
            If there are no frames, one is no picture, or their sizes differ.
        OptionError
            If durations are no times or not one a frame, or `loop` is no count.
        """
        if not isinstance(frames, Iterable):
            raise FormatError(f"{name}: frames are a list of arrays, not {kind_of(frames)}")
        arrays = [_picture(frame, f"{name}: frame {n}: ") for n, frame in enumerate(frames)]
        if not arrays:
            raise FormatError(f"{name}: an animation needs at least one frame")
        shapes = {array.shape[:2] for array in arrays}
        if len(shapes) > 1:
            raise FormatError(f"{name}: all frames must have one size, got {sorted(shapes)}")
        times = _times(durations, len(arrays))
        loop = whole(loop, "loop", 0)
        height, width = shapes.pop()
        return cls(
            partial(_counted, arrays, times),
            width=width,
            height=height,
            loop=loop,
            n_frames=len(arrays),
            name=name,
        )


def _picture(pixels: ArrayLike, where: str = "") -> NDArray[np.uint8]:
    """Return pixels as an array; messages begin with `where`."""
    array = np.asarray(pixels)
    if array.dtype != np.uint8:
        hint = "; multiply values in 0..1 by 255 and round" if array.dtype.kind == "f" else ""
        raise FormatError(f"{where}pixels must be uint8, got {array.dtype}{hint}")
    flat = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))
    if not flat or array.size == 0:
        raise FormatError(
            f"{where}pixels must be (H, W), (H, W, 3) or (H, W, 4), got shape {array.shape}"
        )
    return array


def _times(durations: float | Iterable[float], count: int) -> list[float]:
    if isinstance(durations, Iterable):
        times = [number(time, "a duration", 0, LONGEST) for time in durations]
        if len(times) != count:
            raise OptionError(f"got {len(times)} durations for {count} frames")
        return times
    return [number(durations, "durations", 0, LONGEST)] * count


def _counted(arrays: Sequence[NDArray[np.uint8]], times: Sequence[float]) -> Iterator[Frame]:
    return (Frame.from_array(a, d) for a, d in zip(arrays, times, strict=True))


def _sliced(clip: Animation, part: slice) -> Iterator[Frame]:
    return islice(clip, part.start, part.stop, part.step)

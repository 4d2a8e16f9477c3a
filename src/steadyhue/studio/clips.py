"""The clips that the page was given: in a private folder, named by us, within bounds.

The page never names a file. What it uploads is called by an id of ours; its own name for it is
only text to show.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from steadyhue.errors import FormatWarning, SteadyhueError
from steadyhue.formats import Limits, Raster, Timing, open_animation
from steadyhue.frame import Animation, Frame
from steadyhue.signals import held
from steadyhue.studio.leftovers import new_folder
from steadyhue.studio.tape import SIDE, Tape, side_of
from steadyhue.studio.wish import Wish
from steadyhue.unfinished import UNFINISHED, finished

LIMITS = Limits(canvas=16_000_000, frames=20_000, total=4_000_000_000)
"""What a clip may ask for: a person waits, and memory is shared with a browser."""

KEPT = 8
"""Clips that are kept; the one that was not used for longest goes."""

DISK = 2 << 30
"""Most bytes of uploads on disk."""

LONGEST_NAME = 120
"""Characters of a name that are shown."""


@dataclass(slots=True, eq=False)
class Clip:
    """One clip.

    Attributes
    ----------
    id, name : str
        Ours, and what to call it.
    path : Path
    size : int
        Bytes of its file.
    is_ours : bool
        Whether the file is in our folder, and goes with the clip.
    whole : Animation
        As it is, at full size.
    """

    id: str
    name: str
    path: Path
    size: int
    is_ours: bool
    whole: Animation
    tapes: dict[bool, tuple[object, Tape]] = field(default_factory=dict)

    def opened(self, wish: Wish) -> Animation:
        """Open the clip as files are made of it.

        Raises
        ------
        FormatError
            If it can no longer be read.
        """
        return opened(self.path, self.name, wish.timing, wish.raster)

    def told(self) -> dict[str, Any]:
        """Return what the page shows of it."""
        return {
            "id": self.id,
            "name": self.name,
            "width": self.whole.width,
            "height": self.whole.height,
            "frames": self.whole.n_frames,
            "loop": self.whole.loop,
            "bytes": self.size,
        }


class Clips:
    """A store of clips; memory has the frames of one preview at a time."""

    def __init__(self) -> None:
        with held():  # to find where, a file is made and removed
            self.folder, self._held = new_folder()
            UNFINISHED.append(self)
        self._clips: dict[str, Clip] = {}
        self._lock = threading.Lock()

    def new_path(self) -> Path:
        """Return where an upload may be written: a file of its own in our folder."""
        return self.folder / secrets.token_urlsafe(16)

    def add(self, path: Path, name: str, *, is_ours: bool = True) -> Clip:
        """Take a file that is there. One of ours is removed if it is no clip.

        Raises
        ------
        FormatError
            If it cannot be read as an animation.
        """
        name = shown_name(name)
        try:
            whole = opened(path, name, Timing(), Raster())
        except BaseException:
            if is_ours:
                path.unlink(missing_ok=True)
            raise
        clip = Clip(secrets.token_urlsafe(16), name, path, path.stat().st_size, is_ours, whole)
        with self._lock:
            self._clips[clip.id] = clip
            self._make_room(clip)
        return clip

    def _make_room(self, newest: Clip) -> None:
        def over() -> bool:
            ours = [clip.size for clip in self._clips.values() if clip.is_ours]
            return len(self._clips) > KEPT or sum(ours) > DISK

        for clip in list(self._clips.values()):
            if over() and clip is not newest and clip.is_ours:
                self._forget(clip)

    def get(self, key: str) -> Clip:
        """Return a clip, which counts as used now.

        Raises
        ------
        KeyError
            If there is none of this id.
        """
        with self._lock:
            clip = self._clips.pop(key)
            self._clips[key] = clip
            return clip

    def remove(self, key: str) -> None:
        """Forget a clip and its file.

        Raises
        ------
        KeyError
            If there is none of this id.
        """
        with self._lock:
            self._forget(self._clips[key])

    def _forget(self, clip: Clip) -> None:
        del self._clips[clip.id]
        clip.tapes.clear()
        if clip.is_ours:
            clip.path.unlink(missing_ok=True)

    def all(self) -> list[Clip]:
        """Return the clips, the one used last at the end."""
        with self._lock:
            return list(self._clips.values())

    def tape(self, clip: Clip, wish: Wish, side: int = SIDE, begin: float = 0.0) -> Tape:
        """Return the frames of a clip as they are previewed; those of other clips are let go.

        Parameters
        ----------
        clip : Clip
        wish : Wish
            Which frames, and how large.
        side : int
            Most pixels a side.
        begin : float
            Milliseconds into the clip at which the preview starts.
        """
        key = wish.timing, wish.raster, side, begin
        is_small = side < SIDE
        with self._lock:
            for other in self._clips.values():
                if other is not clip:
                    other.tapes.clear()
            known, tape = clip.tapes.pop(is_small, (None, None))
            if tape is None or known != key:
                tape = None  # its memory goes before the next one takes some
                tape = Tape(proxy(clip.path, clip.name, clip.whole, wish, side, begin))
            clip.tapes[is_small] = key, tape
            return tape

    def close(self) -> None:
        """Remove all that was stored."""
        with self._lock:
            self._clips.clear()
        self.discard()
        finished(self)
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def discard(self) -> None:
        """Remove all that was stored, when the program ends at once."""
        shutil.rmtree(self.folder, ignore_errors=True)


def opened(path: Path, name: str, timing: Timing, raster: Raster) -> Animation:
    """Open a file under the name that people know it by.

    Raises
    ------
    FormatError
        If it cannot be read, in a sentence with that name.
    """
    with named(path, name):
        clip = open_animation(path, timing=timing, raster=raster, limits=LIMITS)
    frames = _Named(clip, path, name)
    return Animation(
        frames,
        width=clip.width,
        height=clip.height,
        loop=clip.loop,
        n_frames=clip.n_frames,
        name=name,
        real_times=clip.real_times,
    )


def proxy(
    path: Path,
    name: str,
    whole: Animation,
    wish: Wish,
    side: int = SIDE,
    begin: float = 0.0,
) -> Animation:
    """Open a file as it is previewed: no larger than so many pixels a side.

    Parameters
    ----------
    path : Path
    name : str
        What people call it.
    whole : Animation
        The same at full size; of a video less is shown, for grain has many colors.
    wish : Wish
        Which frames, and how large.
    side : int
    begin : float
        Milliseconds into what is wished at which the preview starts.

    Returns
    -------
    Animation

    Raises
    ------
    FormatError
        If it cannot be read.
    """
    timing, raster = wish.timing, wish.raster
    left = None if timing.duration is None else max(1.0, timing.duration - begin)
    timing = Timing(timing.start + begin, left, timing.every, timing.fps)
    side = side_of(whole, side)
    wide, high = raster.size(whole.width, whole.height)
    if raster.fit is not None and max(wide, high) > side:  # the same shape, smaller
        wide, high = (max(1, round(n * side / max(wide, high))) for n in (wide, high))
    elif raster.fit is None:
        wide, high = min(wide, side), min(high, side)
    small = Raster(wide, high, raster.alpha_threshold, raster.matte, raster.fit)
    return opened(path, name, timing, small)


class _Named:
    """The frames of a clip, whose errors name it as people do."""

    def __init__(self, clip: Animation, path: Path, name: str) -> None:
        self._clip, self._path, self._name = clip, path, name

    def __call__(self) -> Iterator[Frame]:
        with named(self._path, self._name):
            yield from self._clip


@contextmanager
def named(path: Path, name: str) -> Iterator[None]:
    """Put the name that people know in the place of a path in what is said of a file."""
    try:
        yield
    except (SteadyhueError, FormatWarning) as error:
        if str(path) not in str(error):
            raise
        raise type(error)(str(error).replace(str(path), name)) from error


def shown_name(name: str) -> str:
    """Return a client's name for a file as text to show: no folders, nothing unprintable."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(c for c in last if c.isprintable()).strip(". ")
    return plain[:LONGEST_NAME] or "clip"

"""Previews: wishes in, records out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from steadyhue.errors import OptionError
from steadyhue.figures import heat_png
from steadyhue.frame import IndexedFrame
from steadyhue.metrics import flicker_map
from steadyhue.palette import Palette
from steadyhue.recolor import Recoloring
from steadyhue.reference import reference_palette
from steadyhue.studio import recipe, stream
from steadyhue.studio.clips import Clip, Clips
from steadyhue.studio.hearing import heard_of
from steadyhue.studio.job import Job
from steadyhue.studio.lesson import lesson
from steadyhue.studio.tape import Tape
from steadyhue.studio.totals import totals
from steadyhue.studio.wish import Transfer, Wish


class Previews:
    """Makes previews of clips, and remembers what they rest on."""

    def __init__(self, clips: Clips) -> None:
        self._clips = clips
        self._references: dict[str, Palette] = {}

    def preview(self, clip: Clip, wish: Wish, view: View, job: Job) -> Iterator[bytes]:
        """Yield the records of all frames, and at last of what was found."""
        tape = view.tape(self._clips, clip, wish)
        yield stream.told(**self._opening(clip, wish, tape))
        if not len(tape.frames):  # planning looks ahead, and a person should see something
            yield from self.look(clip, wish, view, 0, job)
        frames: list[IndexedFrame] = []
        key, before = self.key(wish), None
        recoloring = self.recoloring(wish)
        for number, (frame, report) in enumerate(
            tape.quantized(key, wish.settings, recoloring, job)
        ):
            yield stream.indexed(number, frame, report, before)
            before = frame.indices
            frames.append(frame)
        job.check()
        tape.shown = self.key(wish, dither=True), frames
        notes = heard_of(clip.path, clip.name)
        yield stream.told(totals=totals(tape, frames), notes=notes)

    def look(self, clip: Clip, wish: Wish, view: View, at: int, job: Job) -> Iterator[bytes]:
        """Yield the record of one frame by itself: what can be said at once."""
        tape = view.tape(self._clips, clip, wish)
        chosen = None
        for number, frame in enumerate(job.watch(tape.frames)):
            chosen = number, frame
            if number >= at:
                break
        if chosen is None:
            return
        alone = Tape(tape.animation([chosen[1]]))
        for shown, report in alone.quantized("", wish.settings, self.recoloring(wish), job):
            yield stream.indexed(chosen[0], shown, report, is_draft=True)

    def original(self, clip: Clip, wish: Wish, view: View, job: Job) -> Iterator[bytes]:
        """Yield the records of the frames as they were read."""
        for number, frame in enumerate(job.watch(view.tape(self._clips, clip, wish).frames)):
            yield stream.original(number, frame)

    def heat(self, clip: Clip, wish: Wish, view: View, job: Job) -> bytes:
        """Return the PNG of what flickers, clear where nothing does."""
        tape = view.tape(self._clips, clip, wish)
        if tape.shown is None or tape.shown[0] != self.key(wish, dither=True):
            found = tape.quantized(self.key(wish), wish.settings, self.recoloring(wish), job)
            tape.shown = self.key(wish, dither=True), [frame for frame, _ in found]
        return heat_png(flicker_map(job.watch(tape.frames), tape.shown[1]))

    def lesson(self, clip: Clip, wish: Wish, view: View, at: int, job: Job) -> Iterator[bytes]:
        """Yield how k-means comes to the colors of one frame, as JSON."""
        for number, frame in enumerate(job.watch(view.tape(self._clips, clip, wish).frames)):
            if number == at:
                yield json.dumps(lesson(frame, wish.settings)).encode()
                return
        raise OptionError(f"there is no frame {at}")

    def recoloring(self, wish: Wish) -> Callable[[], Recoloring] | None:
        """Return what makes the recoloring of a transfer; its reference is read then."""
        transfer = wish.transfer
        if transfer is None:
            return None
        return lambda: Recoloring(self.reference(transfer, wish), transfer.matching)

    def reference(self, transfer: Transfer, wish: Wish) -> Palette:
        """Return the colors of a reference.

        Raises
        ------
        KeyError
            If the clip it is taken from is gone.
        FormatError
            If that cannot be read.
        """
        if isinstance(transfer.reference, Palette):
            return transfer.reference
        settings = wish.settings
        colors = transfer.matching.colors_to_take(settings.colors)
        space, distance, seed = settings.space, settings.distance, settings.seed
        key = json.dumps([transfer.reference, colors, space, distance, seed])
        if key not in self._references:
            clip = self._clips.get(transfer.reference)
            self._references[key] = reference_palette(
                clip.whole, colors, space=space, distance=distance, seed=seed
            )
        return self._references[key]

    @staticmethod
    def key(wish: Wish, *, dither: bool = False) -> str:
        """Return what palettes depend on, or all that indices depend on."""
        plain = wish.to_dict()
        parts = dict(plain["settings"])
        if not dither:
            parts.pop("dither")
            parts.pop("dither_strength", None)
        return json.dumps([parts, plain.get("transfer")], sort_keys=True)

    def _opening(self, clip: Clip, wish: Wish, tape: Tape) -> dict[str, Any]:
        """Return what the page is told before the first frame."""
        reference, colors = None, None
        if wish.transfer is not None:
            colors = self.reference(wish.transfer, wish).hex
            if isinstance(wish.transfer.reference, str):
                reference = self._clips.get(wish.transfer.reference).name
        head, tail = recipe.command_parts(wish, clip.name, recipe.TARGET, reference)
        return {
            "width": tape.clip.width,
            "height": tape.clip.height,
            "frames": tape.clip.n_frames,
            "loop": tape.clip.loop,
            "full": _full_size(clip, wish),
            "reference": colors,
            "command": [recipe.line(head), recipe.line(tail)],
            "python": list(recipe.python_parts(wish, clip.name, recipe.TARGET, reference)),
        }


class View:
    """How much of a clip is previewed.

    Parameters
    ----------
    side : int
        Most pixels a side.
    begin : float
        Milliseconds into the clip.
    """

    def __init__(self, side: int, begin: float) -> None:
        self.side, self.begin = side, begin

    def tape(self, clips: Clips, clip: Clip, wish: Wish) -> Tape:
        """Return the frames that are previewed."""
        return clips.tape(clip, wish, self.side, self.begin)


def _full_size(clip: Clip, wish: Wish) -> list[int]:
    width, height = wish.raster.size(clip.whole.width, clip.whole.height)
    return [width, height]

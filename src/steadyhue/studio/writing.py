"""What an export does, in its own process: each kind of file from the same result."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from steadyhue.batches.ending import end_with_parent
from steadyhue.budget import within
from steadyhue.errors import OptionError, SteadyhueError, heard
from steadyhue.figures import PaletteHistory, page, ribbon_svg
from steadyhue.figures.page import Figure
from steadyhue.formats import Raster, Timing, open_labels
from steadyhue.frame import Animation, IndexedFrame
from steadyhue.palette import Palette
from steadyhue.recolor import Recoloring
from steadyhue.reference import recoloring_by
from steadyhue.result import Result
from steadyhue.settings import MOST_COLORS
from steadyhue.showcase.compare import original
from steadyhue.showcase.treatment import present
from steadyhue.studio import panel, recipe
from steadyhue.studio.clips import opened, proxy
from steadyhue.studio.saved import saved_page
from steadyhue.studio.tape import Tape
from steadyhue.studio.wish import Wish
from steadyhue.thrift import QUALITIES

PULSE = 0.1
"""Seconds between two reports of progress."""


@dataclass(frozen=True, slots=True)
class File:
    """A file, and the name that people know it by."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written.

    Attributes
    ----------
    source : File
    wish : Wish
    kind : str
        One of `KINDS`.
    reference : File or None
        Whose colors a transfer takes, if it is no palette.
    bytes : int
        Of kind ``fit``: what a GIF may take.
    """

    source: File
    wish: Wish
    kind: str
    reference: File | None = None
    bytes: int = 0

    @property
    def file_name(self) -> str:
        """What to call the file."""
        stem = Path(self.source.name).stem or "clip"
        return f"{stem}{KINDS[self.kind].ending}"

    def result(self) -> Result:
        """Return the result that is to be written.

        Raises
        ------
        FormatError
            If a file cannot be read.
        """
        wish = self.wish
        clip = opened(self.source.path, self.source.name, wish.timing, wish.raster)
        return Result(clip, wish.settings, self._recoloring(), wish.edits)

    def _recoloring(self) -> Recoloring | None:
        transfer, settings = self.wish.transfer, self.wish.settings
        if transfer is None:
            return None
        if isinstance(transfer.reference, Palette):
            return Recoloring(transfer.reference, transfer.matching)
        assert self.reference is not None  # found when the export was asked for
        return recoloring_by(transfer.matching, settings, opened_whole(self.reference))

    def tape(self) -> Tape:
        """Return the frames that are previewed of what is to be written."""
        whole = opened_whole(self.source)
        return Tape(proxy(self.source.path, self.source.name, whole, self.wish))


def opened_whole(file: File) -> Animation:
    """Open all of a file."""
    return opened(file.path, file.name, Timing(), Raster())


class Pulse:
    """Tells how far the work is, now and then.

    Parameters
    ----------
    sender : Connection
        Takes dicts of plain JSON values.
    """

    def __init__(self, sender: Connection) -> None:
        self.tell: Callable[[dict[str, Any]], None] = sender.send
        self._frames, self._told = 0, 0.0

    def step(self) -> None:
        """Count a frame."""
        self._frames += 1
        now = time.monotonic()
        if now - self._told > PULSE:
            self._told = now
            self.tell({"frames": self._frames})

    def counted(self, result: Result) -> Iterator[IndexedFrame]:
        """Yield the frames of a result, counting them."""
        for frame in result:
            yield frame
            self.step()


def work(export: Export, target: Path, sender: Connection) -> None:
    """Write an export, in its own process, and tell how it goes."""
    end_with_parent()
    pulse = Pulse(sender)
    told: list[str] = []
    try:
        with heard(told.append):
            result = export.result()
            pulse.tell({"total": result.source.n_frames})
            found = KINDS[export.kind].write(export, result, target, pulse)
        size = target.stat().st_size if target.exists() else None
        source = export.source
        notes = [text.replace(str(source.path), source.name) for text in told]
        sender.send({**(found or {}), "bytes": size, "notes": notes, "done": True})
    except (SteadyhueError, OSError) as error:
        sender.send(
            {"error": str(error).replace(f"{target.parent}/", "")}
        )  # ours, and no one's business
    except MemoryError:
        sender.send({"error": f"{export.source.name}: there is not enough memory for it"})


def _save(export: Export, result: Result, target: Path, pulse: Pulse) -> None:
    result.save(target, on_frame=pulse.step)


def _zip(export: Export, result: Result, target: Path, pulse: Pulse) -> None:
    """Write numbered pictures, and pack them: they are compressed already."""
    folder = target.parent / "frames"
    result.save(folder / "%04d.png", on_frame=pulse.step)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.iterdir()):
            if not path.name.startswith("."):
                archive.write(path, path.name)


def _labels(export: Export, result: Result, target: Path, pulse: Pulse) -> None:
    with open_labels(target, result.width, result.height) as sink:
        for frame in pulse.counted(result):
            sink.write(frame)


def _history(result: Result, pulse: Pulse) -> PaletteHistory:
    for _ in pulse.counted(result):
        pass
    return PaletteHistory.of(result.report)


def _ribbon(export: Export, result: Result, target: Path, pulse: Pulse) -> None:
    target.write_text(ribbon_svg(_history(result, pulse)), "utf-8")


def _palettes(export: Export, result: Result, target: Path, pulse: Pulse) -> None:
    target.write_text(_history(result, pulse).to_json(), "utf-8")


def _compare(export: Export, result: Result, target: Path, pulse: Pulse) -> None:
    title = f"{result.settings.colors} colors, {result.settings.mode}"
    exhibits = [original(result.source), present(title, result).exhibit()]
    look = "Press h for a map of what flickers, and c to slide between the two."
    name = Path(result.name).stem
    target.write_text(page(name, "", [Figure("Side by side", look, exhibits)]), "utf-8")


def _saved(export: Export, result: Result, target: Path, pulse: Pulse) -> None:
    """Write the page that goes on without us, at the size of its preview."""
    tape = export.tape()
    reference = None if export.reference is None else export.reference.name
    line = recipe.line(recipe.command(export.wish, export.source.name, recipe.TARGET, reference))
    made = saved_page(tape, result, line, on_frame=pulse.step)
    target.write_text(made, "utf-8")


def _c_array(export: Export, result: Result, target: Path, pulse: Pulse) -> None:
    panel.write_c(target, result.name, pulse.counted(result))


def _raw(export: Export, result: Result, target: Path, pulse: Pulse) -> None:
    panel.write_raw(target, pulse.counted(result))


def _fit(export: Export, result: Result, target: Path, pulse: Pulse) -> dict[str, Any]:
    """Find the most colors whose GIF takes no more bytes than asked: each one tried is written.

    With a quality, the best one is found in their place, and fewer colors where none fits.
    """
    if result.settings.quality is not None:
        settings = replace(result.settings, quality=QUALITIES[1])
        best = Result(result.source, settings, result.recoloring, export.wish.edits)
        found, file = within(best, export.bytes), BytesIO()
        found.save(file)
        chosen, size = found.settings, len(file.getvalue())
        return {"quality": chosen.quality, "colors": chosen.colors, "size": size}
    least = 1 + (result.settings.colors - result.settings.n_clusters)
    tried: dict[int, int] = {}

    def size_of(colors: int) -> int:
        settings = replace(result.settings, colors=colors)
        edits = export.wish.edits
        file = BytesIO()
        Result(result.source, settings, result.recoloring, edits).save(file, on_frame=pulse.step)
        tried[colors] = len(file.getvalue())
        pulse.tell({"tried": dict(sorted(tried.items()))})
        return tried[colors]

    if size_of(least) > export.bytes:
        raise OptionError(
            f"even {least} {'color takes' if least == 1 else 'colors take'} {tried[least]:,} bytes; "
            "make the picture smaller or shorter"
        )
    low, high = least, MOST_COLORS + 1  # fits; does not, or is one too many
    while high - low > 1:
        middle = (low + high) // 2
        if size_of(middle) <= export.bytes:
            low = middle
        else:
            high = middle
    return {"colors": low, "size": tried[low]}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Attributes
    ----------
    title : str
        As the page lists it.
    ending : str
        What its name ends in.
    write : callable
        Gets the export, its result, where to write and a `Pulse`; may return what it found.
    """

    title: str
    ending: str
    write: Callable[[Export, Result, Path, Pulse], dict[str, Any] | None]


KINDS = {
    "gif": Kind("GIF", ".gif", _save),
    "png": Kind("animated PNG", ".png", _save),
    "webp": Kind("WebP", ".webp", _save),
    "mp4": Kind("MP4", ".mp4", _save),
    "webm": Kind("WebM", ".webm", _save),
    "mkv": Kind("MKV, lossless", ".mkv", _save),
    "frames": Kind("PNG pictures, zipped", ".zip", _zip),
    "compare": Kind("page to compare", ".html", _compare),
    "saved": Kind("this page, to keep", ".studio.html", _saved),
    "palettes": Kind("palettes over time, JSON", ".palettes.json", _palettes),
    "ribbon": Kind("ribbon, SVG", ".svg", _ribbon),
    "labels": Kind("slot of every pixel, NumPy", ".npz", _labels),
    "c": Kind("RGB565 C array", ".h", _c_array),
    "raw": Kind("RGB565 raw frames", ".rgb565", _raw),
    "fit": Kind("colors for a size", "", _fit),
}
"""The files that are written; ``fit`` writes none and finds a number of colors."""

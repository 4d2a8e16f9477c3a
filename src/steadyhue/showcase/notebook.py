"""How things show themselves in a notebook: swatches, tables, and previews bounded in size."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from html import escape
from io import BytesIO
from typing import NamedTuple

import numpy as np

from steadyhue.api import quantize
from steadyhue.figures.history import PaletteHistory
from steadyhue.figures.ribbon import ribbon_png
from steadyhue.formats.gif import GifWriter
from steadyhue.frame import Animation, IndexedFrame
from steadyhue.metrics.measurement import HEADINGS, Measurement, row
from steadyhue.palette import Palette
from steadyhue.palettemap import PaletteMap
from steadyhue.result import Pass, Result

PREVIEW_BYTES = 1_000_000
"""About where a preview ends: notebooks keep their outputs in the file."""

PREVIEW_SIZE = 480
"""Most pixels of a preview in either direction."""


class Preview(NamedTuple):
    """A GIF of the first frames, how many they are, and whether these are all."""

    gif: bytes
    frames: int
    complete: bool


def html(thing: object) -> str:
    """Return what a notebook shows of a thing; see `steadyhue.display`."""
    if isinstance(thing, Animation):
        return clip_html(thing)
    if isinstance(thing, Result):
        return result_html(thing)
    if isinstance(thing, Palette):
        return palette_html(thing)
    if isinstance(thing, PaletteMap):
        return palette_html(thing.source) + palette_html(thing.target.take(thing.slots))
    if isinstance(thing, Measurement):
        return measurement_html(thing)
    return estimator_html(thing)


def palette_html(palette: Palette) -> str:
    """Return a palette as swatches, each with its name or color and its share."""
    labels = palette.names or palette.hex
    swatches = "".join(
        f'<span title="{escape(label)} {share:.1%}" style="display:inline-block;'
        f'width:32px;height:32px;background:{color}"></span>'
        for color, label, share in zip(palette.hex, labels, palette.shares, strict=True)
    )
    return f'<div style="line-height:0">{swatches}</div>'


def measurement_html(measurement: Measurement) -> str:
    """Return a measurement as a table of one row."""
    rows = (
        "".join(f"<{kind}>{escape(cell)}</{kind}>" for cell in cells)
        for kind, cells in (("th", HEADINGS), ("td", row(measurement)))
    )
    return "<table>" + "".join(f"<tr>{cells}</tr>" for cells in rows) + "</table>"


def estimator_html(estimator: object) -> str:
    """Return an estimator, and the swatches of its centers where they can be sRGB colors."""
    text = f"<code>{escape(repr(estimator))}</code>"
    centers = np.asarray(getattr(estimator, "cluster_centers_", np.empty((0, 0))))
    if centers.size == 0 or centers.shape[1] != 3 or centers.min() < 0 or centers.max() > 255:
        return text
    return text + palette_html(Palette(np.rint(centers[:256]).astype(np.uint8)))


def clip_html(clip: Animation) -> str:
    """Return a clip as HTML: its first frames, in 256 colors each, and its size."""
    shown = preview(quantize(clip, 256), clip.loop)
    frames = "?" if clip.n_frames is None else clip.n_frames
    return _figure(shown, f"{clip.name}: {clip.width} × {clip.height}, {frames} frames")


def result_html(result: Result) -> str:
    """Return a reduced clip as HTML: its first frames and, after a pass, its palette over time."""
    # A pass of its own: the report of the last one stays.
    shown = preview(Pass(result.source, result.settings, result.recoloring), result.loop)
    text = _figure(
        shown,
        f"{result.name}: {result.width} × {result.height}, "
        f"{result.settings.colors} colors, {result.settings.mode}",
    )
    return text + _ribbon(result)


def preview(frames: Iterable[IndexedFrame], loop: int) -> Preview:
    """Encode frames until the GIF is about `PREVIEW_BYTES` long."""
    file = BytesIO()
    writer: GifWriter | None = None
    count = 0
    complete = True
    for frame in frames:
        if file.tell() > PREVIEW_BYTES:
            complete = False
            break
        step = -(-max(frame.width, frame.height) // PREVIEW_SIZE)
        indices = np.ascontiguousarray(frame.indices[::step, ::step])
        small = IndexedFrame(indices, frame.palette, frame.duration, frame.transparent)
        if writer is None:
            writer = GifWriter(file, small.width, small.height, loop)
        writer.write(small)
        count += 1
    if writer is not None:
        writer.close()
    return Preview(file.getvalue(), count, complete)


def _figure(shown: Preview, caption: str) -> str:
    if not shown.complete:
        caption += f" (the first {shown.frames} are shown)"
    data = b64encode(shown.gif).decode()
    return (
        f'<figure style="margin:0"><img alt="{escape(caption)}" style="image-rendering:pixelated" '
        f'src="data:image/gif;base64,{data}">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _ribbon(result: Result) -> str:
    report = result.report
    if not report:
        return ""
    history = PaletteHistory.of(report)
    data = b64encode(ribbon_png(history, PREVIEW_SIZE, 48)).decode()
    return f'<img alt="palette over time" src="data:image/png;base64,{data}">'

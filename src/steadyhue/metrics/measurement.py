"""What comparing an animation with its source finds: figures, as data and as a table.

`steadyhue.metrics` defines the figures and their units, and finds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from steadyhue import display
from steadyhue.metrics.flicker import Flicker

HEADINGS = ("output", "frames", "cuts", "colors", "kB", "error", "worst", "ratio", "worst",
            "oklab", "flicker %", "change", "excess", "jumps %", "worst %", "static %", "seam %",
            "drift", "total")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measurement:
    """What `measure` finds.

    Attributes
    ----------
    name : str
        The output's name.
    frames, output_frames : int
        Frames of the source, all of them compared, and of the output.
    colors : int
        Most colors of any frame of the output.
    size : int or None
        Bytes of the output's file.
    error, worst_error : float
        Mean squared error per pixel, averaged over frames, and of the worst frame.
    oklab : float
        Mean OKLab difference per pixel, averaged over frames.
    ratio, worst_ratio : float or None
        Error over the best error known for the frame, averaged over frames, and of the worst
        frame; None without such best errors.
    still, static : Flicker
        Flicker over still pixels (the headline) and over static ones.
    seam : Flicker or None
        Flicker over still pixels from the last frame to the first; None where the source does
        not loop or has a cut there.
    total : float
        Error and flicker in one figure: squared error per pixel plus the squared change of
        still pixels per pixel of the picture (`error` + ``still.squared``).
    drift : float or None
        Mean OKLab movement of the palette's entries from frame to frame, weighted by their
        pixels; None where the palettes are unknown.
    transparency : float in [0, 1]
        Share of pixels that are transparent in only one of source and output.
    cuts : tuple of int
        Source frames that start a new shot.
    errors : tuple of float
        Squared error per pixel of each frame.
    """

    name: str
    frames: int
    output_frames: int
    colors: int
    size: int | None
    error: float
    worst_error: float
    oklab: float
    ratio: float | None
    worst_ratio: float | None
    still: Flicker
    static: Flicker
    seam: Flicker | None
    total: float
    drift: float | None
    transparency: float
    cuts: tuple[int, ...]
    errors: tuple[float, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the figures as plain numbers, lists and dicts, ready for JSON."""
        return asdict(self)

    def _repr_html_(self) -> str:
        return display.html(self)


def table(measurements: Sequence[Measurement]) -> str:
    """Return measurements as lines of text, one an output, under a line of headings.

    Shares are in per cent and sizes in kB (1000 bytes); a dash stands for what is not known.
    """
    rows = [HEADINGS, *map(row, measurements)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for name, *cells in rows:
        padded = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        lines.append("  ".join([name.ljust(widths[0]), *padded]).rstrip())
    return "\n".join(lines)


def row(m: Measurement) -> tuple[str, ...]:
    """Return the cells of a measurement under `HEADINGS`."""

    def number(value: float | None, form: str = ".2f", scale: float = 1.0) -> str:
        return "-" if value is None else format(value * scale, form)

    return (
        m.name,
        str(m.frames) if m.frames == m.output_frames else f"{m.output_frames}/{m.frames}",
        str(len(m.cuts)),
        str(m.colors),
        number(m.size, ".1f", 1e-3),
        number(m.error, ".1f"),
        number(m.worst_error, ".1f"),
        number(m.ratio),
        number(m.worst_ratio),
        number(m.oklab),
        number(m.still.share, ".2f", 100),
        number(m.still.change, ".3f"),
        number(m.still.excess, ".3f"),
        number(m.still.jumps, ".2f", 100),
        number(m.still.worst_share, ".1f", 100),
        number(m.static.share, ".2f", 100),
        number(None if m.seam is None else m.seam.share, ".2f", 100),
        number(m.drift, ".3f"),
        number(m.total, ".1f"),
    )

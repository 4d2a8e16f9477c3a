"""Treatments: one clip reduced in one way, with all that figures show of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steadyhue.errors import OptionError
from steadyhue.figures.heat import heat_png
from steadyhue.figures.history import PaletteHistory
from steadyhue.figures.page import Exhibit
from steadyhue.figures.ribbon import ribbon_png
from steadyhue.formats import open_animation, open_sink
from steadyhue.frame import Animation, IndexedFrame
from steadyhue.metrics import flicker_map, measure
from steadyhue.metrics.measurement import Measurement
from steadyhue.oracle import best_error
from steadyhue.result import Result
from steadyhue.settings import Settings


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to reduce a clip.

    Attributes
    ----------
    title : str
        What to write over the result.
    settings : Settings
    """

    title: str
    settings: Settings

    @classmethod
    def of(cls, title: str, **options: Any) -> Variant:
        """Return a variant with the options of `steadyhue.quantize`."""
        return cls(title, Settings.of(**options))

    @classmethod
    def parse(cls, text: str) -> Variant:
        """Read a variant such as ``k=4,mode=seeded``: options of `steadyhue.quantize`.

        ``k`` is short for ``colors``; several colors are parted by ``;``.

        Raises
        ------
        OptionError
            If a part is not ``name=value``, a name comes twice, or as for `Settings.of`.
        """
        known = [field.name for field in fields(Settings)]
        options: dict[str, Any] = {}
        for part in text.split(","):
            name, equals, value = (piece.strip() for piece in part.partition("="))
            name = "colors" if name == "k" else name.replace("-", "_")
            if not equals or name not in known:
                raise OptionError(
                    f"{part.strip()!r} is not a part of a variant; "
                    f"write name=value with one of k, {', '.join(known)}"
                )
            if name in options:
                raise OptionError(f"{text!r} says {name} twice")
            options[name] = _value(name, value)
        words = {"colors": "k = {}", "mode": "{}"}
        title = ", ".join(
            words.get(name, f"{name} {{}}").format(value) for name, value in options.items()
        )
        return cls.of(title, **options)


_NUMBERS: dict[str, Callable[[str], float]] = {
    "colors": int,
    "seed": int,
    "dither_strength": float,
    "steadiness": float,
}


def _value(name: str, text: str) -> float | str:
    try:
        return _NUMBERS[name](text) if name in _NUMBERS else text
    except ValueError:
        raise OptionError(f"{name} must be a number, got {text!r}") from None


@dataclass(frozen=True, slots=True, eq=False)
class Treatment:
    """A clip reduced in one way.

    Attributes
    ----------
    title : str
    gif : bytes
        The result as a file.
    frames : list of IndexedFrame
    history : PaletteHistory
    measurement : Measurement
        Of the file against the source.
    flicker : (H, W) float64 array
        As `metrics.flicker_map` gives it.
    """

    title: str
    gif: bytes
    frames: Sequence[IndexedFrame]
    history: PaletteHistory
    measurement: Measurement
    flicker: NDArray[np.float64]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What was measured, as short labels and values."""
        found = self.measurement
        facts = [("error", f"{found.error:.0f}" if found.error >= 10 else f"{found.error:.2g}")]
        if found.ratio is not None:
            facts.append(("over best", f"{found.ratio:.2f} ×"))
        return [
            *facts,
            ("flicker", percent(found.still.share)),
            ("change", f"{found.still.change:.2f}"),
            ("size", kilobytes(self.gif)),
            ("colors", str(found.colors)),
        ]

    def exhibit(self) -> Exhibit:
        """Return the treatment as a page shows it."""
        height, width = self.flicker.shape
        return Exhibit(
            self.title,
            self.gif,
            width,
            height,
            self.facts,
            ribbon_png(self.history, 480, 36),
            heat_png(self.flicker),
        )


def treat(
    source: Animation, variant: Variant, best_errors: Sequence[float] | None = None
) -> Treatment:
    """Reduce a clip and measure the result.

    Parameters
    ----------
    source : Animation
    variant : Variant
    best_errors : sequence of float, optional
        As `best_errors` gives them, for the error's ratio to the best.
    """
    return present(variant.title, Result(source, variant.settings), best_errors)


def present(title: str, result: Result, best_errors: Sequence[float] | None = None) -> Treatment:
    """Run a pass and measure its result."""
    frames = list(result)
    gif = encode(frames, result.loop)
    return Treatment(
        title,
        gif,
        frames,
        PaletteHistory.of(result.report),
        measure(result.source, open_animation(gif), best_errors=best_errors, size=len(gif)),
        flicker_map(result.source, frames),
    )


def encode(frames: Sequence[IndexedFrame], loop: int) -> bytes:
    """Return frames as a GIF file."""
    file = BytesIO()
    with open_sink(file, frames[0].width, frames[0].height, loop=loop) as sink:
        for frame in frames:
            sink.write(frame)
    return file.getvalue()


def best_errors(source: Animation, k: int) -> list[float]:
    """Return each frame's lowest squared error per pixel known for k colors."""
    return [best_error(frame, k) for frame in source]


def percent(share: float) -> str:
    """Return a share such as ``1.93 %`` or ``34.8 %``."""
    return f"{100 * share:.1f} %" if share >= 0.1 else f"{100 * share:.2f} %"


def kilobytes(data: bytes) -> str:
    """Return a size such as ``213 kB``."""
    return f"{len(data) / 1000:.3g} kB" if len(data) < 1e6 else f"{len(data) / 1e6:.2f} MB"

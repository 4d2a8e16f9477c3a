"""The controls of a figure as HTML; ``static/player.js`` finds each by its ``data-part``."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

SPEEDS = ("0.1", "0.25", "0.5", "1", "2", "4")
ZOOMS = ("1", "2", "3", "4")


def controls(*, heat: bool, hot: bool, several: bool) -> str:
    """Return the row of controls under the players of a figure.

    Parameters
    ----------
    heat : bool
        Whether there are heat maps to switch on.
    hot : bool
        Whether they are on.
    several : bool
        Whether there are clips to compare.
    """
    speeds = _options([(speed, f"{speed}×") for speed in SPEEDS], "1")
    zooms = _options([("0", "fit"), *((zoom, f"{zoom}×") for zoom in ZOOMS)], "0")
    return (
        '<div class="controls">'
        '<button data-part="play" aria-label="Play" aria-pressed="false"></button>'
        '<button data-part="back" aria-label="One frame back">‹</button>'
        '<button data-part="forward" aria-label="One frame forward">›</button>'
        '<input type="range" data-part="scrubber" min="0" max="0" value="0" aria-label="Frame">'
        '<output data-part="clock"></output>'
        f'<label>speed <select data-part="speed">{speeds}</select></label>'
        f'<label>zoom <select data-part="zoom">{zooms}</select></label>'
        + (
            f'<button data-part="heat" aria-pressed="{str(hot).lower()}">what flickers</button>'
            if heat
            else ""
        )
        + ('<button data-part="compare" aria-pressed="false">A | B</button>' if several else "")
        + '<span class="legend">change of still pixels: none <i></i> clear</span>'
        "</div>\n"
    )


def slider(titles: Sequence[str], aspect: float) -> str:
    """Return the slider between any two clips of a figure, hidden until it is asked for.

    Parameters
    ----------
    titles : sequence of str
        Of the clips, in order; the first and the last are chosen.
    aspect : float
        Their width over their height.
    """
    clips = [(str(n), escape(title)) for n, title in enumerate(titles)]

    def choose(part: str, chosen: int) -> str:
        return (
            f'<label>{part.upper()} <select data-part="{part}" aria-label="clip {part.upper()}">'
            f"{_options(clips, str(chosen))}</select></label>"
        )

    return (
        f'<div class="pair" data-part="pair" hidden style="--aspect:{aspect:.3f}">'
        f'<div class="choose">{choose("a", 0)}{choose("b", len(titles) - 1)}</div>'
        '<div class="stack"><canvas data-part="canvas-a"></canvas><canvas data-part="canvas-b"></canvas>'
        '<input type="range" data-part="wipe" min="0" max="100" step="0.5" value="50" aria-label="A to B">'
        '<div class="edge"></div></div></div>\n'
    )


def _options(values: Sequence[tuple[str, str]], chosen: str) -> str:
    return "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{text}</option>'
        for value, text in values
    )

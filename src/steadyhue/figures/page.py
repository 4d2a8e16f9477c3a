"""One self-contained HTML page: players in step, a scrubber, a slider, heat maps.

The GIFs are in the page as they are, in base64, and a small decoder of our own
paints them on canvases: the page needs no network, works from ``file://``, and
weighs about 1.35 times its GIFs.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One clip in a figure.

    Attributes
    ----------
    title : str
        A few words over the clip.
    gif : bytes
        The clip.
    width, height : int
        Its size in pixels.
    facts : sequence of (str, str)
        What was measured, as label and value, shown under the clip.
    ribbon, heat : bytes or None
        PNG files: the palette over time, and the flicker heat map laid over the clip.
    """

    title: str
    gif: bytes
    width: int
    height: int
    facts: Sequence[tuple[str, str]] = ()
    ribbon: bytes | None = None
    heat: bytes | None = None


@dataclass(frozen=True, slots=True)
class Plate:
    """A still picture in a figure: a caption and the bytes of a PNG."""

    title: str
    png: bytes


@dataclass(frozen=True, slots=True)
class Figure:
    """Clips that play in step, with one sentence on what to look for.

    All exhibits have the same number of frames; a figure may also be plates only.
    A `hot` one shows its heat maps from the start.
    """

    title: str
    note: str
    exhibits: Sequence[Exhibit] = ()
    plates: Sequence[Plate] = ()
    hot: bool = False


def page(title: str, lead: str, figures: Sequence[Figure]) -> str:
    """Return the HTML of a page of figures.

    Parameters
    ----------
    title, lead : str
        Heading of the page and the sentence under it.
    figures : sequence of Figure
        Shown in order; identical GIFs are embedded once.

    Raises
    ------
    ValueError
        If there are no figures.
    """
    if not figures:
        raise ValueError("a page needs at least one figure")
    store: dict[bytes, str] = {}
    sections = [_section(n, figure, store) for n, figure in enumerate(figures, 1)]
    gifs = "\n".join(
        f'<script type="text/plain" id="{key}">{b64encode(gif).decode()}</script>'
        for gif, key in store.items()
    )
    static = files("steadyhue.figures") / "static"
    script = "\n".join((static / name).read_text("utf-8") for name in ("gif.js", "player.js"))
    return _PAGE.format(
        title=escape(title),
        lead=escape(lead),
        style=(static / "page.css").read_text("utf-8"),
        nav=_contents(figures) if len(figures) > 1 else "",
        sections="\n".join(sections),
        gifs=gifs,
        script=script,
    )


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
<header>
<h1>{title}</h1>
<p>{lead}</p>
{nav}</header>
{sections}
<p class="help"><b>Error</b> is the squared error per pixel in sRGB levels, mean over frames;
<b>over best</b>, the same over that of the best of 20 k-means runs on each frame. <b>Flicker</b> is how
many still pixels change from frame to frame, and <b>change</b> by how much on average (100 × OKLab;
about 2 is just visible). <b>Inverted</b> is the share of lightness edges that a transfer of colors
turns around. Under a clip is its palette over time: one band a slot, as high as its
share of the picture.</p>
<p class="help">Keys: <kbd>space</kbd> plays and pauses, <kbd>←</kbd> <kbd>→</kbd> step a frame,
<kbd>home</kbd> <kbd>end</kbd> jump, <kbd>[</kbd> <kbd>]</kbd> change the speed,
<kbd>+</kbd> <kbd>−</kbd> zoom, <kbd>h</kbd> shows what flickers, <kbd>c</kbd> compares two.
They speak to the figure under the pointer.</p>
</main>
{gifs}
<script type="module">
{script}</script>
</body>
</html>
"""


def _contents(figures: Sequence[Figure]) -> str:
    links = (
        f'<a href="#figure-{n}"><b>{n}</b> {escape(figure.title)}</a>'
        for n, figure in enumerate(figures, 1)
    )
    return f'<nav aria-label="Figures">{"".join(links)}</nav>\n'


def _section(number: int, figure: Figure, store: dict[bytes, str]) -> str:
    panels = "".join(_panel(exhibit, store) for exhibit in figure.exhibits)
    plates = "".join(_plate(plate) for plate in figure.plates)
    least = min((exhibit.width for exhibit in figure.exhibits), default=320)
    return (
        f'<section class="figure{" hot" if figure.hot else ""}" id="figure-{number}" style="--least:{min(max(least, 200), 480)}px">\n'
        f"<h2>{escape(figure.title)}</h2>\n<p>{escape(figure.note)}</p>\n"
        + (f'<div class="plates">{plates}</div>\n' if plates else "")
        + (_players(figure, panels) if panels else "")
        + "</section>"
    )


def _players(figure: Figure, panels: str) -> str:
    pair = _pair(figure.exhibits) if len(figure.exhibits) > 1 else ""
    count = len(figure.exhibits)
    columns = 2 if count < 3 else 3 if count % 3 == 0 else 4
    return (
        f'<div>{pair}<div class="panels" style="--columns:{columns}">{panels}</div>\n'
        f"{_controls(figure)}</div>\n"
    )


def _panel(exhibit: Exhibit, store: dict[bytes, str]) -> str:
    key = store.setdefault(exhibit.gif, f"gif-{len(store)}")
    facts = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>"
        for label, value in exhibit.facts
    )
    title = escape(exhibit.title)
    name = "".join(c if c.isalnum() else "-" for c in exhibit.title).strip("-") or "clip"
    heat = (
        f'<img class="heat" alt="what flickers in {title}" src="{_png(exhibit.heat)}">'
        if exhibit.heat
        else ""
    )
    ribbon = (
        f'<div class="ribbon"><img alt="palette over time of {title}" src="{_png(exhibit.ribbon)}"></div>'
        if exhibit.ribbon
        else ""
    )
    return (
        f'<figure class="panel" data-gif="{key}"{" data-heat" if heat else ""}>'
        f"<figcaption><h3>{title}</h3>"
        f'<button class="save" data-save="{key}" data-name="{escape(name)}.gif">save</button></figcaption>'
        f'<div class="screen"><div class="stack">'
        f'<canvas width="{exhibit.width}" height="{exhibit.height}" role="img" aria-label="{title}"></canvas>'
        f"{heat}</div></div>{ribbon}" + (f"<dl>{facts}</dl>" if facts else "") + "</figure>\n"
    )


def _plate(plate: Plate) -> str:
    title = escape(plate.title)
    return f'<figure class="plate"><figcaption>{title}</figcaption><img alt="{title}" src="{_png(plate.png)}"></figure>'


def _pair(exhibits: Sequence[Exhibit]) -> str:
    def choose(part: str, chosen: int) -> str:
        options = "".join(
            f'<option value="{n}"{" selected" if n == chosen else ""}>{escape(exhibit.title)}</option>'
            for n, exhibit in enumerate(exhibits)
        )
        return f'<label>{part.upper()} <select data-part="{part}" aria-label="clip {part.upper()}">{options}</select></label>'

    return (
        '<div class="pair" data-part="pair" hidden '
        f'style="--aspect:{exhibits[0].width / exhibits[0].height:.3f}">'
        f'<div class="choose">{choose("a", 0)}{choose("b", len(exhibits) - 1)}</div>'
        '<div class="stack"><canvas data-part="canvas-a"></canvas><canvas data-part="canvas-b"></canvas>'
        '<input type="range" data-part="wipe" min="0" max="100" step="0.5" value="50" aria-label="A to B">'
        '<div class="edge"></div></div></div>\n'
    )


def _controls(figure: Figure) -> str:
    def options(values: Sequence[tuple[str, str]], chosen: str) -> str:
        return "".join(
            f'<option value="{value}"{" selected" if value == chosen else ""}>{text}</option>'
            for value, text in values
        )

    speeds = options([(s, f"{s}×") for s in ("0.1", "0.25", "0.5", "1", "2", "4")], "1")
    zooms = options([("0", "fit"), *((z, f"{z}×") for z in "1234")], "0")
    heat = any(exhibit.heat for exhibit in figure.exhibits)
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
            f'<button data-part="heat" aria-pressed="{str(figure.hot).lower()}">what flickers</button>'
            if heat
            else ""
        )
        + (
            '<button data-part="compare" aria-pressed="false">A | B</button>'
            if len(figure.exhibits) > 1
            else ""
        )
        + '<span class="legend">change of still pixels: none <i></i> clear</span>'
        "</div>\n"
    )


def _png(data: bytes) -> str:
    return f"data:image/png;base64,{b64encode(data).decode()}"

"""One self-contained HTML page: players in step, a scrubber, a slider, heat maps.

The GIFs are in the page as they are, in base64, and a small decoder of our own
paints them on canvases: the page needs no network, works from ``file://``, and
weighs about 1.35 times its GIFs.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from steadyhue.figures.controls import controls, slider
from steadyhue.figures.policy import policy


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
    body = "\n".join(sections)
    style = "\n" + _static("page.css")
    script = "\n" + joined([_static(name) for name in ("gif.js", "player.js", "figure.js")])
    return _static("page.html").format(
        policy=policy(style, script, body),
        title=escape(title),
        lead=escape(lead),
        style=style,
        nav=_contents(figures) if len(figures) > 1 else "",
        sections=body,
        gifs=gifs,
        script=script,
    )


def joined(modules: Sequence[str]) -> str:
    """Return modules as one script: what they import from each other is in it.

    Only imports and exports that begin a line are known, as our modules have them; their names
    must not clash.
    """
    plain = [re.sub(r"^import [^;]*;\n", "", text, flags=re.MULTILINE) for text in modules]
    return "\n".join(re.sub(r"^export ", "", text, flags=re.MULTILINE) for text in plain)


def _static(name: str) -> str:
    return (files("steadyhue.figures") / "static" / name).read_text("utf-8")


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
    first, count = figure.exhibits[0], len(figure.exhibits)
    titles = [exhibit.title for exhibit in figure.exhibits]
    pair = slider(titles, first.width / first.height) if count > 1 else ""
    heat = any(exhibit.heat for exhibit in figure.exhibits)
    columns = 2 if count < 3 else 3 if count % 3 == 0 else 4
    return (
        f'<div>{pair}<div class="panels" style="--columns:{columns}">{panels}</div>\n'
        f"{controls(heat=heat, hot=figure.hot, several=count > 1)}</div>\n"
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


def _png(data: bytes) -> str:
    return f"data:image/png;base64,{b64encode(data).decode()}"

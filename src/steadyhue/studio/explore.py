"""Explore a result in a notebook: the saved page of the studio in a cell, without a server."""

from __future__ import annotations

from html import escape
from pathlib import Path

from steadyhue.api import quantize
from steadyhue.formats import Openable, Raster, open_animation
from steadyhue.formats.replacing import write_whole
from steadyhue.result import Result
from steadyhue.studio import recipe
from steadyhue.studio.saved import saved_page
from steadyhue.studio.tape import Tape, side_of
from steadyhue.studio.wish import Wish

HEIGHT = 640
"""Pixels of the cell: the player, the ribbon and the palette without scrolling."""


class Explorer:
    """A page to play, compare and recolor a result; a notebook shows it in a cell.

    Attributes
    ----------
    html : str
        The page, which loads nothing.
    """

    def __init__(self, html: str) -> None:
        self.html = html

    def __repr__(self) -> str:
        return f"<Explorer: a page of {len(self.html):,} bytes; save it to open it in a browser>"

    def _repr_html_(self) -> str:
        page = escape(self.html)  # cut off from the notebook: scripts, and nothing else
        return (
            f'<iframe srcdoc="{page}" sandbox="allow-scripts" title="steadyhue" '
            f'style="width:100%;height:{HEIGHT}px;border:0"></iframe>'
        )

    def save(self, path: str | Path, *, force: bool = False) -> None:
        """Write the page.

        Parameters
        ----------
        path : path
            Where it goes: ``clip.html``.
        force : bool
            Replace a file that is there.

        Raises
        ------
        OutputError
            If it exists and `force` is not given, or cannot be written.
        """
        write_whole(Path(path), self.html.encode(), force=force)


def explore(source: Result | Openable) -> Explorer:
    """Show a result beside its source, to play, compare and recolor it in a notebook.

    Parameters
    ----------
    source : Result, or anything that `open` takes
        What `quantize` or `transfer` returned; a clip is quantized as `quantize` does it.

    Returns
    -------
    Explorer
        The last thing of a cell shows itself. It has the first 300 frames, of at most 480
        pixels a side (320 of a video), and needs no network, server or widget.

    Raises
    ------
    OptionError, FormatError
        As for `open`.

    Examples
    --------
    >>> import numpy as np, steadyhue as sh
    >>> noise = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3), np.uint8)
    >>> "<canvas" in sh.explore(sh.quantize(noise, colors=4)).html
    True
    """
    result = source if isinstance(source, Result) else quantize(source)
    side = side_of(result.source)
    tape = Tape(open_animation(result.source, raster=Raster(side, side)))
    return Explorer(saved_page(tape, result, _made_by(result)))


def _made_by(result: Result) -> str:
    """Return the command line of a result, or what it is where there is no such line."""
    if result.recoloring is not None or not Path(result.name).is_file():
        return repr(result)
    wish = Wish(result.settings, edits=result.edits)
    return recipe.line(recipe.command(wish, result.name, recipe.TARGET))

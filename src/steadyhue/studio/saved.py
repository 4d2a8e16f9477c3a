"""Saved pages: palettes and indices in one file, to recolor and compare without a server."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from html import escape
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steadyhue.figures.controls import controls
from steadyhue.figures.page import joined
from steadyhue.figures.policy import policy
from steadyhue.result import Result
from steadyhue.settings import MOST_COLORS, Settings
from steadyhue.studio.stream import indexed, original
from steadyhue.studio.tape import Tape

SCRIPTS = ("stream.js", "film.js", "ribbon.js", "stage.js", "palette.js", "saved.js")
"""In the order in which they need each other, after the player."""


def saved_page(
    tape: Tape,
    result: Result,
    command: str,
    *,
    on_frame: Callable[[], object] = lambda: None,
) -> str:
    """Return a page with a result and its source, as they are previewed.

    Parameters
    ----------
    tape : Tape
        The source.
    result : Result
        Of the whole clip: what is on the tape is reduced in the same way. Slots that it shows in
        other colors are so at first, and may be reset.
    command : str
        The line that makes the same file.
    on_frame : callable
        Called after each frame.

    Returns
    -------
    str
        HTML that loads nothing.
    """
    size = {"width": tape.clip.width, "height": tape.clip.height}
    colors = f"{result.settings.colors} colors, {result.settings.mode}"
    small = Result(tape.animation(), result.settings, result.recoloring)
    films = [
        {
            "title": colors,
            "records": _records(small, on_frame),
            "edits": result.edits.to_dict(),
            **size,
        },
        {"title": "original", "records": _source(tape), "edits": {}, **size},
    ]
    shared = files("steadyhue.figures") / "static"
    own = files("steadyhue.studio") / "static"
    style = (
        "\n" + (shared / "page.css").read_text("utf-8") + (own / "studio.css").read_text("utf-8")
    )
    scripts = [(shared / "player.js"), *(own / name for name in SCRIPTS)]
    script = "\n" + joined([path.read_text("utf-8") for path in scripts])
    page = (own / "saved.html").read_text("utf-8")
    parts = {
        "policy": policy(style, script, ""),
        "style": style,
        "script": script,
        "controls": controls(heat=False, hot=False, several=True),
        "title": escape(Path(tape.clip.name).stem),
        "facts": f"{size['width']} × {size['height']}, {len(tape.frames)} frames, {colors}",
        "command": escape(command),
        "films": json.dumps(films),
    }
    for name, text in parts.items():
        page = page.replace(f"{{{name}}}", text)
    return page


def _records(result: Result, on_frame: Callable[[], object]) -> str:
    """Return the records of a result, as text."""
    found: list[bytes] = []
    before: NDArray[np.uint8] | None = None
    for number, frame in enumerate(result):
        found.append(indexed(number, frame, result.report[number], before))
        before = frame.indices
        on_frame()
    return b64encode(b"".join(found)).decode()


def _source(tape: Tape) -> str:
    """Return the records of a source; in 256 colors where it has more, or the page would be huge."""
    if all(int((frame.weights > 0).sum()) < MOST_COLORS for frame in tape.frames):
        records = b"".join(original(n, frame) for n, frame in enumerate(tape.frames))
        return b64encode(records).decode()
    result = Result(tape.animation(), Settings.of(MOST_COLORS, mode="global"))
    return _records(result, lambda: None)

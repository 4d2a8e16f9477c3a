"""The parts of the page: a fixed table of files, made once, and what the page is told at first."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from steadyhue.figures.controls import controls
from steadyhue.formats.palettes import SUFFIXES as PALETTES
from steadyhue.formats.sniff import KINDS
from steadyhue.settings import (
    DEFAULT_COLORS,
    DEFAULT_THRIFTY_COLORS,
    DEFAULT_THRIFTY_STRENGTH,
    MOST_COLORS,
    THRIFTY_DITHERS,
)
from steadyhue.studio.writing import KINDS as EXPORTS
from steadyhue.words import DISTANCES, DITHERS, FITS, MATCHES, MODES, SPACES, TRANSFER_MODES

_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
_SHARED = ("player.js", "page.css")  # with the compare pages


def parts() -> dict[str, tuple[bytes, str]]:
    """Return the page and its parts by name: bytes and media type. No other file is ever sent."""
    found = list((files("steadyhue.studio") / "static").iterdir())
    found += [files("steadyhue.figures") / "static" / name for name in _SHARED]
    table = {}
    for item in found:
        suffix = Path(item.name).suffix
        if suffix in _TYPES:
            table[item.name] = item.read_bytes(), _TYPES[suffix]
    page = table["index.html"][0].decode()
    made = page.replace("{controls}", controls(heat=True, hot=False, several=True))
    table["index.html"] = made.encode(), "text/html"
    return table


def about() -> dict[str, Any]:
    """Return what the page is told before anything else."""
    from importlib.metadata import version  # slow to import

    return {
        "version": version("steadyhue"),
        "reads": KINDS,
        "video": find_spec("av") is not None,
        "samples": list(SAMPLES),
        "palettes": list(PALETTES),
        "exports": {name: kind.title for name, kind in EXPORTS.items() if kind.ending},
        "colors": [DEFAULT_COLORS, MOST_COLORS],
        "thrifty": {
            "colors": DEFAULT_THRIFTY_COLORS,
            "dither_strength": DEFAULT_THRIFTY_STRENGTH,
            "dithers": THRIFTY_DITHERS,
        },
        "words": {
            "mode": MODES,
            "transfer_mode": TRANSFER_MODES,
            "space": SPACES,
            "distance": DISTANCES,
            "dither": DITHERS,
            "match": MATCHES,
            "fit": FITS,
        },
    }


def attachment(name: str) -> str:
    """Return a Content-Disposition that suggests a name (RFC 6266): no control characters."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _draw_harbor(path: Path) -> None:
    from steadyhue.samples import harbor

    _save(harbor(), path)


def _draw_forest(path: Path) -> None:
    from steadyhue.samples import forest

    _save(forest(), path)


def _save(clip: Any, path: Path) -> None:
    """Write a sample as people have clips: a GIF of one palette."""
    from steadyhue.frame import Animation
    from steadyhue.result import Result
    from steadyhue.settings import Settings

    frames = list(clip)  # drawing takes longer than the rest
    drawn = Animation(
        lambda: iter(frames), width=clip.width, height=clip.height, n_frames=len(frames)
    )
    with path.open("xb") as file:
        Result(drawn, Settings.of(MOST_COLORS, mode="global")).save(file)


SAMPLES: dict[str, Callable[[Path], None]] = {"harbor": _draw_harbor, "forest": _draw_forest}
"""The clips that come with the package."""

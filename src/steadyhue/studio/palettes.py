"""Palette files in and out, and the palettes that a person keeps."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from steadyhue.errors import FormatError, OptionError
from steadyhue.formats.boundary import parse_json, read_small
from steadyhue.formats.palettes import SUFFIXES, decode_palette, encode_palette
from steadyhue.formats.replacing import write_whole
from steadyhue.palette import Palette
from steadyhue.settings import MOST_COLORS
from steadyhue.studio.clips import shown_name

MOST_OWN = 100
"""Palettes that are kept; a list of more would not be looked at."""

OWN_BYTES = 1 << 20


def read(data: bytes, name: str) -> dict[str, Any]:
    """Return the colors of a palette file, by the suffix of its name.

    Raises
    ------
    FormatError
        If it is none, or has more colors than a frame can show.
    """
    name = shown_name(name)
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise FormatError(f"{name}: a palette file ends in {', '.join(SUFFIXES)}")
    palette = decode_palette(data, suffix, name=name)
    if len(palette) > MOST_COLORS:
        raise FormatError(f"{name}: {len(palette)} colors are over the {MOST_COLORS} of a frame")
    return {"name": Path(name).stem, "colors": palette.hex}


def write(colors: object, suffix: str) -> bytes:
    """Return colors as a palette file.

    Raises
    ------
    OptionError
        If they are no list of colors.
    OutputError
        If there is no such format.
    """
    return encode_palette(_palette(colors), suffix)


def _palette(colors: object) -> Palette:
    if not isinstance(colors, list) or not all(isinstance(color, str) for color in colors):
        raise OptionError("colors must be a list of colors")
    if len(colors) > MOST_COLORS:
        raise OptionError(f"{len(colors)} colors are over the {MOST_COLORS} of a frame")
    try:
        return Palette.from_hex(colors)
    except ValueError as error:
        raise OptionError(f"colors: {error}") from None


class Own:
    """The palettes that a person keeps, in one file of theirs.

    A browser keeps things by address, and the studio's changes with every start.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[dict[str, Any]]:
        """Return them; none if the file is missing.

        Raises
        ------
        FormatError
            If the file is no such list.
        """
        if not self._path.exists():
            return []
        try:
            return _checked(parse_json(read_small(self._path, OWN_BYTES)))
        except ValueError as error:
            raise FormatError(f"{self._path}: {error}") from None

    def write(self, plain: object) -> None:
        """Keep palettes in the place of those that were.

        Raises
        ------
        OptionError
            If they are no such list.
        OutputError
            If they cannot be stored.
        """
        kept = _checked(plain)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, json.dumps(kept, indent=1).encode(), force=True)


def own_path() -> Path:
    """Return where a person's palettes are: as the XDG Base Directory Specification says."""
    if os.name == "nt":
        base = os.environ.get("APPDATA", "")
    else:
        base = os.environ.get("XDG_CONFIG_HOME", "")
    folder = Path(base) if base and Path(base).is_absolute() else Path.home() / ".config"
    return folder / "steadyhue" / "palettes.json"


def _checked(plain: object) -> list[dict[str, Any]]:
    if not isinstance(plain, list) or len(plain) > MOST_OWN:
        raise OptionError(f"palettes must be a list of at most {MOST_OWN}")
    kept = []
    for entry in plain:
        if not isinstance(entry, dict) or set(entry) != {"name", "colors"}:
            raise OptionError("a palette has a name and colors")
        kept.append(
            {"name": shown_name(str(entry["name"])), "colors": _palette(entry["colors"]).hex}
        )
    return kept

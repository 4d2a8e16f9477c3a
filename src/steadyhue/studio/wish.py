"""A wish: what the page asks to be done with a clip, read strictly from plain JSON.

The same wish is a preview, an export, a command line and a call in Python, so that none can
differ from the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from steadyhue.edits import Edits
from steadyhue.errors import OptionError
from steadyhue.formats import Raster, Timing
from steadyhue.palette import Palette
from steadyhue.ranges import whole
from steadyhue.recolor import transfer_settings
from steadyhue.settings import MOST_COLORS, Matching, Settings

VERSION = 1
"""Of the plain form; it rises when an old address would mean something else."""

_TIMING = ("start", "duration", "fps")
_RASTER = ("width", "height", "fit")
_PARTS = ("version", *_TIMING, *_RASTER, "settings", "transfer", "recolor")
_LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class Transfer:
    """Where the colors of a clip are to come from.

    Attributes
    ----------
    reference : str or Palette
        The id of a clip in the store, or colors.
    matching : Matching
    """

    reference: str | Palette
    matching: Matching


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done with a clip.

    Attributes
    ----------
    settings : Settings
    timing : Timing
    raster : Raster
    transfer : Transfer or None
    edits : Edits
        Slots in other colors; the page shows them by itself, files have them.
    """

    settings: Settings
    timing: Timing = field(default_factory=Timing)
    raster: Raster = field(default_factory=Raster)
    transfer: Transfer | None = None
    edits: Edits = field(default_factory=Edits)

    @classmethod
    def parse(cls, plain: object) -> Wish:
        """Read a wish.

        Raises
        ------
        OptionError
            If anything in it is unknown, of another type, out of range or without effect.
        """
        given = _object(plain, "a wish")
        version = given.get("version")
        if version != VERSION or isinstance(version, bool):
            raise OptionError(f"wishes of version {version!r} are not known; this is {VERSION}")
        _refuse_unknown(given, _PARTS)
        transfer = _transfer(given.get("transfer"))
        options = dict(_object(given.get("settings", {}), "settings"))
        if transfer is None:
            _refuse_unknown(options, _SETTINGS)
            settings = Settings.of(**options)
        else:
            _refuse_unknown(options, _TRANSFER_SETTINGS)
            settings = transfer_settings(transfer.matching, **options)
        smooth = transfer is not None and transfer.matching.smooth
        edits = _edits(given.get("recolor", {}))
        edits.check(MOST_COLORS if smooth else settings.colors)
        timing = {name: given[name] for name in _TIMING if given.get(name) is not None}
        raster = {name: given[name] for name in _RASTER if given.get(name) is not None}
        for name in ("width", "height"):
            if name in raster:
                whole(raster[name], name, 1, _WIDEST)
        return cls(settings, Timing(**timing), Raster(**raster), transfer, edits)

    def to_dict(self) -> dict[str, Any]:
        """Return the wish as plain JSON values, what is as usual left out."""
        plain: dict[str, Any] = {"version": VERSION}
        for part, names in ((self.timing, _TIMING), (self.raster, _RASTER)):
            usual = type(part)()
            for name in names:
                if getattr(part, name) != getattr(usual, name):
                    plain[name] = getattr(part, name)
        settings = self.settings.to_dict()
        del settings["version"]
        if self.transfer is not None:
            settings.pop("steadiness", None)  # transfers have no such option
            matching = self.transfer.matching.to_dict()
            del matching["version"]
            reference = self.transfer.reference
            named = reference if isinstance(reference, str) else reference.hex
            plain["transfer"] = {"reference": named, **matching}
        plain["settings"] = settings
        if self.edits.slots:
            plain["recolor"] = self.edits.to_dict()
        return plain


_TRANSFER_SETTINGS = ("colors", "mode", "space", "distance", "dither", "dither_strength", "seed")
_SETTINGS = (*_TRANSFER_SETTINGS, "steadiness", "palette", "keep", "quality")
_WIDEST = 65_535  # as GIF and WebP; no panel is wider


def _transfer(plain: object) -> Transfer | None:
    if plain is None:
        return None
    given = dict(_object(plain, "transfer"))
    reference = given.pop("reference", None)
    matching = Matching.from_dict({"version": 1, **given})
    if isinstance(reference, str) and re.fullmatch(r"[\w-]+", reference, re.ASCII):
        if len(reference) > _LONGEST_ID:
            raise OptionError("reference is no id of a clip")
        return Transfer(reference, matching)
    if isinstance(reference, list) and all(isinstance(color, str) for color in reference):
        try:
            return Transfer(Palette.from_hex(reference), matching)
        except ValueError as error:
            raise OptionError(f"reference: {error}") from None
    raise OptionError("reference must be the id of a clip or a list of colors")


def _edits(plain: object) -> Edits:
    slots = {}
    for slot, shown in _object(plain, "recolor").items():
        if not re.fullmatch(r"\d{1,3}", slot, re.ASCII):
            raise OptionError(f"recolor: {slot!r} is no slot")
        if isinstance(shown, bool) or not isinstance(shown, (str, int)):
            raise OptionError(f"recolor: slot {slot} needs a color or a slot, not {shown!r}")
        slots[int(slot)] = shown
    return Edits.of(slots)


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise OptionError(f"{name} must be an object, not {type(value).__name__}")
    return value


def _refuse_unknown(given: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise OptionError(f"there is no option {unknown[0]!r}")

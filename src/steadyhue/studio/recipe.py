"""A recipe: a wish as the command line and the Python that do the same."""

from __future__ import annotations

import shlex
from typing import Any

from steadyhue.formats import Raster, Timing
from steadyhue.palette import Palette
from steadyhue.settings import DEFAULT_MODE, Matching, Settings
from steadyhue.studio.wish import Wish

TARGET = "out.gif"
"""What the file is called."""

_FLAGS = {
    "colors": "-k",
    "fps": "-r",
    "width": "-W",
    "height": "-H",
    "reference": "--from",
}


def command(wish: Wish, source: str, target: str, reference: str | None = None) -> list[str]:
    """Return the arguments that do what is wished, the program's name first.

    Parameters
    ----------
    wish : Wish
    source, target : str
        Names of the files.
    reference : str, optional
        Name of the file whose colors are taken, where the wish names a clip.
    """
    head, tail = command_parts(wish, source, target, reference)
    edits = [text for edit in wish.edits.texts() for text in ("--recolor", edit)]
    return [*head, *edits, *tail]


def command_parts(
    wish: Wish, source: str, target: str, reference: str | None = None
) -> tuple[list[str], list[str]]:
    """Return what comes before the slots in other colors, and what after."""
    verb = "quantize" if wish.transfer is None else "transfer"
    head = ["steadyhue", verb, _safe(source)]
    for name, value in _options(wish, reference).items():
        flag = _FLAGS.get(name, f"--{name.replace('_', '-')}")
        if name == "keep":
            head += [text for color in value for text in ("--keep-color", color)]
        elif value is True:
            head.append(flag)
        else:
            head += [flag, _text(name, value)]
    return head, ["-o", target]


def python_parts(
    wish: Wish, source: str, target: str, reference: str | None = None
) -> tuple[str, str]:
    """Return the Python before the slots in other colors, and what comes after."""
    options = _options(wish, reference)
    reading = {name: options.pop(name) for name in _READING if name in options}
    clip = ", ".join([repr(source), *(f"{name}={value!r}" for name, value in reading.items())])
    calls = ["clip"]
    if wish.transfer is not None:
        calls.append(repr(options.pop("reference")))
    calls += [f"{name}={value!r}" for name, value in options.items()]
    verb = "quantize" if wish.transfer is None else "transfer"
    lines = [
        "import steadyhue as sh",
        "",
        f"clip = sh.open({clip})",
        f"result = sh.{verb}({', '.join(calls)})",
    ]
    return "\n".join(lines), f"result.save({target!r})"


def python(wish: Wish, source: str, target: str, reference: str | None = None) -> str:
    """Return the Python that does what is wished."""
    before, after = python_parts(wish, source, target, reference)
    slots = {int(slot): shown for slot, shown in wish.edits.to_dict().items()}
    edits = [f"result = result.recolored({slots!r})"] if slots else []
    return "\n".join([before, *edits, after])


def line(arguments: list[str]) -> str:
    """Return arguments as a line for a shell."""
    return shlex.join(arguments)


_READING = ("start", "duration", "fps", "width", "height", "fit")


def _options(wish: Wish, reference: str | None) -> dict[str, Any]:
    """Return what is not as usual, by the names of Python."""
    options: dict[str, Any] = {}
    if wish.transfer is not None:
        given = wish.transfer.reference
        options["reference"] = ",".join(given.hex) if isinstance(given, Palette) else reference
    plain = wish.settings.to_dict()
    # A palette says how many colors there are, and the mode.
    colors = {} if "palette" in plain else {"colors": plain["colors"]}
    quality = plain.get("quality")
    usual_mode = DEFAULT_MODE if wish.transfer is None else "global"
    usual = Settings.of(mode=usual_mode, quality=quality).to_dict()
    dithered = Settings.of(dither=plain["dither"], quality=quality)
    usual |= {"dither_strength": dithered.dither_strength, "quality": None}
    if quality is not None and plain["colors"] == usual["colors"]:
        colors = {}
    if "palette" in plain:
        usual["mode"] = "fixed"
        plain.pop("colors")
    if wish.transfer is not None:
        plain.pop("steadiness", None)
    options |= colors
    options |= {n: v for n, v in plain.items() if n != "colors" and v != usual.get(n)}
    if wish.transfer is not None:
        matching = wish.transfer.matching.to_dict()
        usual = Matching(match=matching["match"]).to_dict() | {"match": Matching().match}
        options |= {n: v for n, v in matching.items() if v != usual[n]}
    for part, kind in ((wish.timing, Timing), (wish.raster, Raster)):
        for name in _READING:
            value = getattr(part, name, None)
            if value is not None and value != getattr(kind(), name, None):
                options[name] = value
    return options


def _text(name: str, value: Any) -> str:
    if name in ("start", "duration"):  # seconds on the command line
        return f"{value / 1000:.6f}".rstrip("0").rstrip(".")
    if isinstance(value, list):
        return ",".join(value)
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _safe(source: str) -> str:
    """Keep a name from being taken for an option."""
    return f"./{source}" if source.startswith("-") else source

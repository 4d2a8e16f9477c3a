"""What ``steadyhue quantize`` is given: which inputs there are, and how their outputs are called."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from pathlib import Path

import click

CLIPS = (
    *(".gif", ".apng", ".npy", ".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi"),
    *(".ts", ".mpg", ".mpeg", ".ogv", ".flv", ".wmv", ".y4m"),
)
"""Suffixes of files that are an animation each; of a folder nothing else is known beforehand."""

FORMATS = ("gif", "png", "apng", "webp", "npy", "mp4", "mov", "webm", "mkv")
"""What outputs in a folder may be, as in `formats.writing`, which is not imported for this."""

Pair = tuple[str, str]
"""An input and its output."""


def expanded(inputs: Sequence[str]) -> list[str]:
    """Put the clips of a folder, or of a quoted pattern, in its place.

    A folder of pictures stays one animation.

    Raises
    ------
    UsageError
        If a folder has both.
    """
    found: list[str] = []
    for source in inputs:
        clips = _clips(source)
        found += clips or [source]
    return found


def _clips(source: str) -> list[str]:
    if os.path.isdir(source):
        names = [
            os.path.join(source, name)
            for name in sorted(os.listdir(source))
            if not name.startswith(".")
        ]
    elif glob.has_magic(source) and not os.path.exists(source):
        names = sorted(glob.glob(source, recursive=True))
    else:
        return []
    from steadyhue.formats.listing import SUFFIXES

    clips = [name for name in names if _is(name, CLIPS)]
    pictures = [name for name in names if _is(name, SUFFIXES)]
    if clips and pictures:
        folder = source if os.path.isdir(source) else os.path.dirname(source)
        raise click.UsageError(
            f"{source} has clips ({Path(clips[0]).name}) and pictures ({Path(pictures[0]).name}); "
            f"say which with a pattern such as '{os.path.join(folder, '*' + Path(clips[0]).suffix)}'"
        )
    return clips


def _is(name: str, suffixes: tuple[str, ...]) -> bool:
    return name.lower().endswith(suffixes) and os.path.isfile(name)


def into_folder(inputs: Sequence[str], given: Sequence[str], output: str) -> bool:
    """Whether the output is a folder for any number of inputs.

    Raises
    ------
    UsageError
        If it cannot be one, and has to.
    """
    several = len(inputs) > 1
    if not several and not (os.path.isdir(output) or output.endswith("/")):
        return False
    if output == "-":
        raise click.UsageError("several inputs need a folder as output")
    named_file = Path(output).suffix[1:].lower() in FORMATS and not output.endswith("/")
    if not os.path.isdir(output) and (os.path.exists(output) or named_file):
        raise click.UsageError(f"several inputs need a folder as output, and {output} is a file")
    for source in given:
        if source not in inputs and os.path.isdir(source) and _same(source, output):
            raise click.UsageError(
                f"{output} is the folder of the inputs, and outputs would be inputs the next "
                "time; choose another"
            )
    return True


def _same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def pairs(inputs: Sequence[str], output: str, suffix: str) -> list[Pair]:
    """Pair each input with its output in a folder, which is made if it is missing.

    Raises
    ------
    UsageError
        If two would have the same output.
    """
    names = ["stdin" if source == "-" else _name(source) for source in inputs]
    stems = [Path(name).stem for name in names]
    # clip.mp4 beside clip.gif becomes clip.mp4.gif.
    outputs = [
        f"{name if stems.count(stem) > 1 else stem}{suffix}"
        for name, stem in zip(names, stems, strict=True)
    ]
    if len(set(outputs)) < len(outputs):
        raise click.UsageError("two inputs have the same name and would have the same output")
    os.makedirs(output, exist_ok=True)
    folder = Path(output)
    return [(source, str(folder / name)) for source, name in zip(inputs, outputs, strict=True)]


def _name(source: str) -> str:
    """Return the name of a file, or of the folder of pictures that a pattern is for."""
    path = Path(source)
    if not path.exists() and (glob.has_magic(path.name) or "%" in path.name):
        path = path.parent
    return path.name or Path(os.path.realpath(path)).name

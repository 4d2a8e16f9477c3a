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


def expanded(inputs: Sequence[str], *, deep: bool = False) -> list[str]:
    """Put the clips of a folder, or of a quoted pattern, in its place.

    A folder of pictures stays one animation.

    Parameters
    ----------
    inputs : sequence of str
    deep : bool
        Whether clips in folders within a folder count, too, and ``@list.txt`` stands for the
        lines of a file.

    Raises
    ------
    UsageError
        If a folder has both.
    """
    found: list[str] = []
    for source in inputs:
        if deep and source.startswith("@"):
            found += _listed(source[1:])
        elif deep and "://" in source:
            from steadyhue.batches.places import found_at

            found += found_at(source, CLIPS)
        else:
            found += _clips(source, deep=deep) or [source]
    return found


def _listed(path: str) -> list[str]:
    with click.open_file(path, encoding="utf-8", errors="surrogateescape") as file:
        return [line for line in file.read().splitlines() if line]


def _clips(source: str, *, deep: bool) -> list[str]:
    if os.path.isdir(source):
        names = _within(source, deep=deep)
    elif glob.has_magic(source) and not os.path.exists(source):
        names = sorted(glob.glob(source, recursive=True))
    else:
        return []
    from steadyhue.formats.listing import SUFFIXES

    clips = [name for name in names if _is(name, CLIPS)]
    pictures = [name for name in names if _is(name, SUFFIXES)]
    if clips and pictures and not deep:
        folder = source if os.path.isdir(source) else os.path.dirname(source)
        raise click.UsageError(
            f"{source} has clips ({Path(clips[0]).name}) and pictures ({Path(pictures[0]).name}); "
            f"say which with a pattern such as '{os.path.join(folder, '*' + Path(clips[0]).suffix)}'"
        )
    return clips


def _within(folder: str, *, deep: bool) -> list[str]:
    """Return the files in a folder, and in those within it, but what is hidden."""
    if not deep:
        names = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
        return [name for name in names if not os.path.basename(name).startswith(".")]
    found = []
    for inside, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [os.path.join(inside, name) for name in sorted(files) if not name.startswith(".")]
    return found


def _is(name: str, suffixes: tuple[str, ...]) -> bool:
    return name.lower().endswith(suffixes) and os.path.isfile(name)


def into_folder(inputs: Sequence[str], given: Sequence[str], output: str) -> bool:
    """Whether the output is a folder for any number of inputs.

    Raises
    ------
    UsageError
        If it cannot be one, and has to.
    """
    if not output:
        raise click.UsageError("an empty text names no file")
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


def refuse_inside(inputs: Sequence[str], output: str) -> None:
    """Raise `UsageError` if outputs would be inputs the next time: OUT is in a folder IN."""
    if "://" in output:
        return
    made = os.path.realpath(output)
    for source in inputs:
        folder = os.path.realpath(source)
        if os.path.isdir(source) and os.path.commonpath([folder, made]) == folder:
            raise click.UsageError(
                f"{output} is in {source}, and outputs would be inputs the next time; "
                "choose another"
            )


def _same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)

"""Which outputs a batch has: below the common folder of its inputs, and in which slice."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

from steadyhue.batches.addresses import bare, is_address
from steadyhue.errors import OptionError

Pair = tuple[str, str]
"""An input and its output."""


def pairs(inputs: Sequence[str], output: str, suffix: str) -> list[Pair]:
    """Pair each input with its output in a folder.

    Outputs keep the tree below the folder that all inputs have in common.

    Raises
    ------
    OptionError
        If two would have the same output.
    """
    names = _below(["stdin" if source == "-" else _named(source) for source in inputs])
    stems = Counter(os.path.splitext(name)[0] for name in names)
    # clip.mp4 beside clip.gif becomes clip.mp4.gif.
    outputs = [
        name if stems[os.path.splitext(name)[0]] > 1 else os.path.splitext(name)[0]
        for name in names
    ]
    if len(set(outputs)) < len(outputs):
        raise OptionError("two inputs have the same name and would have the same output")
    return [
        (source, os.path.join(output, name + suffix))
        for source, name in zip(inputs, outputs, strict=True)
    ]


def _below(paths: list[str]) -> list[str]:
    """Return paths as they are from the folder that all have in common."""
    whole = [_absolute(path) for path in paths]
    root = os.path.commonpath([os.path.dirname(path) for path in whole]) if whole else ""
    return [os.path.relpath(path, root) for path in whole]


def _absolute(path: str) -> str:
    return "/" + path.partition("://")[2] if is_address(path) else os.path.abspath(path)


def _named(source: str) -> str:
    """Return a file, or the folder of pictures that a pattern is for."""
    if is_address(source):
        return bare(source)
    path = Path(source)
    if not path.exists() and (glob.has_magic(path.name) or "%" in path.name):
        path = path.parent
    return source if path.name else os.path.realpath(path)


def parse_slice(text: str) -> tuple[int, int]:
    """Parse ``I/N``, such as ``2/3``: the second of three.

    Raises
    ------
    OptionError
        If it is none.
    """
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise OptionError(f"{text!r} is no slice; it is I/N, from 1/N to N/N")
    return int(number), int(of)


def sliced(whole: Iterable[Pair], output: str, part: tuple[int, int]) -> list[Pair]:
    """Return the pairs of one slice: by their names, so that each machine needs no other."""
    number, of = part
    return [pair for pair in whole if _hash(os.path.relpath(pair[1], output)) % of == number - 1]


def _hash(name: str) -> int:
    digest = blake2b(name.encode(errors="surrogateescape"), digest_size=8).digest()
    return int.from_bytes(digest, "big")

"""The outputs of a run, checked before work begins: nothing is lost, and nothing done in vain."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from os import PathLike
from pathlib import Path

from steadyhue.errors import OutputError
from steadyhue.formats import numbers

STANDARD_STREAM = "-"
"""The path that means standard output (or standard input)."""

Named = str | PathLike[str]

REPLACES = "--force (force=True in Python) replaces"
"""How what is there may be overwritten, for messages; the thing follows."""


def check_outputs(
    outputs: Iterable[object], inputs: Iterable[object] = (), *, force: bool = False
) -> None:
    """Raise if an output cannot be written, is an input, or is another output.

    Files are told apart by what they are, not by how they are called: links, ``..`` and hard
    links lead to the same one.

    Parameters
    ----------
    outputs : iterable
        Files and numbered patterns to be written. What is not a path (an open file, None) and
        standard output are not looked at.
    inputs : iterable
        What is read: files, folders, patterns; all else is not looked at.
    force : bool
        Whether what is there may be replaced.

    Raises
    ------
    OutputError
        If one cannot be written.
    """
    read = {key: path for path in _paths(inputs) for key in _keys_of_input(path)}
    made: dict[object, Path] = {}
    asked = list(outputs)
    if sum(isinstance(output, str) and output == STANDARD_STREAM for output in asked) > 1:
        raise OutputError("standard output is asked for twice; only one output can go there")
    for output in asked:
        if isinstance(output, (str, PathLike)):
            check_name(output)
    targets = list(_paths(asked))
    for target in targets:
        for key in _keys(target):
            if key in read:
                raise OutputError(f"{target}: is read, too; give the output another name")
            if key in made:
                raise OutputError(f"{target}: is asked for twice; give each output its own name")
        made.update(dict.fromkeys(_keys(target), target))
    for target in targets:
        if numbers.makes_pictures(target):
            _check_apart(target, [other for other in targets if other is not target])
        check_target(target, force=force)


def check_target(target: Named, *, force: bool) -> None:
    """Raise if one output cannot be written.

    Raises
    ------
    OutputError
        If it is a folder, its own folder is missing or may not be written to, or it exists
        and may not be replaced.
    """
    path = Path(target)
    check_name(target)
    if numbers.makes_pictures(path):
        _check_pattern(path, str(target), force)
        return
    if path.is_dir():
        raise OutputError(f"{target}: is a folder")
    _check_folder(Path(os.path.realpath(path)).parent, str(target))
    if path.is_file() and not force:
        raise OutputError(f"{target}: already exists; {REPLACES} it")


def check_name(target: Named) -> None:
    """Raise if no file can have this name.

    Raises
    ------
    OutputError
        If it is empty, too long, or of characters that the system cannot have in a name.
    """
    if not str(target):
        raise OutputError("an empty text names no file")
    try:
        os.lstat(target)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise OutputError(f"{target}: {error.strerror or error}") from error
    except ValueError as error:
        raise OutputError(f"{target}: no file can have this name ({error})") from error


def _check_pattern(pattern: Path, name: str, force: bool) -> None:
    complaint = numbers.complaint(pattern.name)
    if complaint:
        raise OutputError(f"{name}: {complaint}")
    missing = not os.path.lexists(pattern.parent)
    _check_folder(pattern.parent.parent if missing else pattern.parent, name)
    there = numbers.replaced(pattern)
    for path in there:
        if not (path.is_symlink() or path.is_file()):
            raise OutputError(f"{path}: is in the way, and is not a file")
    if there and not force:
        if there[0].name == numbers.TIMES:
            raise OutputError(f"{there[0]}: already exists; {REPLACES} it")
        raise OutputError(f"{name}: such pictures already exist; {REPLACES} them")


def _check_folder(folder: Path, name: str) -> None:
    if not folder.is_dir():
        raise OutputError(f"{name}: its folder does not exist")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"{name}: its folder may not be written to")


def _check_apart(target: Path, others: Sequence[Path]) -> None:
    """Refuse a file that has one of the names that a pattern will make."""
    folder = os.path.realpath(target.parent)
    for other in others:
        in_it = os.path.realpath(other.parent) == folder
        both = numbers.makes_pictures(other)  # each has its times
        if in_it and (both or other.name == numbers.TIMES or _matches(target, other)):
            raise OutputError(f"{other}: is one of the pictures of {target} or their times")


def _matches(pattern: Path, path: Path) -> bool:
    return numbers.matcher(pattern.name).fullmatch(path.name) is not None


def _paths(things: Iterable[object]) -> Iterable[Path]:
    for thing in things:
        if isinstance(thing, (str, PathLike)) and str(thing) not in ("", STANDARD_STREAM):
            yield Path(thing)


def _keys(path: Path) -> set[object]:
    """Return what a file to be written is known by: its real name, and what is there."""
    if numbers.makes_pictures(path):
        known = {(os.path.realpath(path.parent), path.name)}
        return known.union(*(_keys_of_file(old) for old in numbers.replaced(path)))
    return _keys_of_file(path)


def _keys_of_file(path: Path) -> set[object]:
    if path.exists() and not path.is_file():
        return set()  # a device or a pipe takes any number of outputs; a folder is refused later
    keys: set[object] = {os.path.realpath(path)}
    if path.exists():
        found = path.stat()
        keys.add((found.st_dev, found.st_ino))
    return keys


def _keys_of_input(path: Path) -> set[object]:
    try:
        if path.is_file():
            return _keys_of_file(path)
        from steadyhue.formats.listing import names_many, pictures

        if names_many(path):
            times = (pictures(path) or [path])[0].parent / numbers.TIMES
            return set().union(*map(_keys_of_file, [*pictures(path), times]))
    except (OSError, ValueError):  # a name that cannot be a path's: a list of colors, say
        pass
    return set()

"""The ledger of an output folder: what made each output, so that a run goes on where it was.

It is the file ``.steadyhue.json`` in the folder, and holds for every output the input (its path,
size, time and a digest), what was done to it, and what the output was when it was done. An
output is kept if all of that still holds. One that is not as it is told is someone else's.

An output is entered as pending before work on it begins, with what was there at that time, so
that after a kill its own outputs are still known.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

NAME = ".steadyhue.json"

VERSION = 1
"""Of the form; a ledger of another one is not believed."""

WHOLE = 1 << 20
"""Bytes up to which a file is digested whole; of a longer one, as many at either end."""

PATIENCE = 10.0
"""The ledger is written at most in one part of so many of the time."""

Entry = dict[str, Any]


class Ledger:
    """The ledger of one folder.

    Parameters
    ----------
    folder : path
        Where the outputs are.
    work : mapping
        What is done to the inputs, as plain JSON values.
    """

    def __init__(self, folder: Path, work: Mapping[str, Any]) -> None:
        self._path = folder / NAME
        self._work = json.loads(json.dumps(work))
        self._entries = _read(self._path)
        self._changed: dict[str, Entry | None] = {}
        self._inputs: dict[str, Entry | None] = {}
        self._next_write = 0.0

    def verdict(self, source: str, target: str, *, force: bool = False) -> str | None:
        """Return why an output may not be made; None if it may, "" if it is there already."""
        there = _output(target)
        if there is None or force:
            return None
        entry = self._entries.get(Path(target).name)
        why = _foreign(entry, there, target, source)
        if why is not None or entry is None:
            return why
        done = entry.get("output") == there and entry.get("work") == self._work
        return "" if done and _same(entry.get("input"), _input(source)) else None

    def begin(self, todo: list[tuple[str, str]]) -> None:
        """Enter outputs as pending, before work on them begins."""
        for source, target in todo:
            before, entry = _output(target), self._entries.get(Path(target).name)
            foreign = before is not None and _foreign(entry, before, target, source) is not None
            self._inputs[target] = _input(source)
            self._changed[Path(target).name] = {
                "path": os.path.realpath(source),
                "before": before,
                "foreign": foreign,
            }
        if todo:
            self.write()

    def done(self, source: str, target: str) -> None:
        """Enter an output that was made."""
        self._changed[Path(target).name] = {
            "path": os.path.realpath(source),
            "input": self._inputs.pop(target),
            "work": self._work,
            "output": _output(target),
        }
        if time.monotonic() >= self._next_write:
            self.write()

    def end(self) -> None:
        """Take back what is pending and has not come to anything, and write the rest."""
        for target in self._inputs:
            name = Path(target).name
            pending = self._changed[name]
            if pending is not None and pending["before"] == _output(target):
                self._changed[name] = self._entries.get(name)
        if self._changed:
            self.write()

    def write(self) -> None:
        """Write the ledger whole, with what other runs have entered meanwhile."""
        from steadyhue.formats.replacing import replace_with
        from steadyhue.formats.swap import locked

        begin = time.monotonic()
        with locked(self._path.parent, str(self._path)):
            merged: dict[str, Entry | None] = {**_read(self._path), **self._changed}
            outputs = {name: entry for name, entry in sorted(merged.items()) if entry is not None}
            text = json.dumps({"version": VERSION, "outputs": outputs}, indent=1)
            # A link by that name is replaced, not followed.
            replace_with(text.encode(), self._path, str(self._path))
        end = time.monotonic()
        self._next_write = end + PATIENCE * (end - begin)


def _foreign(entry: Entry | None, there: list[int], target: str, source: str) -> str | None:
    """Return why an output that is there is not this run's to replace, if so."""
    force = "--force replaces it"
    if entry is None or (entry.get("foreign") and entry.get("before") == there):
        return f"{target}: already exists, and no record tells what made it; {force}"
    if entry.get("path") != os.path.realpath(source):
        return f"{target}: was made from {entry.get('path')}; {force}"
    if "output" in entry and entry["output"] != there:
        return f"{target}: was changed since it was made; {force}"
    return None


def _input(source: str) -> Entry | None:
    from steadyhue.formats.listing import names_many, pictures

    try:
        path = Path(source)
        paths = pictures(path) if names_many(path) else [path]
        found = [_file(file) for file in paths if file.is_file()]
    except OSError:
        return None
    return None if source == "-" or not found else _together(found)


def _file(path: Path) -> Entry:
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        digest.update(file.read(WHOLE))
        if status.st_size > WHOLE:
            file.seek(max(WHOLE, status.st_size - WHOLE))
            digest.update(file.read(WHOLE))
    return {
        "size": status.st_size,
        "mtime_ns": status.st_mtime_ns,
        "digest": digest.hexdigest(),
        "whole": status.st_size <= 2 * WHOLE,
    }


def _together(files: list[Entry]) -> Entry:
    if len(files) == 1:
        return files[0]
    digest = blake2b(json.dumps([[f["size"], f["digest"]] for f in files]).encode(), digest_size=16)
    return {
        "size": sum(file["size"] for file in files),
        "mtime_ns": max(file["mtime_ns"] for file in files),
        "digest": digest.hexdigest(),
        "whole": all(file["whole"] for file in files),
    }


def _same(told: object, found: Entry | None) -> bool:
    """Whether an input is what it was; its time matters only where not all of it was read."""
    if not isinstance(told, dict) or found is None:
        return False
    same = all(told.get(key) == found[key] for key in ("size", "digest"))
    return same and (found["whole"] or told.get("mtime_ns") == found["mtime_ns"])


def _output(target: str) -> list[int] | None:
    with suppress(OSError):
        found = os.stat(target)
        return [found.st_size, found.st_mtime_ns]
    return None


def _read(path: Path) -> dict[str, Entry]:
    """Read the entries; none if there is no ledger, or it is not ours."""
    if not path.is_file():
        return {}  # a pipe, say, would be waited for
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        told = json.loads(path.read_bytes())
        if told["version"] == VERSION:
            return {
                name: entry for name, entry in told["outputs"].items() if isinstance(entry, dict)
            }
    return {}

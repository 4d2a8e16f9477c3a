"""The ledger: one small record for each output, so that a run goes on where another was.

A record is a JSON file, written whole, just before its output is put in place. It holds what
the output is made from, a key of that and of all that was done to it, what the output is, and
what of ours it replaces. So at any moment, also after a kill, an output is known to be finished, to be
one that may be made again, or to be someone else's. There is no list, no lock and no end:
runs on many machines write their records side by side.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from steadyhue.batches.addresses import bare, is_address, shown
from steadyhue.errors import OutputError
from steadyhue.formats.outputs import REPLACES
from steadyhue.formats.replacing import replace_with

NAME = ".steadyhue"
"""Of the folder beside the outputs, if no other is named."""

VERSION = 1
"""Of the form; a record of another one is not believed."""

MOST_BYTES = 1 << 16
"""Of a record that is believed; it takes about 600."""

Record = dict[str, Any]
State = list[int]
"""What an output is: its size and, on a disk, the nanoseconds of its time."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to become of an output.

    Attributes
    ----------
    done : bool
        Whether it is there already, made from the same input in the same way.
    refusal : str or None
        Why it may not be made, in one sentence.
    replaces : list or None
        What is there and ours.
    """

    done: bool = False
    refusal: str | None = None
    replaces: State | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The records of the outputs in one folder.

    Attributes
    ----------
    folder : str
        Where the records are; may be shared by several runs at once.
    root : str
        The folder of the outputs.
    """

    folder: str
    root: str

    def verdict(
        self, source: str, target: str, keys: Collection[str | None], *, force: bool = False
    ) -> Verdict:
        """Return what is to become of an output; one of any of the keys is done."""
        there = state_of(target)
        if there is None:
            return Verdict()
        record = self.record(target)
        ours = record is not None and there in (record["output"], record["replaces"])
        if force:
            return Verdict(replaces=there if ours else None)
        again, target = f"{REPLACES} it", bare(target)
        if record is None:
            return Verdict(
                refusal=f"{target}: already exists, and no record tells what made it; {again}"
            )
        if record["source"] != shown(source):
            return Verdict(refusal=f"{target}: was made from {record['source']}; {again}")
        if not ours:
            return Verdict(refusal=f"{target}: was changed since it was made; {again}")
        done = there == record["output"] and None not in keys and record["key"] in keys
        return Verdict(done, replaces=there)

    def enter(self, source: str, target: str, record: Record) -> None:
        """Write the record of an output that is about to be put in place.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        place = self._place(target)
        told = {"version": VERSION, "target": self._name(target), "source": shown(source)}
        data = json.dumps({**told, **record}).encode()
        if is_address(place):
            from steadyhue.batches.remote import write_at

            write_at(place, data)
            return
        if Path(self.folder).is_symlink():
            raise OutputError(f"{self.folder}: is a link, and a ledger follows none")
        try:
            Path(place).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{self.folder}: {error.strerror}") from error
        # The output, whose name comes next, brings this one to disk.
        replace_with(data, Path(place), place, name_to_disk=False)

    def record(self, target: str) -> Record | None:
        """Return the record of an output; None if there is none that can be believed."""
        record = _read(self._place(target))
        return record if record is not None and record["target"] == self._name(target) else None

    def records(self) -> Iterator[Record]:
        """Yield all records, in no order."""
        folder = f"{self.folder}/records"
        names: Iterable[str] = map(str, Path(folder).glob("??/*.json"))
        if is_address(folder):
            from steadyhue.batches.remote import names_at

            names = names_at(folder)
        for name in names:
            record = _read(name)
            if record is not None:
                yield record

    def _name(self, target: str) -> str:
        return os.path.relpath(target, self.root).replace(os.sep, "/")

    def _place(self, target: str) -> str:
        name = blake2b(self._name(target).encode(errors="surrogateescape"), digest_size=16)
        short = name.hexdigest()
        return f"{self.folder}/records/{short[:2]}/{short}.json"


def state_of(target: str) -> State | None:
    """Return what an output is; None if there is none."""
    if is_address(target):
        from steadyhue.batches.remote import size_at

        size = size_at(target)
        return None if size is None else [size]
    with suppress(OSError):
        return state(os.stat(target))
    return None


def state(found: os.stat_result) -> State:
    """Return what an output is."""
    return [found.st_size, found.st_mtime_ns]


def _read(place: str) -> Record | None:
    with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        data = _data(place)
        if data is None:
            return None
        record = json.loads(data)
        known = record["version"] == VERSION and {"output", "replaces", "key", "source", "target"}
        return record if known and known <= record.keys() else None
    return None


def _data(place: str) -> bytes | None:
    if is_address(place):
        from steadyhue.batches.remote import read_at

        return read_at(place, MOST_BYTES)
    if not os.path.isfile(place):
        return None  # a pipe, say, would be waited for
    with open(place, "rb") as file:
        return file.read(MOST_BYTES)

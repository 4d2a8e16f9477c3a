"""Places: where files are, on a disk or at an address, and how they come and go.

A name with ``://`` is an address: of an object store, a web server, or whatever else fsspec
knows. What is there is fetched into a cache of this machine, and what is made is written here,
and sent whole or not at all. Credentials come from the environment alone, and are in no message.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from steadyhue.batches.addresses import is_address

Enter = Callable[[os.stat_result], object]


@contextmanager
def fetched(source: str) -> Iterator[str]:
    """Give a path by which an input can be read, as often as needed.

    Raises
    ------
    FormatError
        If it cannot be fetched.
    """
    if not is_address(source):
        yield source
        return
    from steadyhue.batches.remote import cached

    yield str(cached(source))


@contextmanager
def delivered(target: str, ready: Enter, *, replaces: bool) -> Iterator[tuple[str, Enter | None]]:
    """Give a path to write an output to, and what is to be told when it is complete.

    Parameters
    ----------
    target : str
    ready : callable
        Told what the file is when it is complete, and before it is in place.
    replaces : bool
        Whether what is there may be replaced.

    Raises
    ------
    OutputError
        If it cannot be sent, or another run has sent one meanwhile.
    """
    if not is_address(target):
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        yield target, ready
        return
    from steadyhue.batches.remote import send

    with tempfile.TemporaryDirectory(prefix="steadyhue-") as folder:
        path = Path(folder, os.path.basename(urlsplit(target).path))
        yield str(path), None
        ready(path.stat())
        send(path, target, replaces=replaces)


def found_at(source: str, suffixes: tuple[str, ...]) -> list[str]:
    """Return the files that an address stands for: one, those of a pattern, or those below it.

    Raises
    ------
    FormatError
        If it cannot be looked at.
    """
    from steadyhue.batches.remote import listed

    return listed(source, suffixes)

"""What an input is: by what it holds, not by its name or its time alone."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from steadyhue.batches.addresses import is_address
from steadyhue.formats.listing import names_many, pictures

WHOLE = 1 << 20
"""Bytes up to which a file is digested whole; of a longer one, as many at either end."""

Identity = dict[str, Any]
"""Plain values; two of them that are equal are of the same bytes."""


def digest_of(told: object) -> str:
    """Return a short name for plain JSON values."""
    return blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=16).hexdigest()


def identity_of(source: str) -> Identity | None:
    """Return the identity of a file, folder or pattern; None if it cannot be looked at twice.

    Of files above 2 MiB, whose middle is not read, the time counts, too; of files at an
    address, what their store tells.
    """
    if is_address(source):
        from steadyhue.batches.remote import identity_at

        return identity_at(source)
    path = Path(source)
    try:
        paths = pictures(path) if names_many(path) else [path]
        found = [_file(file) for file in paths if file.is_file()]
    except OSError:
        return None
    if source == "-" or not found:
        return None
    return found[0] if len(found) == 1 else {"files": len(found), "digest": digest_of(found)}


def key_of(identity: Identity | None, work: Mapping[str, Any]) -> str | None:
    """Return what a finished unit is known by: its input and all that was done to it."""
    return None if identity is None else digest_of([identity, work])


def _file(path: Path) -> Identity:
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        digest.update(file.read(WHOLE))
        if status.st_size > WHOLE:
            file.seek(max(WHOLE, status.st_size - WHOLE))
            digest.update(file.read(WHOLE))
    identity: Identity = {"size": status.st_size, "digest": digest.hexdigest()}
    if status.st_size > 2 * WHOLE:
        identity["mtime_ns"] = status.st_mtime_ns
    return identity

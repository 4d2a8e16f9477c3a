"""Files at addresses: the only importer of fsspec."""

from __future__ import annotations

import glob
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from steadyhue.batches.addresses import bare
from steadyhue.errors import FormatError, MissingDependencyError, OutputError, SteadyhueError
from steadyhue.formats.replacing import unfinished_path

CACHE = "STEADYHUE_CACHE"
"""The environment variable that names the folder for what is fetched."""

MOST_BYTES = 20 << 30
"""Of the cache: what was not read for longest goes first."""

IN_USE = 3600.0
"""Seconds since a file was last opened for which it stays in any case."""

_MARKS = (
    *("ETag", "etag", "generation", "md5Hash", "Content-MD5", "Digest"),
    *("LastModified", "Last-Modified", "last_modified", "mtime", "created"),
)
"""What stores tell of a file that changes with its contents; each has some of them."""


def identity_at(source: str) -> dict[str, Any] | None:
    """Return the identity of a file by what its store tells; None if that is too little.

    Raises
    ------
    FormatError
        If it cannot be looked at.
    """
    system, path = _opened(source)
    with _reaching(source):
        info = system.info(path)
    told = {mark: str(info[mark]) for mark in _MARKS if info.get(mark)}
    return {"at": bare(source), "size": info.get("size"), **told} if told else None


def size_at(target: str) -> int | None:
    """Return the bytes of a file; None if it is not there.

    Raises
    ------
    FormatError
        If it cannot be looked at.
    """
    system, path = _opened(target)
    with _reaching(target):
        try:
            return int(system.info(path)["size"])
        except FileNotFoundError:
            return None


def read_at(address: str, most: int) -> bytes | None:
    """Return the first bytes of a file; None if it is not there."""
    system, path = _opened(address)
    with _reaching(address):
        try:
            return bytes(system.cat_file(path, start=0, end=most))
        except FileNotFoundError:
            return None


def write_at(address: str, data: bytes) -> None:
    """Write a small file, whole or not at all."""
    system, path = _opened(address)
    with _reaching(address, OutputError):
        system.pipe_file(path, data)


def names_at(folder: str) -> Iterator[str]:
    """Yield the addresses of all files below one."""
    system, path = _opened(folder)
    with _reaching(folder):
        for name in system.find(path):
            yield str(system.unstrip_protocol(name))


def listed(source: str, suffixes: tuple[str, ...]) -> list[str]:
    """Return the files that an address stands for: one, those of a pattern, or those below it.

    Raises
    ------
    FormatError
        If it cannot be looked at.
    """
    system, path = _opened(source)
    if source.startswith(("http://", "https://")):
        return [source]  # a web server has no list
    with _reaching(source):
        if glob.has_magic(path):
            names = system.glob(path)
        elif system.isdir(path):
            names = [name for name in system.find(path) if name.lower().endswith(suffixes)]
        else:
            return [source]
        return sorted(str(system.unstrip_protocol(name)) for name in names)


def cached(source: str) -> Path:
    """Fetch a file once for all processes of this machine, and return its path.

    Raises
    ------
    FormatError
        If it cannot be fetched.
    """
    folder = Path(os.environ.get(CACHE) or Path(tempfile.gettempdir(), f"steadyhue-{_user()}"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = blake2b(repr([source, identity_at(source)]).encode(), digest_size=16).hexdigest()
    path = folder / (name + os.path.splitext(bare(source))[1])
    if path.exists():
        with suppress(OSError):
            os.utime(path)
        return path
    _make_room(folder)
    system, there = _opened(source)
    beside = unfinished_path(folder)
    try:
        with _reaching(source):
            system.get_file(there, str(beside))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def send(path: Path, target: str, *, replaces: bool) -> None:
    """Send a file, in one piece: it appears complete, or not at all.

    Parameters
    ----------
    path : path
    target : str
    replaces : bool
        Whether what is there may be replaced. If not, and one of the same size has come there
        meanwhile, that is what another run has made of the same; it stays.

    Raises
    ------
    OutputError
        If it cannot be sent, or something else has come there.
    """
    system, there = _opened(target)
    with _reaching(target, OutputError):
        if replaces:
            system.put_file(str(path), there)
            return
        try:
            if system.exists(there):  # not all stores know how to create only
                raise FileExistsError
            system.put_file(str(path), there, mode="create")
        except FileExistsError:
            if size_at(target) != path.stat().st_size:
                raise OutputError(
                    f"{bare(target)}: was written by another run meanwhile, and is left so"
                ) from None


def _opened(address: str) -> tuple[Any, str]:
    """Return the file system of an address, and the path in it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise MissingDependencyError("an address", "cloud") from None
    try:
        system, path = url_to_fs(address, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        raise FormatError(f"{bare(address)}: {error}") from None
    return system, str(path)


@contextmanager
def _reaching(address: str, kind: type[SteadyhueError] = FormatError) -> Iterator[None]:
    """Turn what a store says into one sentence; what may pass is known by its cause."""
    name = bare(address)
    try:
        yield
    except SteadyhueError:
        raise
    except FileNotFoundError:
        raise kind(f"{name}: is not there") from None
    except PermissionError as error:
        raise kind(f"{name}: access is denied") from error
    except OSError as error:
        raise kind(f"{name}: {error.strerror or type(error).__name__}") from error
    except Exception as error:  # of the store's own library: a network that fails, mostly
        passing = ConnectionError(type(error).__name__)
        raise kind(f"{name}: cannot be reached: {type(error).__name__}") from passing


def _make_room(folder: Path) -> None:
    """Remove what was not read for longest."""
    found = []
    for path in folder.iterdir():
        with suppress(OSError):
            status = path.stat()
            found.append((status.st_mtime, status.st_size, path))
    total = sum(size for _, size, _ in found)
    for last, size, path in sorted(found):
        if total <= MOST_BYTES or time.time() - last < IN_USE:
            return
        path.unlink(missing_ok=True)
        total -= size


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "user"

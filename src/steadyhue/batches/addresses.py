"""Addresses: names with ``://``, and what they are called where others may read it."""

from __future__ import annotations

import os
from urllib.parse import urlsplit


def is_address(name: str) -> bool:
    """Whether a name is an address and not a path."""
    return "://" in name


def shown(name: str) -> str:
    """Return what a file is called in records: a real path, or a bare address."""
    return bare(name) if is_address(name) else os.path.realpath(name)


def bare(name: str) -> str:
    """Return what a file is called in messages: an address without its secrets."""
    if not is_address(name):
        return name
    parts = urlsplit(name)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

"""What readers warn of, kept until the page is told.

They read in threads of their own, so a warning is known by the file that it names.
"""

from __future__ import annotations

from collections import deque
from contextlib import AbstractContextManager
from pathlib import Path

from steadyhue.errors import heard

_HEARD: deque[str] = deque(maxlen=64)  # a file has one, and eight are kept


def hearing() -> AbstractContextManager[None]:
    """Keep what readers warn of, and hush all other warnings."""
    return heard(_HEARD.append)


def heard_of(path: Path, name: str) -> list[str]:
    """Return what was warned of a file, under the name that people know it by."""
    told = dict.fromkeys(text for text in list(_HEARD) if text.startswith(f"{path}:"))
    return [text.replace(str(path), name) for text in told]

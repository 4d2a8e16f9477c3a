"""What readers warn of, kept until the page is told.

They read in threads of their own, so a warning is known by the file that it names.
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from steadyhue.errors import FormatWarning

_HEARD: deque[str] = deque(maxlen=64)  # a file has one, and eight are kept


@contextmanager
def hearing() -> Iterator[None]:
    """Keep what readers warn of, and hush all other warnings, which are for programmers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", FormatWarning)
        warnings.showwarning = lambda message, *_: _HEARD.append(str(message))
        yield


def heard_of(path: Path, name: str) -> list[str]:
    """Return what was warned of a file, under the name that people know it by."""
    told = dict.fromkeys(text for text in list(_HEARD) if text.startswith(f"{path}:"))
    return [text.replace(str(path), name) for text in told]

"""What is half-written, on one list, so that it is removed when the program has to end at once."""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol


class Unfinished(Protocol):
    """What is to be removed when the program has to end at once."""

    def discard(self) -> None:
        """Remove what was written; may be called again, and in the midst of anything."""


UNFINISHED: list[Unfinished] = []
"""All that is being written now, for `discard_unfinished`."""


def discard_unfinished() -> None:
    """Remove everything that is half-written, before the program ends at once.

    It stays on the list: a thread in the midst of making it can come after this call.
    """
    unfinished = list(UNFINISHED)
    for each in unfinished:
        with suppress(OSError):
            each.discard()
    UNFINISHED.extend(unfinished)


def finished(unfinished: Unfinished) -> None:
    """Take something off the list of what is being written."""
    with suppress(ValueError):
        UNFINISHED.remove(unfinished)

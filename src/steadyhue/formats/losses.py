"""What of a file is lost, said once."""

from __future__ import annotations

import warnings

from steadyhue.errors import FormatWarning

MOST_NOTES = 4
"""Losses that are told one by one; of further ones only the number is."""


class Losses:
    """Notes of a reader, which become one warning when the file was read."""

    def __init__(self) -> None:
        self._notes: dict[str, None] = {}
        self._told = False

    def note(self, text: str) -> None:
        """Remember a loss; the same one counts once."""
        self._notes.setdefault(text)

    def tell(self, name: str) -> None:
        """Warn of all losses, the first time that there are any.

        Warns
        -----
        FormatWarning
            One, that names the file.
        """
        if self._told or not self._notes:
            return
        self._told = True
        notes = list(self._notes)
        more = len(notes) - MOST_NOTES
        told = notes[:MOST_NOTES] + ([f"and {more} more like these"] if more > 0 else [])
        warnings.warn(f"{name}: {'; '.join(told)}", FormatWarning, stacklevel=2)

"""Writing numbered pictures, such as ``frames/%04d.png``, and their times: all, or none."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path

from steadyhue.errors import OutputError
from steadyhue.formats import numbers
from steadyhue.formats.numbers import TIMES
from steadyhue.formats.outputs import check_target
from steadyhue.formats.png import save_png
from steadyhue.formats.replacing import storing
from steadyhue.formats.sink import Sink
from steadyhue.formats.swap import Swap, settle
from steadyhue.frame import IndexedFrame


class SequenceSink(Sink):
    """Indexed PNG pictures, one a frame, and their times.

    Parameters
    ----------
    pattern : path
        Such as ``frames/%04d.png``; the folder is made if it is missing.
    loop : int
        How often to play; 0 means forever.
    force : bool
        Whether pictures that match the pattern, and their times, may be replaced; those the
        new ones don't reach are removed then.

    Raises
    ------
    OutputError
        If such pictures exist and may not be replaced, or cannot be written.
    """

    def __init__(self, pattern: str | PathLike[str], loop: int = 0, *, force: bool = False) -> None:
        self._pattern = Path(pattern)
        self._folder = self._pattern.parent
        self._loop = loop
        self._durations: list[float] = []
        with storing(str(pattern)):
            if self._folder.is_dir():
                settle(self._folder)
            check_target(pattern, force=force)
            self._swap = Swap(self._folder, str(pattern), self._there)

    def _there(self) -> list[str]:
        return [path.name for path in numbers.replaced(self._pattern)]

    def write(self, frame: IndexedFrame) -> None:
        """Encode one picture.

        Raises
        ------
        OutputError
            If it cannot be stored.
        """
        name = numbers.name_of(self._pattern.name, len(self._durations) + 1)
        with storing(str(self._folder / name)):
            self._swap.add(name, lambda file: save_png(file, frame))
        self._durations.append(frame.duration)

    def close(self) -> None:
        """Move the pictures into place.

        Raises
        ------
        OutputError
            If no frame was written, or they cannot be stored.
        """
        if not self._durations:
            raise OutputError(f"{self._pattern}: there are no frames to write")
        times = json.dumps({"loop": self._loop, "durations": self._durations})
        with storing(str(self._pattern)):
            self._swap.add(TIMES, lambda file: file.write(times.encode()))
            self._swap.commit()

    def discard(self) -> None:
        """Remove what was written."""
        self._swap.discard()

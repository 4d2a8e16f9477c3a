"""Exports: files of a wish at full size, each written by a process of its own.

A codec that crashes takes its process with it and not the page, and to cancel is to end the
process. What it writes is in a folder of its own, and shown when it is whole.
"""

from __future__ import annotations

import json
import secrets
import shutil
import threading
from collections.abc import AsyncIterator, Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from steadyhue.batches.ending import starting
from steadyhue.errors import OptionError, OutputError
from steadyhue.ranges import whole
from steadyhue.studio.clips import Clip, Clips
from steadyhue.studio.wish import Wish
from steadyhue.studio.writing import KINDS, PULSE, Export, File, work

KEPT = 3
"""Finished files that are kept until newer ones come."""

GRACE = 2.0
"""Seconds for a process to end before it is killed."""


def asked_for(clip: Clip, wish: Wish, clips: Clips, asked: Mapping[str, Any]) -> Export:
    """Return what an export is to do.

    Raises
    ------
    OptionError
        If there is no such kind, or the size to come to is none.
    KeyError
        If the clip whose colors are taken is gone.
    """
    kind = asked.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise OptionError(f"there is no export {kind!r}; there are {', '.join(KINDS)}")
    most = whole(asked.get("bytes"), "bytes", 1) if kind == "fit" else 0
    if kind == "fit" and wish.settings.mode == "fixed":
        raise OptionError("a palette that is given has as many colors as it has")
    reference = None
    if wish.transfer is not None and isinstance(wish.transfer.reference, str):
        given = clips.get(wish.transfer.reference)
        reference = File(given.path, given.name)
    return Export(File(clip.path, clip.name), wish, kind, reference, most)


class Running:
    """An export at work, or done.

    Attributes
    ----------
    id : str
    export : Export
    folder : Path
        Where it writes.
    state : dict
        Plain JSON values: frames, total, done, error, what was found.
    """

    def __init__(self, export: Export, folder: Path) -> None:
        self.id = secrets.token_urlsafe(16)
        self.export = export
        self.folder = folder / f"export-{self.id}"
        self.folder.mkdir(mode=0o700)
        self.target = self.folder / export.file_name
        self.state: dict[str, Any] = {"frames": 0, "total": None, "done": False, "error": None}
        context = get_context("spawn")
        receiver, sender = context.Pipe(duplex=False)
        self._process = context.Process(
            target=work, args=(export, self.target, sender), daemon=True
        )
        with starting():
            self._process.start()
        sender.close()  # so that the end of the process is the end of the pipe
        self._listener = threading.Thread(target=self._listen, args=(receiver,), daemon=True)
        self._listener.start()

    @property
    def is_over(self) -> bool:
        """Whether it came to its end, a good or a bad one."""
        return bool(self.state["done"] or self.state["error"])

    def _listen(self, receiver: Connection) -> None:
        try:
            while True:
                self.state |= receiver.recv()
        except (EOFError, OSError):
            if not self.is_over:
                self.state |= {"error": "the process at work on it died"}

    async def lines(self) -> AsyncIterator[bytes]:
        """Yield the state as lines of JSON until it is over."""
        import anyio

        told = None
        while told is None or not self.is_over or told != self.state:
            if told != self.state:
                told = dict(self.state)
                yield json.dumps(told).encode() + b"\n"
            await anyio.sleep(PULSE)

    def end(self) -> None:
        """End the process, and remove what it wrote."""
        if not self.is_over:
            self.state |= {"error": "canceled"}
        self._process.terminate()
        self._process.join(GRACE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(GRACE)
        shutil.rmtree(self.folder, ignore_errors=True)


class Exports:
    """The exports of a server: one at a time."""

    def __init__(self, clips: Clips) -> None:
        self._clips = clips
        self._running: dict[str, Running] = {}
        self._lock = threading.Lock()

    def begin(self, export: Export) -> Running:
        """Begin an export.

        Raises
        ------
        OutputError
            If one is at work.
        """
        with self._lock:
            if any(not running.is_over for running in self._running.values()):
                raise OutputError("an export is at work; wait for it, or cancel it")
            for old in list(self._running.values())[: 1 - KEPT]:
                self._running.pop(old.id).end()
            running = Running(export, self._clips.folder)
            self._running[running.id] = running
        return running

    def get(self, key: str) -> Running:
        """Return an export.

        Raises
        ------
        KeyError
            If there is none of this id.
        """
        return self._running[key]

    def cancel(self, key: str) -> None:
        """End an export, and remove what it wrote.

        Raises
        ------
        KeyError
            If there is none of this id.
        """
        with self._lock:
            running = self._running.pop(key)
        running.end()

    def file(self, key: str) -> tuple[Path, str]:
        """Return the file of an export that is done, and what to call it.

        Raises
        ------
        KeyError
            If there is none.
        """
        running = self._running[key]
        if not running.state["done"] or not running.target.is_file():
            raise KeyError(key)
        return running.target, running.export.file_name

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            running = list(self._running.values())
            self._running.clear()
        for export in running:
            export.end()

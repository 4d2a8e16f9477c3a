"""A batch: many clips, what is done to each, and where what is known of them is kept."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steadyhue.batches.addresses import bare, is_address
from steadyhue.batches.engines import Engine
from steadyhue.batches.films.film import film
from steadyhue.batches.ledger import NAME, Ledger
from steadyhue.batches.run import BACKOFF, DEFAULT_TRIES, Outcome, Run, Story
from steadyhue.batches.targets import Pair
from steadyhue.batches.tasks import Task
from steadyhue.batches.whole import judged, make
from steadyhue.batches.work import Work
from steadyhue.errors import OptionError, OutputError, SteadyhueError
from steadyhue.formats import check_gif, check_outputs
from steadyhue.formats.replacing import replace_with


@dataclass(frozen=True, slots=True)
class Batch:
    """Many clips to which the same is done.

    Attributes
    ----------
    pairs : sequence of (str, str)
        Inputs and outputs.
    work : Work
        What is done to each.
    output : str
        The folder that all outputs are in.
    folder : str
        Where the ledger is; see `folder_of`.
    force : bool
        Whether outputs are made also where the ledger says that they are there, or are not ours.
    chunk : float or None
        Seconds of a part of a long clip; None makes each clip whole, in one process.
    seams : bool
        Whether a shot that lasts two such parts or longer may be parted.
    """

    pairs: Sequence[Pair]
    work: Work
    output: str
    folder: str
    force: bool = False
    chunk: float | None = None
    seams: bool = True

    def check(self, read: Sequence[object] = ()) -> None:
        """Raise `OutputError` if an output cannot be written or is an input, before any work.

        `OptionError` if a setting has no effect on one.

        `read` is what is read besides the inputs.
        """
        if self.work.settings.quality is not None:
            for _, target in self.pairs:
                check_gif(target, "a quality")
        if self.output.startswith(("http://", "https://")):
            raise OutputError(f"{self.output}: a web server is read only")
        if is_address(self.folder) and self.chunk is not None:
            raise OptionError("parts of long clips need a ledger on a disk: name one with --run")
        targets = [target for _, target in self.pairs if not is_address(target)]
        for folder in {os.path.dirname(target) for target in targets}:
            os.makedirs(folder, exist_ok=True)
        inputs = [source for source, _ in self.pairs if not is_address(source)]
        check_outputs(targets, [*inputs, *read], force=True)

    def outcomes(
        self, engine: Engine, *, tries: int = DEFAULT_TRIES, backoff: float = BACKOFF
    ) -> Iterator[Outcome]:
        """Carry the batch out, and yield what became of each input, as it comes.

        When this ends before its time, what is under way is ended, too, and nothing is begun.

        Parameters
        ----------
        engine : Engine
            Closed at the end.
        tries : int
            Most tries where trouble may pass: networks, disks.
        backoff : float
            Seconds before the second try; each further one waits twice as long.
        """
        stories = ((source, target, self._story(source, target)) for source, target in self.pairs)
        yield from Run(stories, engine, tries=tries, backoff=backoff)

    def left(self) -> Iterator[Outcome]:
        """Tell of each input what a run would do: keep, refuse or make it; nothing is made."""
        for source, target in self.pairs:
            try:
                verdict, _ = judged(self._unit(source, target))
                yield Outcome(source, target, kept=verdict.done)
            except SteadyhueError as error:
                yield Outcome(source, target, error=str(error))

    def _story(self, source: str, target: str) -> Story:
        if self.chunk is not None and self.work.shares:
            return (yield from film(self._unit(source, target), 1000 * self.chunk))
        (value,) = yield [Task(make, self._unit(source, target), bare(source))]
        return value

    def _unit(self, source: str, target: str) -> dict[str, Any]:
        ledger = Ledger(self.folder, self.output)
        told = {"source": source, "target": target, "work": self.work}
        seams = 1000 * self.chunk if self.chunk is not None and self.seams else None
        return {**told, "ledger": ledger, "force": self.force, "seams": seams}


def folder_of(output: str, given: str | None) -> str:
    """Return where the ledger of a folder of outputs is, if no other place is given."""
    return given or os.path.join(output, NAME)


def write_errors(folder: str, name: str, failed: Sequence[Outcome]) -> None:
    """Write one line of JSON for each input that failed; without any, the file goes away.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    lines = [
        json.dumps(
            {"source": bare(o.source), "target": bare(o.target), "error": o.error, "tries": o.tries}
        )
        for o in sorted(failed, key=lambda outcome: outcome.source)
    ]
    data = "".join(f"{line}\n" for line in lines).encode()
    if is_address(folder):
        from steadyhue.batches.remote import size_at, write_at

        if failed or size_at(f"{folder}/{name}"):
            write_at(f"{folder}/{name}", data)
        return
    path = Path(folder, name)
    if not failed:
        with suppress(OSError):
            path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_with(data, path, str(path))

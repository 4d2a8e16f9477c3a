"""``steadyhue.batch``: many clips at once, from Python."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from os import PathLike
from typing import Any

from steadyhue.batches.batch import Batch, folder_of
from steadyhue.batches.engines.choosing import engine_of
from steadyhue.batches.run import DEFAULT_TRIES, Outcome
from steadyhue.batches.targets import pairs, parse_slice, sliced
from steadyhue.batches.work import Work
from steadyhue.errors import OptionError
from steadyhue.formats import check_suffix
from steadyhue.ranges import positive, whole
from steadyhue.reading import reading
from steadyhue.recolor import Recoloring, transfer_settings
from steadyhue.reference import Reference, recoloring_by
from steadyhue.settings import Matching, Settings

_TIMING = ("start", "duration", "every", "fps")
_RASTER = ("width", "height", "alpha_threshold", "matte", "fit")
_READING = (*_TIMING, *_RASTER, "limits")
_MATCHING = ("match", "spread", "smooth", "reference_colors")


def batch(
    inputs: Sequence[str | PathLike[str]],
    output: str | PathLike[str],
    colors: int | None = None,
    *,
    reference: Reference | None = None,
    format: str = "gif",
    engine: str = "local",
    jobs: int | None = None,
    scheduler: str | None = None,
    slice: str | None = None,
    run: str | PathLike[str] | None = None,
    tries: int = DEFAULT_TRIES,
    timeout: float | None = None,
    chunk: float | None = None,
    seams: bool | None = None,
    force: bool = False,
    **options: Any,
) -> Iterator[Outcome]:
    """Quantize or transfer many clips into a folder, and yield what became of each.

    One that fails doesn't stop the others. What was made before from the same input with the same
    options is kept, so that a run that was stopped goes on where it was.

    Parameters
    ----------
    inputs : sequence of paths
        Files that are a clip each.
    output : path
        Folder of the outputs, which keep the tree below the folder that all inputs have in common.
    colors : int in [1, 256], optional
        As in `quantize`.
    reference : optional
        As in `transfer`; without it clips are quantized.
    format : str
        Suffix of the outputs: gif, png, webp, mkv ...
    engine : {"local", "dask"}
        Processes on this machine, or a Dask cluster.
    jobs : int, optional
        How many processes; as many as the machine has cores by default.
    scheduler : str, optional
        Address of the Dask scheduler, such as ``tcp://10.0.0.1:8786``.
    slice : str, optional
        ``"2/3"`` does the second third; three machines that each do one need no scheduler.
    run : path, optional
        Where records of what is done are kept; ``.steadyhue`` in `output` by default.
    tries : int
        Most tries where trouble may pass: networks, disks.
    timeout : float, optional
        Seconds that an input may take, or a part of it.
    chunk : float, optional
        Seconds of the parts, of whole shots, in which a long clip is shared out; see
        docs/scale.md. Bytes are the same without.
    seams : bool, optional
        Whether a shot that lasts two parts or longer is shared out as well, as it is by default: its
        palettes are the same, and where its parts meet up to about 1 % of what holds still
        changes. Each outcome tells where and how much.
    force : bool
        Make all anew, and overwrite what is not ours.
    **options
        As in `open`, and in `quantize` or `transfer`.

    Returns
    -------
    iterator of Outcome
        Work is done as it is iterated; when it is closed, what is under way is ended.

    Raises
    ------
    OptionError
        If an option is unknown or out of its range: at the call.
    OutputError
        If an output is an input, or cannot be written: at the call.

    Notes
    -----
    Processes are spawned: a script calls this below ``if __name__ == "__main__":``.
    """
    check_suffix(f"x.{format}")
    tries = whole(tries, "tries", 1)
    chunk = None if chunk is None else positive(chunk, "chunk")
    if seams is not None and chunk is None:
        raise OptionError("seams has no effect without chunk")
    work = work_of({"colors": colors, **options}, reference)
    folder = os.fspath(output)
    todo = pairs([os.fspath(source) for source in inputs], folder, f".{format}")
    if slice is not None:
        todo = sliced(todo, folder, parse_slice(slice))
    chosen = engine_of(engine, jobs=jobs, timeout=timeout, scheduler=scheduler)
    ledger = folder_of(folder, None if run is None else os.fspath(run))
    many = Batch(todo, work, folder, ledger, force, chunk, seams is not False)
    many.check()
    return many.outcomes(chosen(), tries=tries)


def work_of(options: dict[str, Any], reference: Reference | None) -> Work:
    """Return what options mean, all of them checked.

    Raises
    ------
    OptionError
        If one is unknown or out of its range, or as for `transfer`.
    """
    rest = dict(options)
    how_read = reading(**dict(_taken(rest, _READING)))
    matching = dict(_taken(rest, _MATCHING))
    try:
        if reference is None:
            if matching:
                raise OptionError(f"{', '.join(matching)}: has no effect without a reference")
            return Work(Settings.of(**rest), *how_read)
        how = Matching(**matching)
        settings = transfer_settings(how, **rest)
    except TypeError as error:
        raise OptionError(str(error).rpartition("() ")[2]) from None
    recoloring: Recoloring = recoloring_by(how, settings, reference, None)
    return Work(settings, *how_read, recoloring)


def _taken(options: dict[str, Any], names: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [(name, options.pop(name)) for name in names if name in options]

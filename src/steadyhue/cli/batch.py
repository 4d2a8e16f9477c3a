"""``steadyhue batch``: thousands of files, on one machine or many."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from steadyhue.cli.carrying import conclude
from steadyhue.cli.inputs import FORMATS, expanded, refuse_inside
from steadyhue.cli.options import (
    clustering_options,
    dither_options,
    format_option,
    matching_options,
    palette_options,
    reading_options,
    settings_of,
    taken_reading,
)
from steadyhue.cli.sentences import show_warning
from steadyhue.cli.tally import Tally
from steadyhue.words import MATCHES

if TYPE_CHECKING:
    from steadyhue.batches.batch import Batch
    from steadyhue.batches.engines import Engine
    from steadyhue.batches.work import Work

ENGINES = ("local", "dask")
"""As in `batches.engines.choosing`, which is not imported for this."""


_LOOPBACK = re.compile(r"tcp://(127\.|localhost[:/]|\[::1\])")


def _slice(_ctx: click.Context, _option: click.Parameter, text: str | None) -> Any:
    if text is None:
        return None
    from steadyhue.batches.targets import parse_slice

    return parse_slice(text)


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="IN...", type=click.Path())
@click.option(
    "-o", "--output", required=True, metavar="OUT", type=click.Path(), help="Folder of the outputs."
)
@format_option
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    show_default=True,
    help="Processes on this machine, or a Dask cluster.",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(1), help="Processes; default is as many as there are cores."
)
@click.option("--scheduler", metavar="ADDRESS", help="Of Dask, such as tcp://10.0.0.1:8786.")
@click.option(
    "--slice",
    "part",
    metavar="I/N",
    callback=_slice,
    help="Do the I-th of N parts: one for each job of an array.",
)
@click.option("--run", metavar="FOLDER", help="For the ledger; default is OUT/.steadyhue.")
@click.option(
    "--tries",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="Most tries where trouble may pass: networks, disks.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="How long an input may take.",
)
@click.option(
    "--chunk",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="Share long clips out in parts of at least so long, of whole shots.",
)
@click.option("--no-seams", is_flag=True, help="Never part a shot, however long it is.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("-f", "--force", is_flag=True, help="Make all anew, and overwrite what is there.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@click.option(
    "--from",
    "reference",
    metavar="REF",
    type=click.Path(),
    help="Transfer: the colors of REF, as `transfer` does it.",
)
@matching_options
@clustering_options
@palette_options
@dither_options
@reading_options
def batch(
    inputs: tuple[str, ...],
    output: str,
    suffix: str | None,
    engine: str,
    jobs: int | None,
    scheduler: str | None,
    part: tuple[int, int] | None,
    run: str | None,
    tries: int,
    timeout: float | None,
    chunk: float | None,
    no_seams: bool,
    dry_run: bool,
    force: bool,
    quiet: bool,
    reference: str | None,
    **options: Any,
) -> None:
    """Quantize every IN, or with --from transfer it, into a folder.

    IN is a file, a folder (all clips below it), a quoted pattern, or @list.txt with a name on each line.
    Outputs keep the tree below the folder that all inputs have in common.
    Every finished output has a record in the ledger, so that the same command goes on where
    a run was stopped, on any machine; changed options or inputs are made again. What fails doesn't stop the others, and is
    listed in errors.jsonl beside the ledger.
    """
    from steadyhue.batches.batch import Batch, folder_of
    from steadyhue.batches.engines.choosing import engine_of
    from steadyhue.batches.targets import pairs, sliced

    if no_seams and chunk is None:
        raise click.UsageError("--no-seams has no effect without --chunk")
    refuse_inside(inputs, output)
    palette = options["palette"]
    work = _work(options, reference)
    start = engine_of(engine, jobs=jobs, timeout=timeout, scheduler=scheduler)
    todo = pairs(expanded(inputs, deep=True), output, f".{suffix or FORMATS[0]}")
    if part is not None:
        todo = sliced(todo, output, part)
    whole = Batch(todo, work, output, folder_of(output, run), force, chunk, not no_seams)
    if dry_run:
        _tell(whole, quiet=quiet)
        return
    whole.check([palette, reference])
    workers = start()
    _tell_of(workers, scheduler, quiet=quiet)
    tally = Tally(len(todo), quiet=quiet)
    with tally:
        for outcome in whole.outcomes(workers, tries=tries):
            tally.add(outcome)
    _conclude(whole, tally, part, quiet=quiet)


def _work(options: dict[str, Any], reference: str | None) -> Work:
    """Return what the options ask for; all are checked before a file is opened."""
    from steadyhue.batches.work import Work
    from steadyhue.recolor import transfer_settings
    from steadyhue.reference import recoloring_by
    from steadyhue.settings import Matching

    reading = taken_reading(options)
    names = [field.name for field in fields(Matching)]
    how = {name: options.pop(name) for name in names}
    if reference is None:
        if how != {"match": MATCHES[0], "spread": None, "smooth": False, "reference_colors": None}:
            raise click.UsageError("--match, --spread, --smooth and --reference-colors need --from")
        options["keep"] = options["keep"] or None
        return Work(settings_of(options), **reading)
    for name in ("palette", "keep", "steadiness"):
        if options.pop(name):
            raise click.UsageError(f"--{name} is for quantizing; it has no effect beside --from")
    matching = Matching(**how)
    settings = transfer_settings(matching, **options)
    return Work(settings, **reading, recoloring=recoloring_by(matching, settings, reference, None))


def _tell_of(workers: Engine, scheduler: str | None, *, quiet: bool) -> None:
    """Say where a cluster can be watched, and if what it is sent can be read on the way."""
    dashboard = getattr(workers, "dashboard", "")
    if dashboard and not quiet:
        click.echo(f"dashboard: {dashboard}", err=True)
    if scheduler and scheduler.startswith("tcp://") and not _LOOPBACK.match(scheduler):
        show_warning(
            f"{scheduler}: without TLS, whoever reaches it can run anything on its workers"
        )


def _tell(whole: Batch, *, quiet: bool) -> None:
    """Say what a run would do."""
    from steadyhue.batches.addresses import bare

    counts = {"to make": 0, "kept": 0, "refused": 0}
    for outcome in whole.left():
        word = "refused" if outcome.error else "kept" if outcome.kept else "to make"
        counts[word] += 1
        if not quiet:
            click.echo(
                f"{word}: {outcome.error or f'{bare(outcome.source)} -> {bare(outcome.target)}'}"
            )
    click.echo(", ".join(f"{count} {word}" for word, count in counts.items()))


def _conclude(whole: Batch, tally: Tally, part: tuple[int, int] | None, *, quiet: bool) -> None:
    from steadyhue.batches.batch import write_errors

    name = "errors.jsonl" if part is None else f"errors-{part[0]}-of-{part[1]}.jsonl"
    write_errors(whole.folder, name, tally.failed)
    conclude(tally.kept, tally.failed, len(whole.pairs), quiet=quiet)

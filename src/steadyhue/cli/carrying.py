"""A batch on the command line: carried out with progress, then what was kept and what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from steadyhue.cli.progress import Progress
from steadyhue.cli.sentences import show_warning

if TYPE_CHECKING:
    from steadyhue.batches.batch import Batch
    from steadyhue.batches.run import Outcome

_WHY_KEPT = "made from the same inputs with the same options; --force makes them anew"


def carry_out(batch: Batch, *, jobs: int, quiet: bool) -> None:
    """Carry out the small case: some inputs on this machine.

    Raises
    ------
    ClickException
        If an input failed.
    """
    from steadyhue.batches.engines.choosing import local

    kept = 0
    failed: list[Outcome] = []
    with Progress("inputs", len(batch.pairs), quiet=quiet, unit="files") as progress:
        for outcome in batch.outcomes(local(jobs, here=True)):
            for warning in outcome.warnings:
                show_warning(warning)
            kept += outcome.kept
            if outcome.error:
                failed.append(outcome)
            progress.step()
    conclude(kept, failed, len(batch.pairs), quiet=quiet)


def conclude(kept: int, failed: list[Outcome], total: int, *, quiet: bool) -> None:
    """Say what was kept and what went wrong.

    Raises
    ------
    ClickException
        If an input failed.
    """
    if kept and not quiet:
        click.echo(f"{kept} kept: {_WHY_KEPT}", err=True)
    if failed:
        click.echo("\n".join(sorted(outcome.error or "" for outcome in failed)), err=True)
        raise click.ClickException(f"{len(failed)} of {total} inputs failed")

"""What people can act on, in one sentence: errors with an exit code, and warnings."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

import click

from steadyhue.cli.ending import ends_when_told, fill_closed_streams
from steadyhue.errors import OptionError, SteadyhueError, heard, sentence


class OneSentenceErrors(click.Group):
    """Turns the errors people can act on into one sentence and an exit code.

    The code is 2 for options, as for other wrong usage, and 1 for what went wrong on the way.
    """

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program; what cannot be printed, as help on a full disk, is a sentence, too."""
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            with suppress(OSError):
                click.ClickException(sentence(error)).show()
            sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        fill_closed_streams()
        with ends_when_told(), heard(show_warning):
            try:
                return super().invoke(ctx)
            except OptionError as error:
                raise click.UsageError(str(error)) from error
            except (SteadyhueError, OSError, MemoryError) as error:
                raise click.ClickException(sentence(error)) from error


def show_warning(message: str) -> None:
    """Show a warning on standard error."""
    click.echo(f"Warning: {message}", err=True)

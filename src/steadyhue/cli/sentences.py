"""What people can act on, in one sentence: errors with an exit code, and warnings."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from steadyhue.cli.ending import ends_when_told, fill_closed_streams
from steadyhue.errors import FormatWarning, OptionError, SteadyhueError, sentence


class OneSentenceErrors(click.Group):
    """Turns the errors people can act on into one sentence and an exit code.

    The code is 2 for options, as for other wrong usage, and 1 for what went wrong on the way.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        fill_closed_streams()
        with ends_when_told(), one_line_warnings():
            try:
                return super().invoke(ctx)
            except OptionError as error:
                raise click.UsageError(str(error)) from error
            except (SteadyhueError, OSError, MemoryError) as error:
                raise click.ClickException(sentence(error)) from error


@contextmanager
def one_line_warnings() -> Iterator[None]:
    """Show warnings on standard error, one line each."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what libraries tell their callers
        warnings.simplefilter("always", FormatWarning)
        warnings.showwarning = lambda message, *_: show_warning(message)
        yield


def show_warning(message: Warning | str) -> None:
    """Show a warning on standard error."""
    click.echo(f"Warning: {message}", err=True)

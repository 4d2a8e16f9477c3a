"""What people can act on, in one sentence: errors with an exit code, and warnings."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from steadyhue.cli.ending import ends_when_told, fill_closed_streams
from steadyhue.errors import FormatWarning, OptionError, SteadyhueError, printable


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
        warnings.showwarning = lambda message, *_: _show_warning(message)
        yield


def _show_warning(message: Warning | str) -> None:
    click.echo(f"Warning: {message}", err=True)


def sentence(error: Exception) -> str:
    """Say what went wrong and with which file, without a traceback."""
    if isinstance(error, SteadyhueError):
        return str(error)
    if isinstance(error, MemoryError):
        return "not enough memory for this input"
    reason = getattr(error, "strerror", None) or str(error)
    name = getattr(error, "filename", None)
    return printable(f"{name}: {reason}" if name else reason)

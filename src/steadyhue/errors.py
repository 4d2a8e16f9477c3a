"""The errors steadyhue raises on purpose.

::

    SteadyhueError
    ├── OptionError (ValueError)            an option is unknown, out of range or contradicts another
    ├── FormatError (ValueError)            the input is not what it says it is
    │   └── LimitError                      the input asks for more than the limits allow
    ├── OutputError (OSError)               the output cannot be written as asked
    └── MissingDependencyError (ImportError)  an extra is not installed

What can be read only in part is read, and a `FormatWarning` says so.
Arguments of the parts below the options are checked with plain ``ValueError`` and
``TypeError``. Each message is one sentence that a person who runs the command can act on.
The command line ends with exit code 2 for an `OptionError` and with 1 for all others.
Names of files come from strangers: what is not printable in a message is escaped.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def printable(text: str) -> str:
    """Return text with control characters, and bytes that are not text, escaped as `repr` does."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


class SteadyhueError(Exception):
    """Base of every error that steadyhue raises on purpose."""

    def __str__(self) -> str:
        return printable(super().__str__())


class OptionError(SteadyhueError, ValueError):
    """An option is unknown, out of its range, or contradicts or outdoes another."""


class FormatError(SteadyhueError, ValueError):
    """A file is malformed, truncated or of a kind that cannot be read."""


class LimitError(FormatError):
    """A file asks for more pixels or frames than the limits allow."""


class FormatWarning(UserWarning):
    """A part of a file is left out: what is damaged of it, or its sound."""

    def __str__(self) -> str:
        return printable(super().__str__())


@contextmanager
def heard(tell: Callable[[str], None]) -> Iterator[None]:
    """Tell what is left out of files, and hush all other warnings: they are for programmers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", FormatWarning)
        warnings.showwarning = lambda message, *_: tell(str(message))
        yield


class OutputError(SteadyhueError, OSError):
    """An output cannot be written as asked."""


class MissingDependencyError(SteadyhueError, ImportError):
    """A feature needs an extra that is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an extra: pip install 'steadyhue[{extra}]'")


def sentence(error: BaseException) -> str:
    """Say what went wrong and with which file, without a traceback."""
    if isinstance(error, SteadyhueError):
        return str(error)
    if isinstance(error, MemoryError):
        return "not enough memory for this input"
    reason = getattr(error, "strerror", None) or str(error)
    name = getattr(error, "filename", None)
    return printable(f"{name}: {reason}" if name else reason)

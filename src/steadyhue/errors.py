"""The errors steadyhue raises on purpose.

::

    SteadyhueError
    ├── FormatError (ValueError)            the input is not what it says it is
    │   └── LimitError                      the input asks for more than the limits allow
    ├── OutputError (OSError)               the output cannot be written as asked
    └── MissingDependencyError (ImportError)  an extra is not installed

What can be read only in part is read, and a `FormatWarning` says so.
Wrong arguments are plain ``ValueError`` and ``TypeError``. Each message is one
sentence that a person who runs the command can act on.
"""


class SteadyhueError(Exception):
    """Base of every error that steadyhue raises on purpose."""


class FormatError(SteadyhueError, ValueError):
    """A file is malformed, truncated or of a kind that cannot be read."""


class LimitError(FormatError):
    """A file asks for more pixels or frames than the limits allow."""


class FormatWarning(UserWarning):
    """A part of a file is left out: what is damaged of it, or its sound."""


class OutputError(SteadyhueError, OSError):
    """An output cannot be written as asked."""


class MissingDependencyError(SteadyhueError, ImportError):
    """A feature needs an extra that is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an extra: pip install 'steadyhue[{extra}]'")

"""What options are: of which kind, and in which range; numbers are Python's or NumPy's."""

from __future__ import annotations

from math import inf
from numbers import Integral, Real

from steadyhue.errors import OptionError


def whole(value: object, name: str, least: int, most: float = inf) -> int:
    """Return a whole number in [least, most] as a plain one, which JSON and the kernels take.

    Raises
    ------
    OptionError
        If the value is of another kind, as True is, or out of the range.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise OptionError(f"{name} must be a whole number, got {value!r}")
    if not least <= int(value) <= most:
        raise OptionError(f"{name} must be {_range(least, most)}, got {int(value)}")
    return int(value)


def number(value: object, name: str, least: float, most: float = inf) -> float:
    """Return a finite number in [least, most] as a plain one.

    Raises
    ------
    OptionError
        If the value is of another kind, as True is, or out of the range.
    """
    plain = _real(value, name)
    if not least <= plain <= most or plain == inf:
        raise OptionError(f"{name} must be {_range(least, most)}, got {plain:g}")
    return plain


def positive(value: object, name: str, most: float = inf) -> float:
    """Return a finite number above 0, and at most `most`, as a plain one.

    Raises
    ------
    OptionError
        If the value is of another kind, as True is, or out of the range.
    """
    plain = _real(value, name)
    if not 0 < plain <= most or plain == inf:
        bound = f"at most {most:g}" if most < inf else "finite"
        raise OptionError(f"{name} must be above 0 and {bound}, got {plain:g}")
    return plain


def kind_of(value: object) -> str:
    """Return what a value is, with its article: "an int", "a list"; None is "None"."""
    if value is None:
        return "None"
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def _real(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise OptionError(f"{name} must be a number, got {value!r}")
    return float(value)


def _range(least: float, most: float) -> str:
    return f"in [{least}, {most}]" if most < inf else f"finite and at least {least}"

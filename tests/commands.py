"""The command in this process, its output and its errors apart."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import signature

from click.testing import CliRunner, Result

from steadyhue.cli import main


def run(words: Sequence[object]) -> Result:
    """Run the command; click before 8.2 mixes both streams unless it is told not to."""
    apart = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}
    return CliRunner(**apart).invoke(main, [str(word) for word in words])

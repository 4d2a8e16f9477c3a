"""The command line: options to the API, errors to one sentence and an exit code.

Nothing heavy is imported before a command runs.
"""

import os
from collections.abc import Callable

import click

from steadyhue.cli.sentences import OneSentenceErrors

# Nothing here is worth BLAS threads, and starting them takes a third of NumPy's import.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")


def _batch() -> click.Command:
    from steadyhue.cli.batch import batch

    return batch


def _compare() -> click.Command:
    from steadyhue.cli.compare import compare

    return compare


def _demo() -> click.Command:
    from steadyhue.cli.demo import demo

    return demo


def _measure() -> click.Command:
    from steadyhue.cli.measure import measure

    return measure


def _palette() -> click.Command:
    from steadyhue.cli.palette import palette

    return palette


def _quantize() -> click.Command:
    from steadyhue.cli.quantize import quantize

    return quantize


def _studio() -> click.Command:
    from steadyhue.cli.studio import studio

    return studio


def _transfer() -> click.Command:
    from steadyhue.cli.transfer import transfer

    return transfer


COMMANDS: dict[str, tuple[str, Callable[[], click.Command]]] = {
    "batch": ("Quantize every IN, or with --from transfer it, into a folder.", _batch),
    "compare": ("Show IN side by side in several treatments.", _compare),
    "demo": ("Make every figure as one page, from two sample clips or your own.", _demo),
    "measure": ("Measure how far each OUT is from SOURCE, and how still it holds.", _measure),
    "palette": ("Write the palette of IN: over time, of one frame, or of the whole.", _palette),
    "quantize": ("Reduce IN to a few colors.", _quantize),
    "studio": (
        "Open a page for seeing what every setting does, on CLIPs or what you drop.",
        _studio,
    ),
    "transfer": ("Give IN the colors of another picture, in its own shades.", _transfer),
}
"""What each command does, as its own help begins, and how it is imported: a tenth of a start each
is saved for those that are not asked for."""


class Commands(OneSentenceErrors):
    """The commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        return COMMANDS[cmd_name][1]() if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (told, _) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="steadyhue", prog_name="steadyhue")
@click.option(
    "--threads",
    type=click.IntRange(1, 1024),
    help="Most threads of a kernel; default is as many as the process may use.",
)
def main(threads: int | None) -> None:
    """Reduce animations to a few colors that hold still."""
    from steadyhue import threads as kernels

    if threads is not None:
        os.environ[kernels.VARIABLE] = str(threads)  # processes of --jobs inherit it
    kernels.threads()  # what the variable says is checked before any work

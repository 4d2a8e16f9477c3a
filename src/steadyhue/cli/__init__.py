"""The command line: options to the API, errors to one sentence and an exit code.

Nothing heavy is imported before a command runs.
"""

import os

import click

from steadyhue.cli.batch import batch
from steadyhue.cli.compare import compare
from steadyhue.cli.demo import demo
from steadyhue.cli.measure import measure
from steadyhue.cli.palette import palette
from steadyhue.cli.quantize import quantize
from steadyhue.cli.sentences import OneSentenceErrors
from steadyhue.cli.studio import studio
from steadyhue.cli.transfer import transfer

# Nothing here is worth BLAS threads, and starting them takes a third of NumPy's import.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")


@click.group(cls=OneSentenceErrors, context_settings={"help_option_names": ["-h", "--help"]})
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


for command in (quantize, transfer, batch, compare, palette, measure, demo, studio):
    main.add_command(command)

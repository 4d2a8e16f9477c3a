"""``steadyhue compare``: one clip side by side in several treatments."""

from __future__ import annotations

import click

from steadyhue.cli.progress import steps


@click.command()
@click.argument("source", metavar="IN")
@click.option("-o", "--output", required=True, help=".html page, .gif, .webp, or .png sheet.")
@click.option(
    "--variant",
    "variants",
    multiple=True,
    metavar="NAME=VALUE,...",
    help='What to show, such as "k=4,mode=seeded"; repeat it for more. Default: every mode at k=10.',
)
@click.option("-f", "--force", is_flag=True, help="Overwrite what is there.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def compare(source: str, output: str, variants: tuple[str, ...], force: bool, quiet: bool) -> None:
    """Show IN side by side in several treatments.

    A page has players in step, a slider between any two and a map of what
    flickers, and works without a network.
    """
    from steadyhue.showcase.compare import compare
    from steadyhue.showcase.treatment import Variant

    chosen = [Variant.parse(text) for text in variants]
    compare(source, output, chosen, force=force, on_step=steps(quiet))

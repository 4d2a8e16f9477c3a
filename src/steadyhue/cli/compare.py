"""``steadyhue compare``: one clip side by side in several treatments."""

from __future__ import annotations

from typing import Any

import click

from steadyhue.cli.progress import steps
from steadyhue.words import MODES


def counts(text: str) -> list[int]:
    """Parse numbers of colors with commas."""
    number: Any = click.IntRange(1, 256)
    return [number.convert(each.strip(), None, None) for each in text.split(",")]


@click.command()
@click.argument("source", metavar="IN", type=click.Path())
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(),
    help=".html page, .gif, .webp, or .png sheet.",
)
@click.option(
    "--variant",
    "variants",
    multiple=True,
    metavar="NAME=VALUE,...",
    help='What to show, such as "k=4,mode=seeded"; repeat it for more. Default: every mode at k=10.',
)
@click.option(
    "-k",
    "--colors",
    "counts",
    type=counts,
    metavar="N,...",
    help="Show each at so many colors, such as 4,10.",
)
@click.option("-f", "--force", is_flag=True, help="Overwrite what is there.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def compare(
    source: str,
    output: str,
    variants: tuple[str, ...],
    counts: list[int] | None,
    force: bool,
    quiet: bool,
) -> None:
    """Show IN side by side in several treatments.

    A page has players in step, a slider between any two and a map of what
    flickers, and works without a network.
    """
    from steadyhue.showcase.compare import compare
    from steadyhue.showcase.treatment import Variant

    if counts and not variants:
        variants = tuple(f"mode={mode}" for mode in MODES if mode != "fixed")
    texts = [f"{text},k={count}" for count in counts for text in variants] if counts else variants
    chosen = [Variant.parse(text) for text in texts]
    compare(source, output, chosen, force=force, on_step=steps(quiet))

"""``steadyhue measure``: how far outputs are from their source, and how still they hold."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("source", type=click.Path())
@click.argument("outputs", nargs=-1, required=True, metavar="OUT...", type=click.Path())
@click.option(
    "--ratio/--no-ratio", default=True, help="Compare errors with the best k-means of each frame."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def measure(source: str, outputs: tuple[str, ...], ratio: bool, as_json: bool) -> None:
    """Measure how far each OUT is from SOURCE, and how still it holds.

    OUT may be made by any program. Flicker is the change of the output where
    the source is still: its share of pixels, and its amount in OKLab.
    """
    from steadyhue import api
    from steadyhue.metrics import table

    found = [api.measure(source, output, ratio=ratio) for output in outputs]
    if as_json:
        click.echo(json.dumps([measurement.to_dict() for measurement in found], indent=2))
    else:
        click.echo(table(found))

"""``steadyhue palette``: the palette of a clip in a file."""

from __future__ import annotations

from typing import Any

import click

from steadyhue.cli.options import clustering_options


@click.command()
@click.argument("source", metavar="IN", type=click.Path())
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(),
    help=".png or .svg ribbon, .json, .csv, .gpl, .hex ...",
)
@clustering_options
@click.option("--frame", type=int, help="The palette of this frame only, counted from 0.")
@click.option(
    "--by",
    type=click.Choice(("weight", "equal")),
    show_default="weight",
    help="Height of a ribbon's bands.",
)
@click.option("-f", "--force", is_flag=True, help="Overwrite what is there.")
def palette(source: str, output: str, **options: Any) -> None:
    """Write the palette of IN: over time, of one frame, or of the whole.

    PNG and SVG are ribbons with time to the right; JSON and CSV have every
    frame's colors and weights; palette files such as .gpl hold one palette.
    """
    from steadyhue.showcase.palettes import save_palettes

    save_palettes(source, output, **options)

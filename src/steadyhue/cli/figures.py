"""``steadyhue compare``, ``palette`` and ``demo``: pictures to look at."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from steadyhue.cli.options import clustering_options
from steadyhue.errors import SteadyhueError


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

    try:
        chosen = [Variant.parse(text) for text in variants]
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    compare(source, output, chosen, force=force, on_step=_steps(quiet))


@click.command()
@click.argument("source", metavar="IN")
@click.option(
    "-o", "--output", required=True, help=".png or .svg ribbon, .json, .csv, .gpl, .hex ..."
)
@clustering_options
@click.option("--frame", type=int, help="The palette of this frame only, counted from 0.")
@click.option(
    "--by", type=click.Choice(("weight", "equal")), default="weight", help="Height of bands."
)
@click.option("-f", "--force", is_flag=True, help="Overwrite what is there.")
def palette(source: str, output: str, **options: Any) -> None:
    """Write the palette of IN: over time, of one frame, or of the whole.

    PNG and SVG are ribbons with time to the right; JSON and CSV have every
    frame's colors and weights; palette files such as .gpl hold one palette.
    """
    from steadyhue.showcase.palettes import save_palettes

    try:
        save_palettes(source, output, **options)
    except ValueError as error:
        if isinstance(error, SteadyhueError):
            raise
        raise click.UsageError(str(error)) from error


@click.command()
@click.argument("clips", nargs=-1, metavar="[CLIP [CLIP]]", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, help="Folder.", type=click.Path(path_type=Path))
@click.option("-f", "--force", is_flag=True, help="Overwrite what is there.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def demo(clips: tuple[Path, ...], output: Path, force: bool, quiet: bool) -> None:
    """Make every figure as one page, from two sample clips or your own."""
    from steadyhue.showcase.demo import demo

    if len(clips) > 2:
        raise click.UsageError("the demo takes one or two clips")
    index = demo(output, clips, force=force, on_step=_steps(quiet))
    click.echo(index)


def _steps(quiet: bool) -> Callable[[str], object]:
    """Return what tells of each step on standard error, when that is a terminal."""
    if quiet or not sys.stderr.isatty():
        return lambda _: None
    return lambda step: click.echo(f"  {step}", err=True)

"""``steadyhue demo``: every figure as one page."""

from __future__ import annotations

from pathlib import Path

import click

from steadyhue.cli.progress import steps


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
    index = demo(output, clips, force=force, on_step=steps(quiet))
    click.echo(index)

"""``steadyhue demo``: every figure as one page."""

from __future__ import annotations

from pathlib import Path

import click

from steadyhue.cli.progress import steps


@click.command()
@click.argument("clips", nargs=-1, metavar="[CLIP [CLIP]]", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, help="Folder.", type=click.Path())
@click.option("-f", "--force", is_flag=True, help="Overwrite what is there.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def demo(clips: tuple[Path, ...], output: str, force: bool, quiet: bool) -> None:
    """Make every figure as one page, from two sample clips or your own."""
    from steadyhue.showcase.demo import demo

    if len(clips) > 2:
        raise click.UsageError("the demo takes one or two clips")
    if not output:
        raise click.UsageError("an empty text names no folder")
    index = demo(Path(output), clips, force=force, on_step=steps(quiet))
    click.echo(index)

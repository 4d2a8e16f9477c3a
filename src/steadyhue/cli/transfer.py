"""The command ``steadyhue transfer``. Nothing heavy is imported before it runs."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steadyhue.cli.options import (
    colors_option,
    dither_options,
    edits_of,
    matching_options,
    reading_options,
    recolor_option,
    seed_option,
    space_options,
    taken_reading,
)
from steadyhue.cli.progress import Progress
from steadyhue.words import TRANSFER_MODES

if TYPE_CHECKING:
    from steadyhue.palettemap import PaletteMap


@click.command()
@click.argument("source", metavar="IN", type=click.Path())
@click.option(
    "--from",
    "reference",
    metavar="REF",
    type=click.Path(),
    help="Picture, animation, palette file, or COLOR,COLOR,...",
)
@click.option(
    "-o", "--output", required=True, type=click.Path(), help="File, or - for standard output."
)
@colors_option
@matching_options
@click.option(
    "--map",
    "map_file",
    type=click.Path(dir_okay=False),
    help="Save the map as JSON, or use the one that is there instead of --from.",
)
@click.option(
    "--save-lut",
    type=click.Path(dir_okay=False),
    help="Write the smooth map as a .cube look-up table.",
)
@click.option("--mode", type=click.Choice(TRANSFER_MODES), show_default="global")
@space_options
@dither_options
@recolor_option
@reading_options
@seed_option
@click.option("-f", "--force", is_flag=True, help="Overwrite what is there.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def transfer(
    source: str,
    reference: str | None,
    output: str,
    map_file: str | None,
    save_lut: str | None,
    force: bool,
    quiet: bool,
    recolor: tuple[str, ...],
    **options: Any,
) -> None:
    """Give IN the colors of another picture, in its own shades.

    IN is reduced to a few colors and each becomes a color of REF, the same one
    throughout, so that what holds still stays still. --match tone keeps the
    relations between shades; frequency, lightness, nearest and assignment are
    the simple ways, for comparison.
    """
    from steadyhue.formats import check_outputs, check_suffix, open_animation
    from steadyhue.formats.maps import encode_cube, encode_map
    from steadyhue.formats.replacing import write_whole
    from steadyhue.recolor import transfer_settings
    from steadyhue.reference import recoloring_by
    from steadyhue.result import Result
    from steadyhue.settings import MOST_COLORS, Matching

    if (map_file or save_lut) and options["mode"] not in (None, "global"):
        raise click.UsageError("--map and --save-lut need --mode global")
    known = _known_map(map_file, reference)
    saved_map = None if known else map_file
    check_suffix(output)
    read = [source, None if known else reference, map_file if known else None]
    check_outputs([output, saved_map, save_lut], read, force=force)
    how = taken_reading(options)
    matching = Matching(**{field.name: options.pop(field.name) for field in fields(Matching)})
    settings = transfer_settings(matching, by_map=known, **options)
    recoloring = recoloring_by(matching, settings, None if known else reference, known)
    edits = edits_of(recolor)
    edits.check(MOST_COLORS if matching.smooth else settings.colors)
    result = Result(open_animation(source, **how), settings, recoloring, edits)
    with Progress(result.name, result.source.n_frames, quiet=quiet) as progress:
        result.save(output, force=force, on_frame=progress.step)
    if result.map is not None:
        if saved_map:
            write_whole(Path(saved_map), encode_map(result.map), force=force)
        if save_lut:
            write_whole(Path(save_lut), encode_cube(result.map), force=force)


def _known_map(map_file: str | None, reference: str | None) -> PaletteMap | None:
    """Read the map to use; None if it is to be made from the reference."""
    from steadyhue.formats.maps import read_map

    there = map_file is not None and Path(map_file).exists()
    if reference is None and not there:
        raise click.UsageError("give --from, or --map with a file that is there")
    if map_file is None or reference is not None:
        return None
    return read_map(map_file)

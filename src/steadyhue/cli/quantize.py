"""``steadyhue quantize``: one input, or many into a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from steadyhue.cli.carrying import carry_out
from steadyhue.cli.inputs import FORMATS, expanded, into_folder
from steadyhue.cli.options import (
    allowances,
    clustering_options,
    dither_options,
    edits_of,
    format_option,
    palette_options,
    reading_options,
    recolor_option,
    settings_of,
    size,
    taken_reading,
)
from steadyhue.cli.progress import Progress

if TYPE_CHECKING:
    from steadyhue.batches.targets import Pair
    from steadyhue.batches.work import Work
    from steadyhue.result import Result
    from steadyhue.words import Allowance


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="IN...", type=click.Path())
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(),
    help="File, folder, or - for standard output.",
)
@clustering_options
@palette_options
@dither_options
@recolor_option
@click.option(
    "--quality",
    type=click.IntRange(1, 100),
    help="Make GIFs small: hold pixels and choose among near colors.  [default: lose nothing]",
)
@click.option(
    "--max-bytes",
    metavar="SIZE",
    type=size,
    help="Find the best quality that fits: 2MB, 800kB.",
)
@click.option(
    "--allow",
    metavar="scale,fps",
    type=allowances,
    help="What --max-bytes may reduce beside quality and colors.",
)
@reading_options
@click.option("--report", type=click.Path(dir_okay=False), help="Write a JSON report.")
@click.option(
    "--save-palette",
    type=click.Path(dir_okay=False),
    help="Write palettes, as the suffix says: .json, .csv, .png, .svg, .gpl, .hex ...",
)
@click.option(
    "--save-labels", type=click.Path(dir_okay=False), help="Write every pixel's slot as .npz."
)
@format_option
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, help="Inputs at a time.")
@click.option("-f", "--force", is_flag=True, help="Overwrite what is there.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def quantize(
    inputs: tuple[str, ...],
    output: str,
    report: str | None,
    save_palette: str | None,
    save_labels: str | None,
    suffix: str | None,
    jobs: int,
    force: bool,
    quiet: bool,
    recolor: tuple[str, ...],
    max_bytes: int | None,
    allow: tuple[Allowance, ...] | None,
    **options: Any,
) -> None:
    """Reduce IN to a few colors.

    IN is a GIF, PNG, WebP, JPEG, BMP, TIFF, PPM, video or .npy file, or a folder or
    quoted pattern ('frames/*.png') of pictures; - reads standard input. The
    suffix of the output chooses its format: .gif, .png, .webp, .mp4, .webm,
    .mkv (lossless), .npy or numbered pictures (frames/%04d.png).

    Several inputs need a folder as output; each keeps its name, and --format
    says what it becomes. A folder of GIFs and videos is as many inputs. One that
    fails doesn't stop the others, and what was made before from the same inputs
    with the same options is kept.
    """
    reading = taken_reading(options)
    options["keep"] = options["keep"] or None
    read = [options["palette"]]
    if max_bytes is not None and options["quality"] is None:
        options["quality"] = 100
    if max_bytes is None and allow:
        raise click.UsageError("--allow has no effect without --max-bytes")
    bound = None if max_bytes is None else Bound(max_bytes, allow or ())
    settings, edits = settings_of(options), edits_of(recolor)
    edits.check(settings.colors)
    from steadyhue.batches.work import Work

    work = Work(settings, edits=edits, **reading)
    sides = Sides(report, save_palette, save_labels)
    sources = expanded(inputs)
    if not into_folder(sources, inputs, output):
        if suffix:
            raise click.UsageError("--format is for a folder; the suffix of a file says it")
        _quantize_single((sources[0], output), work, sides, read, bound, force=force, quiet=quiet)
        return
    wanted = any(side is not None for side in sides)
    if len(sources) > 1 and wanted:
        raise click.UsageError("--report, --save-palette and --save-labels take one input")
    if len(sources) > 1 and bound is not None:
        raise click.UsageError("--max-bytes takes one input")
    from steadyhue.batches.batch import Batch, folder_of
    from steadyhue.batches.targets import pairs

    targets = pairs(sources, output, f".{suffix or FORMATS[0]}")
    batch = Batch(targets, work, output, folder_of(output, None), force)
    batch.check(read)
    if wanted or bound is not None:
        _quantize_single(targets[0], work, sides, read, bound, force=force, quiet=quiet)
    else:
        carry_out(batch, jobs=jobs, quiet=quiet)


class Sides(NamedTuple):
    """Files beside the output, where they are asked for."""

    report: str | None
    palette: str | None
    labels: str | None


class Bound(NamedTuple):
    """Most bytes, and what may be given up for them."""

    most: int
    allow: tuple[Allowance, ...]


def _quantize_single(
    pair: Pair,
    work: Work,
    sides: Sides,
    read: list[str | None],
    bound: Bound | None,
    *,
    force: bool,
    quiet: bool,
) -> None:
    """Quantize one input; write the output, and what is asked for beside it."""
    from steadyhue.formats import check_gif, check_labels, check_outputs, check_suffix
    from steadyhue.formats.replacing import write_whole

    source, target = pair
    check_suffix(target)
    if work.settings.quality is not None:
        check_gif(target, "a quality")
    check_labels(sides.labels)
    if sides.palette is not None:
        from steadyhue.showcase.palettes import check_history  # what draws them is slow to import

        check_history(sides.palette)
    check_outputs([target, *sides], [source, *read], force=force)
    result = work.result(source, source)
    if bound is not None:
        from steadyhue.budget import chosen, within

        result = within(result, *bound)
        if not quiet:
            click.echo(f"{target}: {chosen(result)}", err=True)
    with Progress(result.name, result.source.n_frames, quiet=quiet) as progress:
        result.save(target, labels=sides.labels, force=force, on_frame=progress.step)
    if sides.report is not None:
        text = json.dumps(_report(result)) + "\n"
        write_whole(Path(sides.report), text.encode(), force=force)
    if sides.palette is not None:
        from steadyhue.figures.history import PaletteHistory
        from steadyhue.showcase.palettes import encode_history

        data = encode_history(PaletteHistory.of(result.report), sides.palette)
        write_whole(Path(sides.palette), data, force=force)


def _report(result: Result) -> dict[str, object]:
    return {
        "name": result.name,
        "width": result.width,
        "height": result.height,
        "loop": result.loop,
        "settings": result.settings.to_dict(),
        "frames": [report.to_dict() for report in result.report],
    }

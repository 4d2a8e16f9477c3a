"""``steadyhue quantize``: one input, or many into a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from steadyhue.cli.inputs import FORMATS, Pair, expanded, into_folder, pairs
from steadyhue.cli.options import (
    clustering_options,
    color,
    dither_options,
    edits_of,
    reading_options,
    recolor_option,
    settings_of,
    taken_reading,
)
from steadyhue.cli.progress import Progress
from steadyhue.cli.sentences import one_line_warnings, sentence
from steadyhue.errors import SteadyhueError

if TYPE_CHECKING:
    from steadyhue.result import Result


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="IN...")
@click.option("-o", "--output", required=True, help="File, folder, or - for standard output.")
@clustering_options
@click.option(
    "--palette", metavar="FILE|COLOR,...", help="Use these colors and no others (--mode fixed)."
)
@click.option(
    "--keep-color",
    "keep",
    multiple=True,
    metavar="COLOR",
    type=color,
    help="A color to have in every palette, one of the -k; repeat it for more.",
)
@dither_options
@recolor_option
@reading_options
@click.option("--report", type=click.Path(dir_okay=False), help="Write a JSON report.")
@click.option("--save-palette", type=click.Path(dir_okay=False), help="Write palettes as JSON.")
@click.option(
    "--save-labels", type=click.Path(dir_okay=False), help="Write every pixel's slot as .npz."
)
@click.option(
    "--format",
    "suffix",
    type=click.Choice(FORMATS),
    show_default="gif",
    help="Format of outputs in a folder.",
)
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
    settings, edits = settings_of(options), edits_of(recolor)
    edits.check(settings.colors)
    work = {"reading": reading, "settings": settings, "edits": edits, "read": read}
    sides = Sides(report, save_palette, save_labels)
    sources = expanded(inputs)
    if not into_folder(sources, inputs, output):
        if suffix:
            raise click.UsageError("--format is for a folder; the suffix of a file says it")
        _quantize_single((sources[0], output), work, sides, force=force, quiet=quiet)
        return
    if len(sources) > 1 and any(sides):
        raise click.UsageError("--report, --save-palette and --save-labels take one input")
    targets = pairs(sources, output, f".{suffix or FORMATS[0]}")
    if any(sides):
        _quantize_single(targets[0], work, sides, force=force, quiet=quiet)
    else:
        _quantize_many(targets, work, jobs=jobs, force=force, quiet=quiet)


class Sides(NamedTuple):
    """Files beside the output, where they are asked for."""

    report: str | None
    palette: str | None
    labels: str | None


def _quantize_single(
    pair: Pair, work: Mapping[str, Any], sides: Sides, *, force: bool, quiet: bool
) -> None:
    """Quantize one input; write the output, and what is asked for beside it."""
    from steadyhue.formats import check_outputs, check_suffix

    source, target = pair
    check_suffix(target)
    read = [source, *work["read"]]
    check_outputs([target, *sides], read, force=force)
    result = _result(source, work)
    with Progress(result.name, result.source.n_frames, quiet=quiet) as progress:
        result.save(target, labels=sides.labels, force=force, on_frame=progress.step)
    if sides.report:
        _write(sides.report, json.dumps(_report(result)), force=force)
    if sides.palette:
        from steadyhue.figures.history import PaletteHistory

        _write(sides.palette, PaletteHistory.of(result.report).to_json(), force=force)


def _result(source: str, work: Mapping[str, Any]) -> Result:
    from steadyhue.formats import open_animation
    from steadyhue.result import Result

    clip = open_animation(source, **work["reading"])
    return Result(clip, work["settings"], edits=work["edits"])


def _quantize_one(source: str, target: str, work: Mapping[str, Any]) -> str | None:
    """Quantize one of many inputs; return what went wrong, if anything."""
    try:
        with one_line_warnings():
            # What is there already is this run's to replace: the ledger was asked.
            _result(source, work).save(target, force=True)
    except (SteadyhueError, OSError, MemoryError) as error:
        reason = sentence(error)
        return reason if reason.startswith(source) else f"{source}: {reason}"
    return None


def _quantize_many(
    targets: list[Pair], work: Mapping[str, Any], *, jobs: int, force: bool, quiet: bool
) -> None:
    """Quantize all inputs, then say what was kept and what went wrong."""
    from steadyhue.cli import batch
    from steadyhue.cli.ledger import Ledger
    from steadyhue.formats import check_outputs

    read = [*(source for source, _ in targets), *work["read"]]
    check_outputs([target for _, target in targets], read, force=True)
    ledger = Ledger(Path(targets[0][1]).parent, _plain(work))
    verdicts = [ledger.verdict(*pair, force=force) for pair in targets]
    kept = verdicts.count("")
    errors = [verdict for verdict in verdicts if verdict]
    todo = [pair for pair, verdict in zip(targets, verdicts, strict=True) if verdict is None]
    ledger.begin(todo)
    try:
        with Progress("inputs", len(todo), quiet=quiet, unit="files") as progress:
            for outcome in batch.run(_quantize_one, todo, work, jobs=jobs):
                if outcome.error:
                    errors.append(outcome.error)
                else:
                    ledger.done(outcome.source, outcome.target)
                progress.step()
    finally:
        ledger.end()
    if kept and not quiet:
        click.echo(f"{kept} kept: {_WHY_KEPT}", err=True)
    if errors:
        click.echo("\n".join(sorted(errors)), err=True)
        raise click.ClickException(f"{len(errors)} of {len(targets)} inputs failed")


_WHY_KEPT = "made from the same inputs with the same options; --force makes them anew"


def _plain(work: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is done to inputs as plain JSON values, for the ledger."""
    from importlib.metadata import version  # slow to import

    reading = {name: asdict(part) for name, part in work["reading"].items()}
    done = {"settings": work["settings"].to_dict(), "recolor": work["edits"].to_dict()}
    return {"version": version("steadyhue"), **done, **reading}


def _report(result: Result) -> dict[str, object]:
    return {
        "name": result.name,
        "width": result.width,
        "height": result.height,
        "loop": result.loop,
        "settings": result.settings.to_dict(),
        "frames": [report.to_dict() for report in result.report],
    }


def _write(path: str, text: str, *, force: bool) -> None:
    from steadyhue.formats.replacing import write_whole

    write_whole(Path(path), f"{text.strip()}\n".encode(), force=force)

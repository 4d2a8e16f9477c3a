"""``steadyhue quantize``: one input, or many into a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steadyhue.cli.options import (
    clustering_options,
    color,
    dither_options,
    reading_options,
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
@reading_options
@click.option("--report", type=click.Path(dir_okay=False), help="Write a JSON report.")
@click.option("--save-palette", type=click.Path(dir_okay=False), help="Write palettes as JSON.")
@click.option(
    "--save-labels", type=click.Path(dir_okay=False), help="Write every pixel's slot as .npz."
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
    jobs: int,
    force: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Reduce IN to a few colors.

    IN is a GIF, PNG, WebP, JPEG, BMP, TIFF, PPM, video or .npy file, or a folder or
    quoted pattern ('frames/*.png') of pictures; - reads standard input. The
    suffix of the output chooses its format: .gif, .png, .webp, .mp4, .webm,
    .mkv (lossless), .npy or numbered pictures (frames/%04d.png).

    Several inputs need a folder as output; each keeps its name. One that fails
    doesn't stop the others, and what is newer than its input is kept.
    """
    reading = taken_reading(options)
    options["keep"] = options["keep"] or None
    work = {"reading": reading, "settings": settings_of(options)}
    targets = _targets(inputs, output)
    sides = [side for side in (report, save_palette, save_labels) if side]
    if len(inputs) > 1:
        if sides:
            raise click.UsageError("--report, --save-palette and --save-labels take one input")
        _quantize_many(targets, work, jobs=jobs, force=force, quiet=quiet)
        return
    _check_sides(sides, force=force)
    result = _result(inputs[0], work)
    with Progress(result.name, result.source.n_frames, quiet=quiet) as progress:
        result.save(targets[0][1], labels=save_labels, force=force, on_frame=progress.step)
    if report:
        _write(report, json.dumps(_report(result)))
    if save_palette:
        from steadyhue.figures.history import PaletteHistory

        _write(save_palette, PaletteHistory.of(result.report).to_json())


def _result(source: str, work: Mapping[str, Any]) -> Result:
    from steadyhue.formats import open_animation
    from steadyhue.result import Result

    return Result(open_animation(source, **work["reading"]), work["settings"])


def _quantize_one(source: str, target: str, work: Mapping[str, Any]) -> str | None:
    """Quantize one of many inputs; return what went wrong, if anything."""
    try:
        with one_line_warnings():
            # What is there already is older than its input, or is to be replaced.
            _result(source, work).save(target, force=True)
    except (SteadyhueError, OSError, MemoryError) as error:
        reason = sentence(error)
        return reason if reason.startswith(source) else f"{source}: {reason}"
    return None


def _quantize_many(
    targets: list[tuple[str, str]],
    work: Mapping[str, Any],
    *,
    jobs: int,
    force: bool,
    quiet: bool,
) -> None:
    """Quantize all inputs, then say what was kept and what went wrong."""
    from steadyhue.cli import batch

    outcomes = []
    with Progress("inputs", len(targets), quiet=quiet, unit="files") as progress:
        for outcome in batch.run(_quantize_one, targets, work, jobs=jobs, force=force):
            outcomes.append(outcome)
            progress.step()
    kept = sum(outcome.kept for outcome in outcomes)
    errors = [outcome.error for outcome in outcomes if outcome.error]
    if kept and not quiet:
        click.echo(f"{kept} kept, as they are newer than their inputs (--force: anew)", err=True)
    if errors:
        click.echo("\n".join(sorted(errors)), err=True)
        raise click.ClickException(f"{len(errors)} of {len(outcomes)} inputs failed")


def _targets(inputs: tuple[str, ...], output: str) -> list[tuple[str, str]]:
    """Pair each input with its output."""
    folder = Path(output)
    if len(inputs) == 1 and not (folder.is_dir() or output.endswith("/")):
        return [(inputs[0], output)]
    if output == "-":
        raise click.UsageError("several inputs need a folder as output")
    if folder.exists() and not folder.is_dir():
        raise click.UsageError(f"several inputs need a folder as output, and {output} is a file")
    folder.mkdir(parents=True, exist_ok=True)
    names = ["stdin" if source == "-" else Path(source).name for source in inputs]
    stems = [Path(name).stem for name in names]
    # clip.mp4 beside clip.gif becomes clip.mp4.gif.
    outputs = [
        f"{name if stems.count(stem) > 1 else stem}.gif"
        for name, stem in zip(names, stems, strict=True)
    ]
    if len(set(outputs)) < len(outputs):
        raise click.UsageError("two inputs have the same name and would have the same output")
    return [(source, str(folder / output)) for source, output in zip(inputs, outputs, strict=True)]


def _report(result: Result) -> dict[str, object]:
    return {
        "name": result.name,
        "width": result.width,
        "height": result.height,
        "loop": result.loop,
        "settings": result.settings.to_dict(),
        "frames": [report.to_dict() for report in result.report],
    }


def _check_sides(paths: list[str], *, force: bool) -> None:
    """Refuse what could not be written when all the work is done."""
    from steadyhue.formats.sink import check_target

    for path in paths:
        check_target(Path(path), path, force=force)


def _write(path: str, text: str) -> None:
    from steadyhue.formats.sink import write_whole

    write_whole(Path(path), f"{text.strip()}\n".encode(), force=True)

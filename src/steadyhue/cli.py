"""The command line: options to the API, errors to one sentence and an exit code.

Nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from steadyhue.errors import FormatWarning, OutputError, SteadyhueError
from steadyhue.options import READING, color, dither_options, reading_options
from steadyhue.progress import Progress
from steadyhue.transfer_command import transfer

Command = TypeVar("Command", bound=Callable[..., Any])

if TYPE_CHECKING:
    from steadyhue.api import QuantizedAnimation

# Nothing here is worth BLAS threads, and starting them takes a third of NumPy's import.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

DEFAULT_MODE = "steady"
MODES = ("independent", "seeded", "steady", "global", "fixed")
SPACES = ("srgb", "linear", "oklab", "lab")
DISTANCES = ("euclidean", "manhattan")


class _OneSentenceErrors(click.Group):
    """Turns the errors people can act on into one sentence and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        # So that what is half-written is removed then, too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        with _one_line_warnings():
            try:
                return super().invoke(ctx)
            except (SteadyhueError, OSError, MemoryError) as error:
                raise click.ClickException(_sentence(error)) from error


@contextmanager
def _one_line_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("always", FormatWarning)
        warnings.showwarning = lambda message, *_: _show_warning(message)
        yield


def _show_warning(message: Warning | str) -> None:
    click.echo(f"Warning: {message}", err=True)


def _sentence(error: Exception) -> str:
    if isinstance(error, SteadyhueError):
        return str(error)
    if isinstance(error, MemoryError):
        return "not enough memory for this input"
    reason = getattr(error, "strerror", None) or str(error)
    name = getattr(error, "filename", None)
    return f"{name}: {reason}" if name else reason


@click.group(cls=_OneSentenceErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="steadyhue", prog_name="steadyhue")
def main() -> None:
    """Reduce animations to a few colors that hold still."""


main.add_command(transfer)


def _clustering_options(command: Command) -> Command:
    """Add the options that say how colors are chosen."""
    options = (
        click.option("-k", "--colors", type=click.IntRange(1, 256), default=10, show_default=True),
        click.option("--mode", type=click.Choice(MODES), default=DEFAULT_MODE, show_default=True),
        click.option(
            "--steadiness",
            type=click.FloatRange(0, 1),
            default=0.5,
            show_default=True,
            help="How much error mode steady trades for stillness.",
        ),
        click.option("--space", type=click.Choice(SPACES), default="srgb", show_default=True),
        click.option(
            "--distance", type=click.Choice(DISTANCES), default="euclidean", show_default=True
        ),
        click.option(
            "--seed", type=click.IntRange(min=0), default=0, help="Seed of random choices."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@click.argument("inputs", nargs=-1, required=True, metavar="IN...")
@click.option("-o", "--output", required=True, help="File, folder, or - for standard output.")
@_clustering_options
@click.option(
    "--palette", metavar="FILE|HEX,HEX", help="Use these colors and no others (--mode fixed)."
)
@click.option(
    "--keep-color",
    "keep",
    multiple=True,
    metavar="HEX",
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

    IN is a GIF, PNG, WebP, JPEG, BMP, video or .npy file, or a folder or
    quoted pattern ('frames/*.png') of pictures; - reads standard input. The
    suffix of the output chooses its format: .gif, .png, .webp, .mp4, .webm,
    .mkv (lossless), .npy or numbered pictures (frames/%04d.png).

    Several inputs need a folder as output; each keeps its name. One that fails
    doesn't stop the others, and what is newer than its input is kept.
    """
    targets = _targets(inputs, output)
    sides = [side for side in (report, save_palette, save_labels) if side]
    if len(inputs) > 1:
        if sides:
            raise click.UsageError("--report, --save-palette and --save-labels take one input")
        _quantize_many(targets, options, jobs=jobs, force=force, quiet=quiet)
        return
    for side in sides:
        if Path(side).exists() and not force:
            raise OutputError(f"{side}: is there already; --force overwrites it")
    result = _result(inputs[0], options)
    with Progress(result.name, result.source.n_frames, quiet=quiet) as progress:
        result.save(targets[0][1], labels=save_labels, force=force, on_frame=progress.step)
    if report:
        _write_json(report, _report(result))
    if save_palette:
        _write_json(save_palette, [r.to_dict()["palette"] for r in result.report])


def _result(source: str, options: Mapping[str, Any]) -> QuantizedAnimation:
    from steadyhue import api

    reading = {name: options[name] for name in READING}
    others = {name: value for name, value in options.items() if name not in READING}
    if others["palette"] is not None:
        from steadyhue.formats.palettes import parse_palette

        others.update(palette=parse_palette(others["palette"]).colors, mode="fixed")
    try:
        return api.quantize(api.open(source, **reading), **others)
    except SteadyhueError:
        raise
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _quantize_one(source: str, target: str, options: Mapping[str, Any]) -> str | None:
    """Quantize one of many inputs; return what went wrong, if anything."""
    try:
        with _one_line_warnings():
            # What is there already is older than its input, or is to be replaced.
            _result(source, options).save(target, force=True)
    except (SteadyhueError, OSError, MemoryError) as error:
        sentence = _sentence(error)
        return sentence if sentence.startswith(source) else f"{source}: {sentence}"
    return None


def _quantize_many(
    targets: list[tuple[str, str]],
    options: Mapping[str, Any],
    *,
    jobs: int,
    force: bool,
    quiet: bool,
) -> None:
    """Quantize all inputs, then say what was kept and what went wrong."""
    from steadyhue import batch

    outcomes = []
    with Progress("inputs", len(targets), quiet=quiet, unit="files") as progress:
        for outcome in batch.run(_quantize_one, targets, options, jobs=jobs, force=force):
            outcomes.append(outcome)
            progress.step()
    kept = sum(outcome.kept for outcome in outcomes)
    errors = [outcome.error for outcome in outcomes if outcome.error]
    if kept and not quiet:
        click.echo(f"{kept} kept, as they are newer than their inputs (--force: anew)", err=True)
    if errors:
        click.echo("\n".join(sorted(errors)), err=True)
        raise click.ClickException(f"{len(errors)} of {len(outcomes)} inputs failed")


@main.command()
@click.argument("source")
@click.argument("outputs", nargs=-1, required=True, metavar="OUT...")
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
    from steadyhue.measurement import table

    try:
        found = [api.measure(source, output, ratio=ratio) for output in outputs]
    except SteadyhueError:
        raise
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps([measurement.to_dict() for measurement in found], indent=2))
    else:
        click.echo(table(found))


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


def _report(result: QuantizedAnimation) -> dict[str, object]:
    model = result.model
    return {
        "name": result.name,
        "width": result.width,
        "height": result.height,
        "loop": result.loop,
        "colors": model.n_clusters,
        "mode": model.mode,
        "space": result.space,
        "distance": model.distance,
        "frames": [report.to_dict() for report in result.report],
    }


def _write_json(path: str, value: object) -> None:
    Path(path).write_text(json.dumps(value) + "\n")


@main.command()
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
    from steadyhue.figures.compare import compare
    from steadyhue.figures.treatment import Variant

    try:
        chosen = [Variant.parse(text) for text in variants]
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    compare(source, output, chosen, force=force, on_step=_steps(quiet))


@main.command()
@click.argument("source", metavar="IN")
@click.option(
    "-o", "--output", required=True, help=".png or .svg ribbon, .json, .csv, .gpl, .hex ..."
)
@_clustering_options
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
    from steadyhue.figures.palettes import save_palettes

    try:
        save_palettes(source, output, **options)
    except ValueError as error:
        if isinstance(error, SteadyhueError):
            raise
        raise click.UsageError(str(error)) from error


@main.command()
@click.argument("clips", nargs=-1, metavar="[CLIP [CLIP]]", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, help="Folder.", type=click.Path(path_type=Path))
@click.option("-f", "--force", is_flag=True, help="Overwrite what is there.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def demo(clips: tuple[Path, ...], output: Path, force: bool, quiet: bool) -> None:
    """Make every figure as one page, from two sample clips or your own."""
    from steadyhue.figures.demo import demo

    if len(clips) > 2:
        raise click.UsageError("the demo takes one or two clips")
    index = demo(output, clips, force=force, on_step=_steps(quiet))
    click.echo(index)


def _steps(quiet: bool) -> Callable[[str], object]:
    """Return what tells of each step on standard error, when that is a terminal."""
    if quiet or not sys.stderr.isatty():
        return lambda _: None
    return lambda step: click.echo(f"  {step}", err=True)

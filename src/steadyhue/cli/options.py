"""Options that commands share, and what the command line makes of them.

What is not given is None, so that `settings` can refuse what would have no effect. Nothing
heavy is imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from steadyhue.cli.inputs import FORMATS
from steadyhue.words import (
    ALLOWANCES,
    DISTANCES,
    DITHERS,
    FITS,
    MATCHES,
    MODES,
    PANELS,
    SPACES,
    SPREAD,
    Allowance,
    parse_bytes,
    parse_color,
    parse_time,
)

if TYPE_CHECKING:
    from steadyhue.edits import Edits
    from steadyhue.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

_TIMING = ("start", "duration", "every", "fps")
_RASTER = ("width", "height", "alpha_threshold", "matte", "fit")
_LIMITS = ("max_pixels", "max_frames")


def color(text: str) -> tuple[int, int, int]:
    """Parse an sRGB color; see `words.parse_color`."""
    try:
        return parse_color(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def size(text: str) -> int:
    """Parse a size in bytes; see `words.parse_bytes`."""
    try:
        return parse_bytes(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def allowances(text: str) -> tuple[Allowance, ...]:
    """Parse what a limit for bytes may reduce: words of `ALLOWANCES`, with commas."""
    found = [word for word in ALLOWANCES if word in text.split(",")]
    if len(found) != len(set(text.split(","))):
        raise click.BadParameter(f"{text!r} is not of {', '.join(ALLOWANCES)}")
    return tuple(found)


def seconds(text: str) -> float:
    """Parse a time in seconds, M:SS or H:MM:SS, to milliseconds."""
    try:
        return parse_time(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def reading_options(command: Command) -> Command:
    """Add the options that say which frames are read, and at which size."""
    options = [
        click.option("--start", type=seconds, default="0", help="Leave out the beginning."),
        click.option("--duration", type=seconds, help="Keep so much after that."),
        click.option("--every", type=click.IntRange(1), default=1, help="Keep one frame of N."),
        click.option(
            "-r",
            "--fps",
            type=click.FloatRange(0.001, 1000),
            help="Frames a second; default is the source's times.",
        ),
        click.option("-W", "--width", type=click.IntRange(1), help="Most pixels across."),
        click.option("-H", "--height", type=click.IntRange(1), help="Most pixels down."),
        click.option(
            "--alpha-threshold",
            type=click.IntRange(0, 256),
            default=128,
            help="Alpha from which a pixel is opaque.  [default: 128]",
        ),
        click.option("--matte", type=color, help="Color to lay under transparent pixels."),
        click.option(
            "--fit",
            type=click.Choice(FITS),
            help="Make all pictures exactly one size, that of -W and -H or of the first.",
        ),
        click.option(
            "--max-pixels",
            type=click.IntRange(1),
            help="Refuse larger pictures.  [default: 36000000]",
        ),
        click.option(
            "--max-frames",
            type=click.IntRange(1),
            help="Refuse to make more frames.  [default: 100000]",
        ),
    ]
    return _with(options, command)


def dither_options(command: Command) -> Command:
    """Add the options of dithering."""
    options = [
        click.option("--dither", type=click.Choice(DITHERS), show_default=DITHERS[0]),
        click.option(
            "--dither-strength",
            type=click.FloatRange(0, 1),
            show_default="1",
            help="How far colors are mixed.",
        ),
    ]
    return _with(options, command)


def recolor_option(command: Command) -> Command:
    """Add slots to show in other colors."""
    option = click.option(
        "--recolor",
        multiple=True,
        metavar="SLOT=COLOR|SLOT",
        help="Show a slot in this color, or as another slot; repeat it for more.",
    )
    return option(command)


def colors_option(command: Command) -> Command:
    """Add the number of colors."""
    option = click.option("-k", "--colors", type=click.IntRange(1, 256), show_default="10")
    return option(command)


def seed_option(command: Command) -> Command:
    """Add the seed."""
    seeds = click.IntRange(min=0, max=(1 << 63) - 1)  # as Settings
    option = click.option("--seed", type=seeds, help="Seed of random choices.")
    return option(command)


def clustering_options(command: Command) -> Command:
    """Add the options that say how colors are chosen."""
    options = [
        colors_option,
        click.option("--mode", type=click.Choice(MODES), show_default="steady"),
        click.option(
            "--steadiness",
            type=click.FloatRange(0, 1),
            show_default="0.5",
            help="How much error mode steady trades for stillness.",
        ),
        space_options,
        seed_option,
    ]
    return _with(options, command)


def space_options(command: Command) -> Command:
    """Add where and how colors are compared."""
    options = [
        click.option("--space", type=click.Choice(SPACES), default="srgb", show_default=True),
        click.option(
            "--distance", type=click.Choice(DISTANCES), default="euclidean", show_default=True
        ),
    ]
    return _with(options, command)


def palette_options(command: Command) -> Command:
    """Add the colors that are given."""
    options = [
        click.option(
            "--palette",
            metavar="FILE|COLOR,...|PANEL",
            type=click.Path(),
            help=f"Use these colors and no others (--mode fixed). Panels: {', '.join(PANELS)}.",
        ),
        click.option(
            "--keep-color",
            "keep",
            multiple=True,
            metavar="COLOR",
            type=color,
            help="A color to have in every palette, one of the -k; repeat it for more.",
        ),
    ]
    return _with(options, command)


def matching_options(command: Command) -> Command:
    """Add the options that say which color becomes which."""
    options = [
        click.option(
            "--reference-colors",
            type=click.IntRange(1, 256),
            help="Colors to choose from in a picture or animation; default is 64 for tone, else -k.",
        ),
        click.option("--match", type=click.Choice(MATCHES), default=MATCHES[0], show_default=True),
        click.option(
            "--spread",
            type=click.FloatRange(0, 1),
            show_default=str(SPREAD),
            help="How fully to use REF's colors where IN has nothing like them.",
        ),
        click.option("--smooth", is_flag=True, help="Keep gradients, in up to 256 blended colors."),
    ]
    return _with(options, command)


def format_option(command: Command) -> Command:
    """Add the format of outputs in a folder."""
    option = click.option(
        "--format",
        "suffix",
        type=click.Choice(FORMATS),
        show_default="gif",
        help="Format of outputs in a folder.",
    )
    return option(command)


def _with(options: Sequence[Callable[[Command], Command]], command: Command) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


def taken_reading(options: dict[str, Any]) -> dict[str, Any]:
    """Take the options of reading out of all, as `formats.open_animation` wants them."""
    from steadyhue.formats import Limits, Raster, Timing

    return {
        "timing": Timing(**{name: options.pop(name) for name in _TIMING}),
        "raster": Raster(**{name: options.pop(name) for name in _RASTER}),
        "limits": Limits.of(**{name: options.pop(name) for name in _LIMITS}),
    }


def settings_of(options: dict[str, Any]) -> Settings:
    """Return the settings that the options ask for; ``--palette`` may name a file."""
    from steadyhue.settings import Settings

    given = dict(options)
    if given.get("palette") is not None:
        from steadyhue.formats.palettes import parse_palette

        given["palette"] = parse_palette(given["palette"])
    return Settings.of(**given)


def edits_of(texts: Sequence[str]) -> Edits:
    """Return what ``--recolor`` asks for."""
    from steadyhue.edits import Edits

    return Edits.parse(texts)

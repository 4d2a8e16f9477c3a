"""Options that commands share, and what the command line makes of them.

Nothing heavy is imported here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

DEFAULT_MODE = "steady"
MODES = ("independent", "seeded", "steady", "global", "fixed")
SPACES = ("srgb", "linear", "oklab", "lab")
DISTANCES = ("euclidean", "manhattan")
DITHERS = ("none", "bayer", "blue-noise", "floyd-steinberg")

Command = TypeVar("Command", bound=Callable[..., Any])

READING = ("start", "duration", "every", "fps", "width", "height", "alpha_threshold", "matte")
"""Names of the options that say how an input is read: those of `api.open`."""


def color(text: str) -> tuple[int, int, int]:
    """Parse an sRGB color: RRGGBB or RGB in hexadecimal, with or without ``#``."""
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    if not re.fullmatch("[0-9a-fA-F]{6}", digits):
        raise click.BadParameter(f"{text!r} is not a color such as #ff8800")
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def seconds(text: str) -> float:
    """Parse a time in seconds, M:SS or H:MM:SS, to milliseconds."""
    if not re.fullmatch(r"(\d+:){0,2}(\d+\.?\d*|\.\d+)", text):
        raise click.BadParameter(f"{text!r} is not a time such as 2.5 or 1:30")
    total = 0.0
    for part in text.split(":"):
        total = total * 60 + float(part)
    return total * 1000


def reading_options(command: Command) -> Command:
    """Add the options that say which frames are read, and at which size."""
    options = [
        click.option("--start", type=seconds, default="0", help="Leave out the beginning."),
        click.option("--duration", type=seconds, help="Keep so much after that."),
        click.option("--every", type=click.IntRange(1), default=1, help="Keep one frame of N."),
        click.option(
            "-r",
            "--fps",
            type=click.FloatRange(0, 1000, min_open=True),
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
    ]
    for option in reversed(options):
        command = option(command)
    return command


def dither_options(command: Command) -> Command:
    """Add the options of dithering."""
    strength = click.option(
        "--dither-strength", type=click.FloatRange(0, 1), default=1.0, help="From 0 to 1."
    )
    kind = click.option(
        "--dither", type=click.Choice(DITHERS), default=DITHERS[0], show_default=True
    )
    return kind(strength(command))


def clustering_options(command: Command) -> Command:
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

"""The four functions people call: they join the formats with the pipeline."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike
from pathlib import Path

from steadyhue.budget import within
from steadyhue.errors import OptionError
from steadyhue.formats import Limits, Openable, open_animation
from steadyhue.frame import Animation
from steadyhue.metrics import Measurement, compare
from steadyhue.oracle import best_error
from steadyhue.palettemap import PaletteMap
from steadyhue.reading import reading
from steadyhue.recolor import transfer_settings
from steadyhue.reference import Reference, recoloring_by
from steadyhue.result import Result
from steadyhue.settings import Colors, Matching, Settings
from steadyhue.thrift import QUALITIES
from steadyhue.words import (
    Allowance,
    Distance,
    Dither,
    Fit,
    Match,
    Mode,
    Space,
)


def open(
    source: Openable,
    *,
    start: float | str = 0.0,
    duration: float | str | None = None,
    every: int = 1,
    fps: float | None = None,
    width: int | None = None,
    height: int | None = None,
    alpha_threshold: int = 128,
    matte: tuple[int, int, int] | str | None = None,
    fit: Fit | None = None,
    limits: Limits | None = None,
) -> Animation:
    """Open an animation; frames are decoded as they are asked for.

    Parameters
    ----------
    source : path, bytes, binary file, array, list of arrays, Pillow image or Animation
        A GIF, PNG, WebP, JPEG, BMP, TIFF, PPM, video or ``.npy`` file; a folder, a glob
        or a numbered pattern (``%04d.png``) of pictures; ``-`` reads standard input. Arrays
        are (H, W, 3 or 4) uint8 pixels of one frame, or (T, H, W, 3 or 4) of T frames.
    start, duration : float or str
        How much to leave out at the beginning, and to keep after that: numbers are
        milliseconds, as all times of frames; texts are seconds, ``"2.5"`` or ``"1:23.5"``,
        as on the command line.
    every : int
        Keep one frame of so many; it stays for the time of those left out.
    fps : float, optional
        Come to a constant rate by repeating and leaving out frames. Pictures
        without times are shown at that rate, each once; 10 without it.
    width, height : int, optional
        Reduce larger pictures to this, in linear light; the shape is kept.
    alpha_threshold : int in [0, 256]
        Pixels whose alpha is below it are transparent, the others opaque.
    matte : (r, g, b) or text, optional
        sRGB color to lay under every picture, so that nothing is transparent; a text is hex
        or a CSS name.
    fit : str, optional
        Makes all pictures exactly one size, that of `width` and `height` or else of the
        first: ``pad`` shows each whole in a border, transparent or of the matte; ``crop`` fills
        the size. Without it, pictures of several sizes are refused.
    limits : Limits, optional
        How much the file may ask for.

    Returns
    -------
    Animation
        Lazy: iterate it for `Frame` objects, as often as you like.

    Raises
    ------
    OptionError
        If an argument is out of its range, or the source is of a kind that cannot be opened.
    FormatError
        If the file is malformed or of an unknown kind.
    LimitError
        If it asks for more pixels or frames than the limits allow.
    MissingDependencyError
        If it is a video and the extra ``video`` is not installed.
    """
    timing, raster, bounds = reading(
        start=start,
        duration=duration,
        every=every,
        fps=fps,
        width=width,
        height=height,
        alpha_threshold=alpha_threshold,
        matte=matte,
        fit=fit,
        limits=limits,
    )
    return open_animation(source, timing=timing, raster=raster, limits=bounds)


def quantize(
    source: Openable,
    colors: int | None = None,
    *,
    mode: Mode | None = None,
    space: Space = "srgb",
    distance: Distance = "euclidean",
    dither: Dither | None = None,
    dither_strength: float | None = None,
    steadiness: float | None = None,
    palette: Colors | None = None,
    keep: Colors | None = None,
    seed: int | None = None,
    quality: int | None = None,
    max_bytes: int | None = None,
    allow: Collection[Allowance] = (),
) -> Result:
    """Reduce an animation to few colors.

    Parameters
    ----------
    source : Animation, or anything that `open` takes
        What to reduce.
    colors : int in [1, 256], optional
        Most colors of a frame: 10 if not given, or as many as the palette has.
    mode : str, optional
        ``steady``, the default, looks some frames ahead for palettes that are as good as each
        frame's own and hold still; ``seeded`` starts each frame from the previous
        frame's centers and does nothing else;
        ``independent`` runs k-means on every frame from random centers, which
        flickers; ``global`` finds one palette for all frames in two passes;
        ``fixed`` uses `palette`.
    space : str
        Color space of the clustering: srgb, linear, oklab or lab.
    distance : str
        ``euclidean`` (k-means) or ``manhattan`` (k-medians).
    dither : str, optional
        ``none``, the default, ``bayer``, ``blue-noise`` or ``floyd-steinberg``; still pixels
        stay still with all of them.
    dither_strength : float in [0, 1], optional
        1, the default, mixes colors in full.
    steadiness : float in [0, 1], optional
        How much error mode ``steady`` trades for stillness where a clip's colors
        change: at 0 each frame has its own best palette, at 1 nothing still is
        repainted within a shot if it can be helped. Default is 0.5.
    palette : Palette, text, list of texts or (k, 3) integer array, optional
        sRGB colors to use and no others, in mode ``fixed``. Texts are hex colors or CSS
        names.
    keep : as `palette`, optional
        sRGB colors to have in every palette, in its last slots; they are among
        the `colors`, and the clusters are found beside them.
    seed : int in [0, 2**63), optional
        Seed of the random choices, 0 by default; one seed, one result.
    quality : int in [1, 100], optional
        Makes GIFs small: each pixel is held for as long as its color serves, and compression
        chooses among colors that are near enough, the more freely the lower this is. By default
        there are 255 colors then, one palette a shot, and errors are diffused. Such a result is
        saved as a GIF. Without it nothing is lost but colors.
    max_bytes : int, optional
        Finds the best quality, up to `quality`, whose GIF has at most so many bytes, then fewer
        colors. The source is read and quantized for each try, at once.
    allow : collection of str
        What may be given up for `max_bytes` besides: ``scale``, ``fps``.

    Returns
    -------
    Result
        Lazy: nothing is decoded before it is iterated or saved.

    Raises
    ------
    OptionError
        If an argument is unknown, out of its range, contradicts another or has no effect:
        before the source is opened.
    FormatError
        If the source cannot be read.

    Examples
    --------
    >>> import numpy as np, steadyhue as sh
    >>> black = np.zeros((3, 4, 4, 3), np.uint8)
    >>> [frame.palette.tolist() for frame in sh.quantize(black, colors=2)][0][0]
    [0, 0, 0]
    """
    settings = Settings.of(
        colors,
        mode=mode,
        space=space,
        distance=distance,
        dither=dither,
        dither_strength=dither_strength,
        steadiness=steadiness,
        palette=palette,
        keep=keep,
        seed=seed,
        quality=QUALITIES[1] if quality is None and max_bytes is not None else quality,
    )
    if max_bytes is None and allow:
        raise OptionError("allow has no effect without max_bytes")
    result = Result(open_animation(source), settings)
    return result if max_bytes is None else within(result, max_bytes, allow)


def transfer(
    source: Openable,
    reference: Reference | None = None,
    colors: int | None = None,
    *,
    match: Match = "tone",
    spread: float | None = None,
    smooth: bool = False,
    reference_colors: int | None = None,
    palette_map: PaletteMap | None = None,
    mode: Mode | None = None,
    space: Space = "srgb",
    distance: Distance = "euclidean",
    dither: Dither = "none",
    dither_strength: float | None = None,
    seed: int | None = None,
) -> Result:
    """Give an animation the colors of another picture, in its own shades.

    The source is reduced to few colors and each becomes a color of the
    reference, the same one throughout: what holds still stays still.

    Parameters
    ----------
    source : Animation, or anything that `open` takes
        What to recolor.
    reference : Palette, anything that `open` takes, or text
        Where the colors come from: a picture or animation (its frames pooled
        by duration), a palette, a palette file, or colors such as
        ``"#1d2b53,#fff1e8"``.
    colors : int in [1, 256], optional
        Colors the source is matched by, and most colors of the result; 10 by default.
    match : str
        Which color becomes which; see `palettemap.match`.
    spread : float in [0, 1], optional
        For ``tone``: 0 leaves reference colors unused where the source has
        nothing like them; 1 comes as near to all of them as it can. 0.4 if not given.
    smooth : bool
        Move every color by a soft blend of its neighbors' moves, so that
        gradients survive, in up to 256 colors that the reference may not have.
    reference_colors : int, optional
        Colors to take from a picture or animation, of which each slot gets one; 64 for
        ``tone`` if not given, else as `colors`.
    palette_map : PaletteMap, optional
        A map to use instead of a reference, such as that of another transfer.
    mode : str, optional
        ``global``, the default (two passes, no flicker at all), or ``steady`` or ``seeded``,
        which cluster frame by frame; a smooth transfer and a map need ``global``.
    space, distance, seed
        As in `quantize`, for the source and the reference.
    dither, dither_strength
        As in `quantize`, for the source.

    Returns
    -------
    Result
        Lazy: nothing is decoded before it is iterated or saved.

    Raises
    ------
    OptionError
        As for `quantize`.
    FormatError
        If the source or the reference cannot be read.

    Examples
    --------
    >>> import numpy as np, steadyhue as sh
    >>> picture = np.array([[[0, 0, 0], [90, 90, 90], [255, 255, 255]]], np.uint8)
    >>> (frame,) = sh.transfer(picture, "#204060,#a0c0e0", colors=2)
    >>> frame.rgba()[0, :, :3].tolist()
    [[32, 64, 96], [32, 64, 96], [160, 192, 224]]
    """
    matching = Matching(
        match=match, spread=spread, smooth=smooth, reference_colors=reference_colors
    )
    settings = transfer_settings(
        matching,
        by_map=palette_map,
        colors=colors,
        mode=mode,
        space=space,
        distance=distance,
        dither=dither,
        dither_strength=dither_strength,
        seed=seed,
    )
    recoloring = recoloring_by(matching, settings, reference, palette_map)
    return Result(open_animation(source), settings, recoloring)


def measure(source: Openable, output: Openable | Result, *, ratio: bool = True) -> Measurement:
    """Measure how far an animation is from its source, and how still it holds.

    Parameters
    ----------
    source : Animation, or anything that `open` takes
        What the output was made from.
    output : Result, Animation, or anything that `open` takes
        Made by any tool; of the source's size. Where frames were merged they
        are paired by display time.
    ratio : bool
        Also put the error into proportion: over that of the best palette known
        for each frame with as many colors as the output has. That clusters
        every frame 40 times; see `oracle.best_error`.

    Returns
    -------
    Measurement
        Error, flicker and the rest, as numbers; `metrics.table` shows several.

    Raises
    ------
    FormatError
        If a file cannot be read, or the two are of different size.

    Examples
    --------
    >>> import numpy as np, steadyhue as sh
    >>> noise = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3), np.uint8)
    >>> found = sh.measure(noise, sh.quantize(noise, colors=4))
    >>> found.frames, found.colors, found.still.coverage < 0.01
    (3, 4, True)
    """
    original = open_animation(source)
    result = output if isinstance(output, Result) else None
    shown = output.shown() if isinstance(output, Result) else open_animation(output)
    found = compare(original, shown)
    return found.measurement(
        size=_size(output),
        best_errors=[best_error(f, found.colors) for f in original] if ratio else None,
        palettes=None if result is None else list(result.palettes),
        weights=None if result is None else list(result.weights),
    )


def _size(output: object) -> int | None:
    """Return the bytes of a file; None for what is not a file."""
    if isinstance(output, (str, PathLike)) and Path(output).is_file():
        return Path(output).stat().st_size
    return None

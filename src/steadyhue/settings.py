"""Settings: what is to be done with a clip, completely checked before anything is read.

`Settings` says how an animation is reduced, `Matching` how one is recolored on top of that.
Both are frozen, and both go to and from plain JSON values: the page, the ledger of long runs
and reports use the same form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set, Sized
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from steadyhue.errors import OptionError
from steadyhue.palette import Palette
from steadyhue.ranges import number, whole
from steadyhue.thrift import QUALITIES
from steadyhue.words import (
    DISTANCES,
    DITHERS,
    MATCHES,
    MODES,
    SPACES,
    SPREAD,
    Distance,
    Dither,
    Match,
    Mode,
    Space,
    one_of,
)

THRIFTY_DITHERS: tuple[Dither, ...] = ("none", "floyd-steinberg")
"""What goes with a quality, which hands errors on itself."""

VERSION = 1
"""Of the plain form; it rises when an old form would mean something else."""

MOST_COLORS = 256
"""As many as a GIF frame can show."""

RAMPS = 64
"""Colors of a reference to choose from: about eight hues by eight steps of lightness. With as many
as the clip has, 16, three times as many objects get two hues."""

DEFAULT_COLORS = 10
DEFAULT_MODE: Mode = "steady"
DEFAULT_STEADINESS = 0.5
DEFAULT_THRIFTY_COLORS = 255
"""With a quality: all but the index for what does not change."""

DEFAULT_THRIFTY_STRENGTH = 0.75
"""Of error diffusion with a quality."""

"""Where error and flicker are both near their least; see docs/quality.md."""

MOST_SEED = (1 << 63) - 1
"""The kernels take seeds below 2**64, and the modes add to them."""

Colors = Palette | str | Iterable[str] | ArrayLike
"""How colors may be given: a palette, hex or CSS names (one text or a list), or an array."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How an animation is reduced to few colors.

    Make one with `Settings.of`, which fills in what is not given.

    Attributes
    ----------
    colors : int in [1, 256]
        Most colors of a frame, the kept ones among them.
    mode : Mode
    space : Space
        Where colors are clustered.
    distance : Distance
    dither : Dither
    dither_strength : float in [0, 1]
    steadiness : float in [0, 1]
        What mode ``steady`` trades for stillness.
    palette : Palette or None
        The colors of mode ``fixed``; None in all others.
    keep : Palette or None
        Colors that every palette has in its last slots.
    seed : int in [0, 2**63)
        Of the random choices.
    quality : int in [1, 100] or None
        What may be lost for smaller GIFs; None is nothing.

    Raises
    ------
    OptionError
        If a value is unknown or out of its range, or two contradict each other.
    """

    colors: int
    mode: Mode
    space: Space
    distance: Distance
    dither: Dither
    dither_strength: float
    steadiness: float
    palette: Palette | None
    keep: Palette | None
    seed: int
    quality: int | None = None

    def __post_init__(self) -> None:
        for value, words, name in (
            (self.mode, MODES, "mode"),
            (self.space, SPACES, "space"),
            (self.distance, DISTANCES, "distance"),
            (self.dither, DITHERS, "dither"),
        ):
            _check_word(value, words, name)
        # NumPy's numbers become plain ones.
        for name, most in (("colors", MOST_COLORS), ("seed", MOST_SEED)):
            least = 1 if name == "colors" else 0
            object.__setattr__(self, name, whole(getattr(self, name), name, least, most))
        for name in ("dither_strength", "steadiness"):
            object.__setattr__(self, name, number(getattr(self, name), name, 0, 1))
        if self.quality is not None:
            object.__setattr__(self, "quality", whole(self.quality, "quality", *QUALITIES))
            if self.dither not in THRIFTY_DITHERS:
                raise OptionError(
                    f"with a quality dither must be one of {', '.join(THRIFTY_DITHERS)}, "
                    f"got {self.dither!r}"
                )
        self._check_palettes()

    def _check_palettes(self) -> None:
        if self.mode == "fixed":
            if self.palette is None:
                raise OptionError("mode 'fixed' needs a palette")
            if len(self.palette) != self.colors:
                raise OptionError(
                    f"colors={self.colors} contradicts a palette of {len(self.palette)} colors; "
                    "leave colors out"
                )
        elif self.palette is not None:
            raise OptionError(
                f"mode {self.mode!r} finds its palettes; one that is given needs mode 'fixed'"
            )
        if self.keep is None:
            return
        if self.mode == "fixed":
            raise OptionError("mode 'fixed' has its palette; put the colors to keep into that")
        if len(self.keep) >= self.colors:
            raise OptionError(
                f"keep has {len(self.keep)} colors, which leaves none of the {self.colors} to find"
            )

    @property
    def n_clusters(self) -> int:
        """Colors to find: those that are not kept."""
        return self.colors - (0 if self.keep is None else len(self.keep))

    @classmethod
    def of(
        cls,
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
    ) -> Settings:
        """Fill in what is not given, and refuse what would have no effect.

        Parameters
        ----------
        colors : int in [1, 256], optional
            10 if not given, or as many as the palette has, or 255 with a quality.
        mode : Mode, optional
            ``steady`` if not given, or ``fixed`` if there is a palette.
        space, distance
            As the attributes.
        dither : Dither, optional
            ``none`` if not given, or ``floyd-steinberg`` with a quality.
        dither_strength : float in [0, 1], optional
            1 if not given, or 0.75 with a quality. Needs a dither.
        steadiness : float in [0, 1], optional
            0.5 if not given. Needs mode ``steady`` and no quality.
        palette : Palette, text, list of texts or (k, 3) integer array, optional
            The colors to use and no others: mode ``fixed``.
        keep : as `palette`, optional
            Colors to have in every palette.
        seed : int in [0, 2**63), optional
            0 if not given. Needs a mode that finds palettes.
        quality : int in [1, 100], optional
            Holds pixels and lets compression choose their slots, the more the lower it is.

        Returns
        -------
        Settings

        Raises
        ------
        OptionError
            If a value is unknown or out of its range, has no effect, or contradicts another.
        """
        given = None if palette is None else _palette(palette, "palette")
        kept = None if keep is None else _palette(keep, "keep", may_be_empty=True)
        if mode is None:
            mode = DEFAULT_MODE if given is None else "fixed"
        if dither is None:
            dither = "none" if quality is None else "floyd-steinberg"
        _check_word(mode, MODES, "mode")
        _check_word(dither, DITHERS, "dither")
        if steadiness is not None and mode != "steady":
            raise OptionError(f"steadiness has no effect in mode {mode!r}; it needs mode 'steady'")
        if steadiness is not None and quality is not None:
            raise OptionError("steadiness has no effect with a quality, which holds pixels itself")
        if dither_strength is not None and dither == "none":
            raise OptionError("dither_strength has no effect without a dither")
        if seed is not None and mode == "fixed":
            raise OptionError("a seed has no effect in mode 'fixed', which finds no palette")
        if colors is None:
            colors = DEFAULT_COLORS if quality is None else DEFAULT_THRIFTY_COLORS
            colors = colors if given is None else len(given)
        if dither_strength is None:
            dither_strength = 1.0 if quality is None else DEFAULT_THRIFTY_STRENGTH
        return cls(
            colors=colors,
            mode=mode,
            space=space,
            distance=distance,
            dither=dither,
            dither_strength=dither_strength,
            steadiness=DEFAULT_STEADINESS if steadiness is None else steadiness,
            palette=given,
            keep=kept,
            seed=0 if seed is None else seed,
            quality=quality,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain JSON values, what has no effect left out."""
        plain: dict[str, Any] = {
            "version": VERSION,
            "colors": self.colors,
            "mode": self.mode,
            "space": self.space,
            "distance": self.distance,
            "dither": self.dither,
        }
        if self.dither != "none":
            plain["dither_strength"] = self.dither_strength
        if self.quality is not None:
            plain["quality"] = self.quality
        elif self.mode == "steady":
            plain["steadiness"] = self.steadiness
        if self.palette is not None:
            plain["palette"] = self.palette.hex
        else:
            plain["seed"] = self.seed
        if self.keep is not None:
            plain["keep"] = self.keep.hex
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Settings:
        """Return the settings of a plain form.

        Parameters
        ----------
        plain : mapping
            As `to_dict` returns it, perhaps by way of JSON.

        Raises
        ------
        OptionError
            If the version or a name is unknown, or as for `Settings.of`.
        """
        return cls.of(**_known(cls, plain))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """How the colors of a reference take the place of a clip's own.

    Attributes
    ----------
    match : Match
        Which color becomes which; see `palettemap.match`.
    spread : float in [0, 1]
        For ``tone``: how fully to use reference colors that the clip has nothing like; None
        becomes `words.SPREAD`.
    smooth : bool
        Move every color by a soft blend of its neighbors' moves.
    reference_colors : int in [1, 256] or None
        Colors to take from a picture or animation; None takes 64 for ``tone``, so that every
        hue has its ramp to choose from, and for the others as many as the clip gets.

    Raises
    ------
    OptionError
        If a value is unknown or out of its range, or has no effect.
    """

    match: Match = "tone"
    spread: float | None = None
    smooth: bool = False
    reference_colors: int | None = None

    def __post_init__(self) -> None:
        _check_word(self.match, MATCHES, "match")
        usual = SPREAD if self.match == "tone" else 0.0
        spread = usual if self.spread is None else number(self.spread, "spread", 0, 1)
        object.__setattr__(self, "spread", spread)
        if self.spread and self.match != "tone":
            raise OptionError(f"spread has no effect on match {self.match!r}; it needs 'tone'")
        if not isinstance(self.smooth, (bool, np.bool_)):
            raise OptionError(f"smooth must be True or False, got {self.smooth!r}")
        object.__setattr__(self, "smooth", bool(self.smooth))
        if self.reference_colors is not None:
            taken = whole(self.reference_colors, "reference_colors", 1, MOST_COLORS)
            object.__setattr__(self, "reference_colors", taken)

    def colors_to_take(self, colors: int) -> int:
        """Return how many colors to take from a reference for a clip of so many."""
        if self.reference_colors is not None:
            return self.reference_colors
        return max(colors, RAMPS) if self.match == "tone" else colors

    def to_dict(self) -> dict[str, Any]:
        """Return the matching as plain JSON values."""
        return {"version": VERSION, **{f.name: getattr(self, f.name) for f in fields(self)}}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Matching:
        """Return the matching of `to_dict`; errors as for `Settings.from_dict`."""
        return cls(**_known(cls, plain))


def _known(kind: type[Settings | Matching], plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options in a plain form, its version checked and taken off."""
    if not isinstance(plain, Mapping):
        raise OptionError(f"settings are a mapping of names to values, got {plain!r}")
    options = dict(plain)
    version = options.pop("version", None)
    if version != VERSION:
        raise OptionError(f"settings of version {version!r} are not known; this is {VERSION}")
    unknown = sorted(set(options) - {field.name for field in fields(kind)})
    if unknown:
        raise OptionError(f"there is no option {unknown[0]!r}")
    return options


def _palette(colors: Colors, name: str, *, may_be_empty: bool = False) -> Palette | None:
    try:
        if isinstance(colors, Palette):
            palette = colors
        elif may_be_empty and isinstance(colors, Sized) and len(colors) == 0:
            return None
        elif isinstance(colors, str):
            palette = Palette.from_hex(colors)
        elif not isinstance(colors, Iterable) or isinstance(colors, (Set, Mapping, bytes)):
            raise ValueError(f"needs a palette, or colors in an order, got {colors!r}")
        else:
            listed = colors if isinstance(colors, np.ndarray) else list(colors)
            texts = [text for text in listed if isinstance(text, str)]
            named = len(texts) == len(listed) > 0
            palette = Palette.from_hex(texts) if named else Palette(listed)  # type: ignore[arg-type]
    except (ValueError, TypeError) as error:
        raise OptionError(f"{name}: {error}") from None
    if len(palette) > MOST_COLORS:
        raise OptionError(f"{name} has {len(palette)} colors, and a frame at most {MOST_COLORS}")
    return palette


def _check_word(value: object, words: tuple[str, ...], name: str) -> None:
    try:
        one_of(value, words, name)
    except ValueError as error:
        raise OptionError(str(error)) from None

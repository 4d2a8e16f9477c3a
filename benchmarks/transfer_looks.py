"""Looks with a right answer: a picture is cut in two, and one part shows how the other should look.

`grade` is of the kind that `tone` searches for. The others are not: they are what a darkroom, a
painter or a colorist does, written from their descriptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from steadyhue.color import from_space, to_space
from transfer_pictures import Picture

Floats = NDArray[np.float64]
Look = Callable[[Picture], Picture]
Case = tuple[Picture, Picture, Picture]
"""One part of a picture, the other part as it should look, and the right answer."""

SPLITS: dict[str, Callable[[Picture], tuple[Picture, Picture]]] = {
    "left | right": lambda p: (p[:, : p.shape[1] // 2], p[:, p.shape[1] // 2 :]),
    "top | bottom": lambda p: (p[: len(p) // 2], p[len(p) // 2 :]),
    "bottom | top": lambda p: (p[len(p) // 2 :], p[: len(p) // 2]),
    "outer thirds": lambda p: (p[:, : p.shape[1] // 3], p[:, -(p.shape[1] // 3) :]),
}

LUMA = np.array([0.2126, 0.7152, 0.0722])  # Rec. 709


def grade(rng: np.random.Generator, _: Picture) -> Look:
    """Draw a tone curve, a turn (in 6 of 10) and a stretch of the hues, and a cast."""
    gamma, black, white = np.exp(rng.uniform(-0.35, 0.35)), rng.uniform(0, 0.1), rng.uniform(0.9, 1)
    turn = np.deg2rad(rng.uniform(-60, 60)) if rng.random() < 0.6 else 0.0
    stretch, cast = np.exp(rng.uniform(-0.4, 0.4)), rng.uniform(-0.03, 0.03, 2)
    spin = stretch * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    def apply(picture: Picture) -> Picture:
        lab = to_space(picture, "oklab")
        light = black + (white - black) * np.clip(lab[..., :1], 0, 1) ** gamma
        return from_space(np.concatenate([light, lab[..., 1:] @ spin.T + cast], -1), "oklab")

    return apply


def bleach_bypass(rng: np.random.Generator, _: Picture) -> Look:
    """Silver left in the film: a black-and-white picture laid over the color by `overlay`."""
    strength = rng.uniform(0.5, 1)

    def apply(picture: Picture) -> Picture:
        rgb = picture / 255.0
        luma = (rgb @ LUMA)[..., None]
        over = np.where(luma < 0.5, 2 * rgb * luma, 1 - 2 * (1 - rgb) * (1 - luma))
        return _bytes(rgb + strength * (over - rgb))

    return apply


def cross_process(rng: np.random.Generator, _: Picture) -> Look:
    """Slide film in negative chemistry: a curve of its own for each channel."""
    strength = rng.uniform(0.5, 1)

    def apply(picture: Picture) -> Picture:
        red, green, blue = np.moveaxis(picture / 255.0, -1, 0)
        curved = np.stack([_steep(red, 1.0), _steep(green, 0.6), 0.2 + 0.6 * blue], -1)
        return _bytes(picture / 255.0 * (1 - strength) + strength * curved)

    return apply


def duotone(rng: np.random.Generator, _: Picture) -> Look:
    """Two inks: lightness alone, on a line from a dark color to a light one."""
    hues = rng.uniform(0, 2 * np.pi, 2)
    chroma, light = rng.uniform(0.03, 0.12, 2), (rng.uniform(0.1, 0.3), rng.uniform(0.85, 0.97))
    ends = np.stack([light, chroma * np.cos(hues), chroma * np.sin(hues)], -1)

    def apply(picture: Picture) -> Picture:
        share = to_space(picture, "oklab")[..., :1]
        return from_space(ends[0] + share * (ends[1] - ends[0]), "oklab")

    return apply


def two_hues(rng: np.random.Generator, whole: Picture) -> Look:
    """Exchange the picture's main hue and the strongest one that is 60 degrees or more from it."""
    lab = to_space(whole.reshape(-1, 3), "oklab")
    hue, chroma = np.arctan2(lab[:, 2], lab[:, 1]), np.hypot(lab[:, 1], lab[:, 2])
    places = np.deg2rad(np.arange(0, 360, 10))
    mass = np.array([(chroma * np.exp(4 * (np.cos(hue - place) - 1))).sum() for place in places])
    first = places[mass.argmax()]
    second = places[np.where(np.cos(places - first) <= 0.5, mass, -1).argmax()]
    apart = np.angle(np.exp(1j * (second - first)))

    def apply(picture: Picture) -> Picture:
        lab = to_space(picture, "oklab")
        hue = np.arctan2(lab[..., 2], lab[..., 1])
        near = [np.exp(6 * (np.cos(hue - place) - 1)) for place in (first, second)]
        turn = apart * (near[0] - near[1])
        ab = (lab[..., 1] + 1j * lab[..., 2]) * np.exp(1j * turn)
        return from_space(np.stack([lab[..., 0], ab.real, ab.imag], -1), "oklab")

    return apply


def day_for_night(rng: np.random.Generator, _: Picture) -> Look:
    """Dark and blue, with the reds dark and pale, as the eye sees at dusk."""
    exposure, strength = rng.uniform(0.15, 0.35), rng.uniform(0.6, 0.9)

    def apply(picture: Picture) -> Picture:
        linear = (picture / 255.0) ** 2.2
        rods = (linear @ np.array([0.06, 0.56, 0.38]))[..., None] * np.array([0.75, 0.95, 1.35])
        return _bytes((exposure * (linear + strength * (rods - linear))) ** (1 / 2.2))

    return apply


PIGMENTS = (
    ("#f2ead8", "#1c1b1d", "#c4862b", "#b23a26"),  # Zorn: white, ivory black, ocher, vermilion
    ("#f4f1ea", "#15202f", "#2f4f8a", "#9c6b3f"),  # white, indigo, ultramarine, burnt sienna
    ("#f7efdc", "#23301f", "#5c7a3a", "#d9a441"),  # white, dark green, sap green, yellow
)


def limited_palette(rng: np.random.Generator, _: Picture) -> Look:
    """A painter's four pigments: each color becomes the mixture of them that is nearest."""
    paints = PIGMENTS[rng.integers(len(PIGMENTS))]
    colors = np.array([list(bytes.fromhex(paint[1:])) for paint in paints], np.uint8)
    pigments = to_space(colors, "oklab")

    def apply(picture: Picture) -> Picture:
        lab = to_space(picture, "oklab")
        shares = np.full((*lab.shape[:-1], len(pigments)), 1 / len(pigments))
        for _ in range(300):  # exponentiated gradient: the shares stay shares
            slope = (shares @ pigments - lab) @ pigments.T
            shares = shares * np.exp(-8 * (slope - slope.min(-1, keepdims=True)))
            shares /= shares.sum(-1, keepdims=True)
        return from_space(shares @ pigments, "oklab")

    return apply


LOOKS: dict[str, Callable[[np.random.Generator, Picture], Look]] = {
    "bleach bypass": bleach_bypass,
    "cross-process": cross_process,
    "duotone": duotone,
    "two hues exchanged": two_hues,
    "day for night": day_for_night,
    "limited palette": limited_palette,
}


def graded_cases(found: dict[str, Picture], grades: int = 2) -> Iterator[Case]:
    """Yield every picture cut in every way, with `grades` grades each."""
    rng = np.random.default_rng(2026)
    for picture in found.values():
        for split in SPLITS.values():
            source, other = (np.ascontiguousarray(part) for part in split(picture))
            for _ in range(grades):
                look = grade(rng, picture)
                yield source, look(other), look(source)


def look_cases(found: dict[str, Picture], name: str) -> Iterator[Case]:
    """Yield every picture cut in two ways, each with one look of that name."""
    rng = np.random.default_rng(list(LOOKS).index(name))
    for picture in found.values():
        for split in rng.choice(list(SPLITS), 2, replace=False):
            source, other = (np.ascontiguousarray(part) for part in SPLITS[split](picture))
            look = LOOKS[name](rng, picture)
            yield source, look(other), look(source)


def _steep(value: Floats, strength: float) -> Floats:
    """Return an S-shaped curve over [0, 1], `strength` of the way from a straight line."""
    return value + strength * (value * value * (3 - 2 * value) - value)


def _bytes(rgb: Floats) -> Picture:
    return np.floor(255 * np.clip(rgb, 0, 1) + 0.5).astype(np.uint8)

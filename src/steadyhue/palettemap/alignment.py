"""How a picture of the source palette's colors would look in the target's grade.

The target picture shows something else, so its colors cannot be taken one by
one. What two pictures can share is a *grade*: a tone curve, a turn and a
stretch of the hues, a cast. `align` finds the grade that carries the source
colors nearest to the target colors, and no farther from doing nothing than the
colors give reason for.

It is a registration of two weighted point sets by expectation and maximization
(A. Myronenko and X. Song, "Point Set Registration: Coherent Point Drift", IEEE
TPAMI 32, 2010, doi 10.1109/TPAMI.2010.46; for colors, M. Grogan and R. Dahyot,
"L2 Divergence for Robust Colour Transfer", CVIU 181, 2019). The grade is linear
in its seven numbers, so that each maximization is a small ridge regression.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native

Floats = NDArray[np.float64]

# How near a source color must come to a target color to count as explained by
# it (OKLab), from a coarse start to about the radius of a cluster.
_NEAR = (*[0.05] * 4, *[0.035] * 4, *[0.025] * 4)
_FAR_OFF = (*[0.12] * 3, *[0.09] * 3, *[0.065] * 3, *[0.045] * 4, *[0.03] * 4)
# Share of the colors without a counterpart, in units of the kernel's height.
_OUTLIERS = 0.003
# How much it counts that each target color finds a source color, beside each
# source color finding a target color.
_BACKWARD = 1.5
# Lightness differences count this much of hue differences: tones move more
# between pictures than hues do.
_LIGHT = 0.5
# Ways to look for a grade: radii, and the weight of the penalty on its numbers.
_WAYS = ((_NEAR, 0.01), (_NEAR, 0.003), (_NEAR, 0.001), (_FAR_OFF, 0.001), (_FAR_OFF, 0.0003))
# What a grade pays for target colors that nothing comes near, beside 1 for source colors that
# come near nothing, and for moving colors, by their distance.
_UNMET = 0.25
_FAR = 0.3
_LIKELY = np.array([0, 0.003, 0.006, 0.003, 0, 0])
_DOUBT = 0.005  # difference in price by which a grade counts e times as much
_VISIBLE = 0.001  # price of doing nothing where all is there
_TONE_SCALE = np.array([0.10, 0.10, 0.18])  # shift of black, of white, bend of the middle
_HUE_SCALE = np.array([0.54, 0.91, 0.03, 0.03])  # stretch, turn, cast along a and b


@dataclass(frozen=True, slots=True, eq=False)
class Grade:
    """A tone curve and a turn, stretch and cast of the hues, in OKLab.

    Attributes
    ----------
    tone : (3,) float64 array
        Shift of black, shift of white, and bend of the middle of the lightness.
    hue : (4,) float64 array
        The turn and stretch as a complex factor less 1 (real, imaginary), and
        the cast along a and b.
    """

    tone: Floats
    hue: Floats

    def apply(self, oklab: Floats) -> Floats:
        """Return graded OKLab colors; they may lie outside the gamut."""
        tone, hue = _basis(oklab)
        moved: Floats = oklab + np.stack([tone @ self.tone, *(hue @ self.hue)], -1)
        return moved


def align(source: Floats, target: Floats, weights: Floats, shares: Floats) -> Grade | None:
    """Find the grade that carries the source colors to the target's.

    Several are found, from none to bold, and their mean is taken, in which each
    counts by its price: how much nearer colors come must pay for how far they
    went. None if all colors are there as they are.

    Parameters
    ----------
    source, target : (n, 3) and (m, 3) float64 arrays
        OKLab.
    weights, shares : (n,) and (m,) float64 arrays
        How much each source and each target color counts; each sums to 1.
    """
    metric = np.array([_LIGHT**0.5, 1, 1])

    def price(grade: Grade) -> float:
        moved = grade.apply(source)
        apart = (((moved[:, None] - target) * metric) ** 2).sum(-1)
        rest = (weights @ apart.min(1)) ** 0.5 + _UNMET * (shares @ apart.min(0)) ** 0.5
        step = (((moved - source) * metric) ** 2).sum(-1)
        return float(rest + _FAR * weights @ step**0.5 + weights @ step)

    nothing = Grade(np.zeros(3), np.zeros(4))
    if price(nothing) < _VISIBLE:
        return None
    tried = [nothing, *(_fitted(source, target, weights, shares, *way) for way in _WAYS)]
    prices = np.array([price(grade) for grade in tried]) - _LIKELY
    trust = np.exp((prices.min() - prices) / _DOUBT)
    trust /= trust.sum()
    return Grade(
        trust @ np.stack([grade.tone for grade in tried]),
        trust @ np.stack([grade.hue for grade in tried]),
    )


def _fitted(
    source: Floats,
    target: Floats,
    weights: Floats,
    shares: Floats,
    radii: tuple[float, ...],
    ridge: float,
) -> Grade:
    numbers = _native.fit_grade(
        source,
        target,
        weights,
        shares,
        np.array(radii),
        ridge / _TONE_SCALE**2,
        ridge / _HUE_SCALE**2,
        (_LIGHT, _OUTLIERS, _BACKWARD),
    )
    return Grade(numbers[:3], numbers[3:])


def _basis(oklab: Floats) -> tuple[Floats, Floats]:
    """Return what a grade's numbers multiply: (..., 3) for L, and (2, ..., 4) for a and b."""
    lightness, a, b = np.moveaxis(oklab, -1, 0)
    zero, one = np.zeros_like(a), np.ones_like(a)
    tone = np.stack([1 - lightness, lightness, 4 * lightness * (1 - lightness)], -1)
    hue = np.stack([np.stack([a, -b, one, zero], -1), np.stack([b, a, zero, one], -1)])
    return tone, hue

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

Floats = NDArray[np.float64]

# How near a source color must come to a target color to count as explained by
# it (OKLab), from a coarse start to about the radius of a cluster.
_RADII = (0.05, 0.05, 0.05, 0.05, 0.035, 0.035, 0.035, 0.035, 0.025, 0.025, 0.025, 0.025)
# Share of the colors without a counterpart, in units of the kernel's height.
_OUTLIERS = 0.003
# How much it counts that each target color finds a source color, beside each
# source color finding a target color.
_BACKWARD = 1.5
# Lightness differences count this much of hue differences: tones move more
# between pictures than hues do.
_LIGHT = 0.5
# Weight of the penalty on the grade, whose numbers have these deviations.
_RIDGE = 0.003
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


def align(source: Floats, target: Floats, weights: Floats, shares: Floats) -> Grade:
    """Find the grade that carries the source colors to the target's.

    Parameters
    ----------
    source, target : (n, 3) and (m, 3) float64 arrays
        OKLab.
    weights, shares : (n,) and (m,) float64 arrays
        How much each source and each target color counts; each sums to 1.
    """
    tone, hue = _basis(source)
    tone_ridge, hue_ridge = (_RIDGE * np.diag(scale**-2) for scale in (_TONE_SCALE, _HUE_SCALE))
    metric = np.array([_LIGHT**0.5, 1, 1])
    grade = Grade(np.zeros(3), np.zeros(4))
    for radius in _RADII:
        distance = (((grade.apply(source)[:, None] - target) * metric) ** 2).sum(-1)
        near = np.exp(distance / (-2 * radius**2))
        ties = near * shares
        ties *= (weights / (ties.sum(1) + _OUTLIERS))[:, None]
        back = near * weights[:, None]
        back *= _BACKWARD * shares / (back.sum(0) + _OUTLIERS)
        ties += back
        pull = ties.sum(1)
        step = ties @ target - pull[:, None] * source
        weighted = hue.transpose(0, 2, 1) * pull
        grade = Grade(
            np.linalg.solve((tone.T * pull) @ tone + tone_ridge, tone.T @ step[:, 0]),
            np.linalg.solve(
                (weighted @ hue).sum(0) + hue_ridge, hue[0].T @ step[:, 1] + hue[1].T @ step[:, 2]
            ),
        )
    return grade


def _basis(oklab: Floats) -> tuple[Floats, Floats]:
    """Return what a grade's numbers multiply: (..., 3) for L, and (2, ..., 4) for a and b."""
    lightness, a, b = np.moveaxis(oklab, -1, 0)
    zero, one = np.zeros_like(a), np.ones_like(a)
    tone = np.stack([1 - lightness, lightness, 4 * lightness * (1 - lightness)], -1)
    hue = np.stack([np.stack([a, -b, one, zero], -1), np.stack([b, a, zero, one], -1)])
    return tone, hue

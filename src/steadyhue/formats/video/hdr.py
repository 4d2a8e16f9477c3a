"""PQ and HLG to sRGB: the curves of ITU-R BT.2100-3, brought down by that of BT.2390-11.

PQ is brought down from the peak that its file tells; without one, and for HLG, from 1000 cd/m2,
which is HLG's nominal peak and what most PQ is graded on. What is at most half of HDR's reference
white keeps its light; brighter tones are compressed, so that the peak becomes white.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from steadyhue.color import srgb_from_linear

Floats = NDArray[np.float32]

PQ, HLG = 16, 18
"""Transfer characteristics of ITU-T H.273."""
CURVES = {PQ: "PQ", HLG: "HLG"}

PEAK = 1000.0
"""cd/m2 of the brightest tone that is told apart, unless a file tells its own."""
BRIGHTEST = 10_000.0
"""cd/m2 of the brightest tone that PQ has."""
WHITE = 203.0
"""cd/m2 of HDR's reference white (ITU-R BT.2408-7, 2.2), which becomes sRGB's white."""

# BT.2100-3, table 4: the constants of PQ.
_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
# BT.2100-3, table 5: those of HLG, and its gamma on a display of 1000 cd/m2.
_A, _B, _C = 0.17883277, 0.28466892, 0.55991073
_GAMMA = 1.2
_LUMA = np.array([0.2627, 0.6780, 0.0593], np.float32)
# BT.2087-0, 2.2: linear BT.2020 to linear BT.709 is the inverse of this.
_TO_2020 = [[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]
_TO_709 = np.linalg.inv(_TO_2020).astype(np.float32)

_BAND = 1 << 17  # pixels at a time: temporaries of some MB


def light_of_pq(level: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return cd/m2 of PQ levels in [0, 1]."""
    root = level ** (1 / _M2)
    ratio: NDArray[np.float64] = np.maximum(root - _C1, 0) / (_C2 - _C3 * root)
    return BRIGHTEST * ratio ** (1 / _M1)


def pq_of_light(light: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return the PQ level of cd/m2."""
    power = (np.asarray(light, np.float64) / BRIGHTEST) ** _M1
    level: NDArray[np.float64] = ((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2
    return level


def light_of_hlg(level: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the scene's light in [0, 1] of HLG levels in [0, 1]."""
    return np.where(level <= 0.5, level**2 / 3, (np.exp((level - _C) / _A) + _B) / 12)


def reduced(light: NDArray[np.float64], brightest: float = PEAK) -> NDArray[np.float64]:
    """Return cd/m2 up to `WHITE` of cd/m2 up to the brightest: BT.2390-11, 5.4.1, black as it is."""
    if brightest <= WHITE:
        return np.minimum(light, WHITE)
    peak = pq_of_light(brightest)
    level = pq_of_light(np.minimum(light, brightest)) / peak
    most = pq_of_light(WHITE) / peak
    knee = 1.5 * most - 0.5
    t = np.maximum(level - knee, 0) / (1 - knee)
    curve = (
        (2 * t**3 - 3 * t**2 + 1) * knee
        + (t**3 - 2 * t**2 + t) * (1 - knee)
        + (-2 * t**3 + 3 * t**2) * most
    )
    return light_of_pq(np.where(level < knee, level, curve) * peak)


def sdr_of(levels: NDArray[np.uint16], curve: int, peak: float = PEAK) -> NDArray[np.uint8]:
    """Convert (H, W, 3) BT.2020 levels of a curve to sRGB; `peak` is the brightest cd/m2."""
    light = _light_of_level(curve)
    grid, factors = _reduction(peak)
    out = np.empty(levels.shape, np.uint8)
    rows = max(1, _BAND // levels.shape[1])
    for top in range(0, len(levels), rows):
        shown = light[levels[top : top + rows]]
        if curve == HLG:  # the display adds contrast
            luma = np.maximum(shown @ _LUMA, np.float32(1e-6))
            shown *= (luma ** np.float32(_GAMMA - 1))[..., None] * np.float32(PEAK)
        # One factor for all three keeps the hue.
        brightest = shown.max(axis=-1)
        shown *= np.interp(brightest, grid, factors).astype(np.float32)[..., None]
        shown = np.clip(shown @ _TO_709.T / np.float32(WHITE), 0, 1)
        out[top : top + rows] = _srgb()[(shown * 65535 + 0.5).astype(np.int32)]
    return out


@cache
def _light_of_level(curve: int) -> Floats:
    level = np.arange(65536) / 65535
    return (light_of_pq(level) if curve == PQ else light_of_hlg(level)).astype(np.float32)


@cache
def _reduction(peak: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return cd/m2, evenly spaced to the eye, and the factor of each."""
    grid = light_of_pq(np.linspace(0, 1, 4097))
    return grid, reduced(grid, peak) / np.maximum(grid, 1e-9)


@cache
def _srgb() -> NDArray[np.uint8]:
    return np.floor(srgb_from_linear(np.arange(65536) / 65535) + 0.5).astype(np.uint8)

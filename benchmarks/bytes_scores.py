"""How near the frames of a GIF are to their source, also as seen from a little further away."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from steadyhue.color import linear_from_srgb, srgb_from_linear, to_space

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]

MEASURES = ("psnr", "blurred", "ssim", "ssimulacra2", "oklab", "temporal")
"""Of these the last two are errors, the others are better the higher."""

_LUMA = np.array([0.299, 0.587, 0.114])


def blurred(pixels: Pixels, sigma: float) -> Floats:
    """Blur in linear light; sRGB levels."""
    light = linear_from_srgb(pixels).astype(np.float32)
    return srgb_from_linear(np.clip(gaussian_filter(light, (sigma, sigma, 0)), 0, 1))


def scores(source: Pixels, shown: Pixels) -> dict[str, float | None]:
    """Return the measures of pairs of frames: 1 and 2, 5 and 6, and so on."""
    plain, far, like, apart, moved = [], [], [], [], []
    last: tuple[Floats, Floats] | None = None
    for number in (n for n in range(len(source)) if n % 4 in (1, 2)):
        a, b = source[number], shown[number]
        plain.append(np.mean((a.astype(float) - b) ** 2))
        like.append(ssim(a @ _LUMA, b @ _LUMA))
        soft = blurred(a, 1), blurred(b, 1)
        far.append(np.mean((soft[0] - soft[1]) ** 2))
        if number % 4 == 2 and last is not None:
            moved.append(np.abs((soft[1] - last[1]) - (soft[0] - last[0])).mean())
        last = soft
        labs = [to_space(pixels.round().astype(np.uint8), "oklab") for pixels in soft]
        apart.append(100 * np.sqrt(((labs[0] - labs[1]) ** 2).sum(axis=-1)).mean())
    return {
        "psnr": _decibels(plain),
        "blurred": _decibels(far),
        "ssim": float(np.mean(like)),
        "ssimulacra2": _ssimulacra2(source, shown),
        "oklab": float(np.mean(apart)),
        "temporal": float(np.mean(moved)),
    }


def ssim(a: Floats, b: Floats) -> float:
    """Z. Wang et al., "Image quality assessment: from error visibility to structural similarity"."""

    def mean(values: Floats) -> Floats:
        return gaussian_filter(values, 1.5, truncate=3.5)

    ma, mb = mean(a), mean(b)
    va, vb, cov = mean(a * a) - ma * ma, mean(b * b) - mb * mb, mean(a * b) - ma * mb
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    found = (2 * ma * mb + c1) * (2 * cov + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2))
    return float(found.mean())


def _decibels(errors: list[float]) -> float:
    return float(10 * np.log10(255**2 / max(1e-4, float(np.mean(errors)))))


def _ssimulacra2(source: Pixels, shown: Pixels) -> float | None:
    """Of two frames; None without the package `ssimulacra2`."""
    try:
        from ssimulacra2 import compute_ssimulacra2
    except ImportError:
        return None
    from PIL import Image

    found = []
    with tempfile.TemporaryDirectory() as folder:
        for number in (len(source) // 3, 2 * len(source) // 3):
            paths = [str(Path(folder) / f"{side}.png") for side in "ab"]
            for path, pixels in zip(paths, (source[number], shown[number]), strict=True):
                Image.fromarray(pixels).save(path)
            found.append(compute_ssimulacra2(*paths))
    return float(np.mean(found))

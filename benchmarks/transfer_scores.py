"""How good a recolored picture is: structure, palette and truth, no blended score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve, gaussian_filter

from steadyhue.color import to_space

Floats = NDArray[np.float64]
Picture = NDArray[np.uint8]

BIN = 0.03  # OKLab, of the histograms whose distance is taken


def truth(output: Picture, graded: Picture) -> float:
    """Return the mean OKLab difference to the right answer, times 100."""
    difference = to_space(output, "oklab") - to_space(graded, "oklab")
    return float(100 * np.sqrt((difference**2).sum(-1)).mean())


def structure(source: Picture, output: Picture) -> dict[str, float]:
    """Compare lightness: gradients, local contrast and order."""
    before, after = (to_space(picture, "oklab")[..., 0] for picture in (source, output))
    return {
        "GMSD": gmsd(before, after),
        "contrast": contrast_similarity(before, after),
        "inverted": inverted(before, after),
    }


def gmsd(before: Floats, after: Floats) -> float:
    """Gradient magnitude similarity deviation (Xue et al. 2014, arXiv 1308.3052), L in [0, 1]."""
    prewitt = np.array([[1, 0, -1]] * 3) / 3
    a, b = (np.hypot(convolve(L, prewitt), convolve(L, prewitt.T)) for L in (before, after))
    return float(((2 * a * b + 0.0026) / (a * a + b * b + 0.0026)).std())


def contrast_similarity(before: Floats, after: Floats) -> float:
    """SSIM without its luminance factor: a new tone is no fault, lost contrast is."""
    means = [gaussian_filter(L, 1.5) for L in (before, after)]
    variances = [
        gaussian_filter(L * L, 1.5) - m**2 for L, m in zip((before, after), means, strict=True)
    ]
    both = gaussian_filter(before * after, 1.5) - means[0] * means[1]
    return float(((2 * both + 0.0009) / (sum(variances) + 0.0009)).mean())


def inverted(before: Floats, after: Floats) -> float:
    """Return the share of lightness edges, by their height, that are turned around, in per cent."""
    wrong = total = 0.0
    for step in (1, 4):
        for axis in (0, 1):
            a, b = (np.moveaxis(L, axis, 0) for L in (before, after))
            was, now = a[step:] - a[:-step], b[step:] - b[:-step]
            edge = np.abs(was) > 0.02
            total += np.abs(was[edge]).sum()
            wrong += np.abs(was[edge & (np.sign(was) * now < -0.01)]).sum()
    return 100 * wrong / max(total, 1e-9)


def palette(output: Picture, reference: Picture) -> dict[str, float]:
    """Compare colors: histogram distance, invented colors, unused colors (OKLab)."""
    import ot

    (x, p), (y, q) = (_histogram(picture) for picture in (output, reference))
    cost = np.sqrt(((x[:, None] - y) ** 2).sum(-1))
    return {
        "EMD": float(ot.emd2(p, q, cost)),
        "support": float(p @ cost.min(1)),
        "coverage": float(q @ cost.min(0)),
    }


def _histogram(picture: Picture) -> tuple[Floats, Floats]:
    lab = to_space(picture.reshape(-1, 3), "oklab")
    _, row, counts = np.unique(
        np.floor(lab / BIN).astype(int), axis=0, return_inverse=True, return_counts=True
    )
    row = row.reshape(-1)
    means = np.stack([np.bincount(row, lab[:, d]) for d in range(3)], 1) / counts[:, None]
    return means, counts / counts.sum()

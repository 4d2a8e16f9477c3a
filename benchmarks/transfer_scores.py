"""How good a recolored picture is: structure, palette, objects and truth, no blended score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve, gaussian_filter
from skimage.segmentation import felzenszwalb

from steadyhue.color import to_space
from transfer_pictures import Picture

Floats = NDArray[np.float64]

BIN = 0.03  # OKLab, of the histograms whose distance is taken

GREY, COLORED = 0.025, 0.06
"""OKLab chroma below which a color passes for grey, and above which nobody calls it that."""

ONE_HUE = np.deg2rad(45)
"""Colors whose hues differ by more have different names: red and orange, green and blue."""

FLAT, STEP = 0.02, 0.06
"""OKLab: a difference that is just visible, and one that nobody misses."""


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


def objects(source: Picture, output: Picture) -> dict[str, float]:
    """Judge what an eye sees at once: objects of two hues, and steps where nothing was.

    ``hue split`` is the share, in per cent, of pairs of points of one segment of the source, of
    one hue or all grey there, that are of two hues in the output, or one grey and the other not.
    ``false edges`` is the share of neighbors that were as good as equal and now are a step apart.
    """
    before, after = (to_space(picture, "oklab") for picture in (source, output))
    return {"hue split": _hue_split(before, after), "false edges": _false_edges(before, after)}


def _hue_split(before: Floats, after: Floats) -> float:
    # Shading is no border: lightness counts a third in what makes a segment.
    smooth = gaussian_filter(before, (1, 1, 0)) * [100 / 3, 100, 100]
    segments = felzenszwalb(smooth, scale=20, sigma=0, min_size=40, channel_axis=-1).reshape(-1)
    rng = np.random.default_rng(0)
    before, after = before.reshape(-1, 3), after.reshape(-1, 3)
    split = pairs = 0.0
    for segment in range(segments.max() + 1):
        inside = np.flatnonzero(segments == segment)
        a, b = rng.choice(inside, (2, 4 * len(inside)))
        whole = ~_two_hues(before[a], before[b])
        split += (_two_hues(after[a], after[b]) & whole).sum() / 4
        pairs += whole.sum() / 4
    return 100 * split / max(pairs, 1)


def _two_hues(x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Return whether colors (n, 3) have different hues, or one has none."""
    a, b = (lab[:, 1] + 1j * lab[:, 2] for lab in (x, y))
    low, high = np.minimum(abs(a), abs(b)), np.maximum(abs(a), abs(b))
    turned = (low > GREY) & (high > COLORED) & (np.abs(np.angle(a * b.conj())) > ONE_HUE)
    return turned | ((low < GREY) & (high > COLORED))


def _false_edges(before: Floats, after: Floats) -> float:
    false = flat = 0
    for axis in (0, 1):
        was, now = (np.sqrt((np.diff(lab, axis=axis) ** 2).sum(-1)) for lab in (before, after))
        flat += (was < FLAT).sum()
        false += ((was < FLAT) & (now > STEP)).sum()
    return 100 * false / max(flat, 1)


def colorfulness(picture: Picture) -> dict[str, float]:
    """Return the mean chroma, and how far colors are to both sides of the main hue (OKLab)."""
    ab = to_space(picture.reshape(-1, 3), "oklab")[:, 1:]
    main = np.linalg.eigh(ab.T @ ab)[1][:, 0]
    return {
        "chroma": float(np.hypot(*ab.T).mean()),
        "hue spread": float(np.sqrt(((ab @ main) ** 2).mean())),
    }


def _histogram(picture: Picture) -> tuple[Floats, Floats]:
    lab = to_space(picture.reshape(-1, 3), "oklab")
    _, row, counts = np.unique(
        np.floor(lab / BIN).astype(int), axis=0, return_inverse=True, return_counts=True
    )
    row = row.reshape(-1)
    means = np.stack([np.bincount(row, lab[:, d]) for d in range(3)], 1) / counts[:, None]
    return means, counts / counts.sum()

"""The palette ribbon: time to the right, one band a slot."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from steadyhue.figures.history import PaletteHistory

Height = Literal["weight", "equal"]
_CUT = (255, 255, 255)


def ribbon(
    history: PaletteHistory, width: int = 960, height: int = 160, by: Height = "weight"
) -> NDArray[np.uint8]:
    """Draw a palette over time.

    Bands are stacked from dark to light by each slot's mean over the whole clip;
    a slot keeps its place, so colors that jump between slots show as broken bands.
    A cut is a white line.

    Parameters
    ----------
    history : PaletteHistory
        What to draw.
    width, height : int
        Size in pixels.
    by : "weight" or "equal"
        A band is as high as its slot's share of the pixels, or all are equally high.

    Returns
    -------
    (height, width, 3) uint8 array
        The picture, sRGB.
    """
    starts, order = history.starts, history.by_lightness()
    times = (np.arange(width) + 0.5) / width * starts[-1]
    frame_of = np.searchsorted(starts, times, side="right") - 1
    rows = np.arange(height) + 0.5
    columns = np.empty((len(history.colors), height, 3), np.uint8)
    for n, edges in enumerate(_edges(history, by)):
        slot = np.searchsorted(edges[1:] * height, rows, side="right")
        columns[n] = history.colors[n, order[np.minimum(slot, len(order) - 1)]]
    picture: NDArray[np.uint8] = columns[frame_of].transpose(1, 0, 2).copy()
    for cut in history.cuts:
        picture[:, int(starts[cut] / starts[-1] * width)] = _CUT
    return picture


def ribbon_png(
    history: PaletteHistory, width: int = 960, height: int = 160, by: Height = "weight"
) -> bytes:
    """Return the ribbon as a PNG file; it is indexed where at most 256 colors allow it."""
    from io import BytesIO

    from PIL import Image

    picture = Image.fromarray(ribbon(history, width, height, by))
    if picture.getcolors(256):
        picture = picture.quantize(256, dither=Image.Dither.NONE)
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def ribbon_svg(
    history: PaletteHistory, width: int = 960, height: int = 160, by: Height = "weight"
) -> str:
    """Return the ribbon as SVG: a rectangle for each color a slot holds, named by its hex code."""
    x = history.starts / history.starts[-1] * width
    order = history.by_lightness()
    edges = np.array(_edges(history, by)) * height
    shapes = []
    for band, slot in enumerate(order):
        held = history.colors[:, slot]
        changes = np.flatnonzero((held[1:] != held[:-1]).any(axis=1)) + 1
        for start, end in pairwise([0, *changes.tolist(), len(held)]):
            code = "#" + held[start].tobytes().hex()
            outline = _outline(x[start : end + 1], edges[start:end, band : band + 2])
            if outline:
                shapes.append(
                    f'<path fill="{code}" d="{outline}"><title>slot {slot}: {code}</title></path>'
                )
    cuts = [f'<path stroke="#fff" d="M{x[cut]:.6g} 0V{height}"/>' for cut in history.cuts]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" shape-rendering="crispEdges">\n'
        + "\n".join(shapes + cuts)
        + "\n</svg>\n"
    )


def _edges(history: PaletteHistory, by: Height) -> list[NDArray[np.float64]]:
    """Return for each frame the (k + 1) borders of its bands in [0, 1], in stacking order."""
    order, k = history.by_lightness(), len(history.colors[0])
    if by == "equal":
        return [np.arange(k + 1) / k] * len(history.colors)
    edges = []
    for weights in history.weights[:, order]:
        total = weights.sum()
        shares = weights / total if total else np.full(k, 1 / k)
        edges.append(np.concatenate([[0.0], np.cumsum(shares)]))
    return edges


def _outline(x: NDArray[np.float64], edges: NDArray[np.float64]) -> str:
    """Return the stepped path around a band: along its upper border, back along the lower."""
    if np.ptp(edges, axis=1).max() == 0:
        return ""
    top, bottom = edges.T
    steps = [f"M{x[0]:.6g} {top[0]:.6g}H{x[1]:.6g}"]
    for n in range(1, len(top)):
        if top[n] != top[n - 1]:
            steps.append(f"V{top[n]:.6g}")
        steps.append(f"H{x[n + 1]:.6g}")
    steps.append(f"V{bottom[-1]:.6g}")
    for n in range(len(bottom) - 1, -1, -1):
        if n < len(bottom) - 1 and bottom[n] != bottom[n + 1]:
            steps.append(f"V{bottom[n]:.6g}")
        steps.append(f"H{x[n]:.6g}")
    return "".join(steps) + "Z"

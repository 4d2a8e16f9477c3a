"""What a person could use instead: each method gives a picture the colors of another."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

import steadyhue as sh
from steadyhue.color import to_space
from steadyhue.reference import reference_palette
from transfer_pictures import Picture

Method = Callable[[Picture, Picture, int], Picture]

CONVERT = "/usr/bin/convert"


def clip(picture: Picture) -> sh.Animation:
    return sh.Animation.from_arrays([picture])


def ours(**options: object) -> Method:
    def run(source: Picture, reference: Picture, k: int) -> Picture:
        (frame,) = sh.transfer(clip(source), clip(reference), k, **options)
        return frame.rgba()[..., :3]

    return run


def emd(source: Picture, reference: Picture, k: int) -> Picture:
    """Optimal transport between the palettes; each cluster goes where most of it goes."""
    import ot

    (frame,) = sh.quantize(clip(source), k, mode="global")
    target = reference_palette(clip(reference), k)
    mass = np.bincount(frame.indices.ravel(), minlength=len(frame.palette)) / frame.indices.size
    x, y = to_space(frame.palette, "oklab"), to_space(target.colors, "oklab")
    plan = ot.emd(mass, target.shares, ((x[:, None] - y) ** 2).sum(-1))
    return target.colors[plan.argmax(1)][frame.indices]


def magick_remap(source: Picture, reference: Picture, k: int) -> Picture:
    with tempfile.TemporaryDirectory() as folder:
        names = [str(Path(folder) / name) for name in ("in.png", "palette.png", "out.png")]
        Image.fromarray(source).save(names[0])
        Image.fromarray(reference_palette(clip(reference), k).colors[None]).save(names[1])
        subprocess.run(
            [CONVERT, names[0], "+dither", "-remap", names[1], f"PNG24:{names[2]}"], check=True
        )
        return np.asarray(Image.open(names[2]).convert("RGB"))


def color_matcher(method: str) -> Method:
    def run(source: Picture, reference: Picture, k: int) -> Picture:
        from color_matcher import ColorMatcher

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # As floats: with uint8 some of its methods give no numbers.
            moved = ColorMatcher().transfer(
                source.astype(float), reference.astype(float), method=method
            )
        return np.clip(np.nan_to_num(moved) + 0.5, 0, 255).astype(np.uint8)

    return run


def colortrans(method: str) -> Method:
    def run(source: Picture, reference: Picture, k: int) -> Picture:
        import colortrans

        moved: Picture = getattr(colortrans, f"transfer_{method}")(source, reference)
        return moved

    return run


HARD: dict[str, Method] = {
    "**tone**": ours(),
    "tone, spread 0": ours(spread=0.0),
    "tone, spread 1": ours(spread=1.0),
    "frequency": ours(match="frequency"),
    "lightness": ours(match="lightness"),
    "nearest": ours(match="nearest"),
    "assignment (Hungarian)": ours(match="assignment"),
    "EMD (POT)": emd,
}
if shutil.which(CONVERT):
    HARD["`magick -remap`"] = magick_remap

CONTINUOUS: dict[str, Method] = {
    "**tone, smooth**": ours(smooth=True),
    "color-matcher mkl": color_matcher("mkl"),
    "color-matcher hm-mkl-hm": color_matcher("hm-mkl-hm"),
    "colortrans lhm": colortrans("lhm"),
    "colortrans reinhard": colortrans("reinhard"),
    "nothing": lambda source, reference, k: source,
}

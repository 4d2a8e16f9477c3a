"""The pictures of docs/transfer.md, split by source: none that is tested was tuned on.

Wallpapers are those of Debian's packages lomiri-wallpapers-16.04, lomiri-wallpapers-20.04,
ukui-wallpapers (tested), mate-backgrounds, plasma-workspace-wallpapers and opencv-doc (tuned on),
installed, or unpacked in the folder that STEADYHUE_WALLPAPERS names.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import skimage
import sklearn
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]

HERE = Path(__file__).parent
CORPUS = Path(os.environ.get("STEADYHUE_CORPUS", HERE.parents[1] / "shared" / "corpus"))
SHARE = Path(os.environ.get("STEADYHUE_WALLPAPERS", "/")) / "usr" / "share"
SIZE = 160  # pixels along the longer edge

SKIMAGE = Path(skimage.__file__).parent / "data"
SKLEARN = Path(sklearn.__file__).parent / "datasets" / "images"
SCREEN = SHARE / "backgrounds"
PLASMA = SHARE / "wallpapers"
MATE = SCREEN / "mate" / "nature"
OPENCV = SHARE / "doc" / "opencv-doc" / "examples" / "data"

FIRST = {
    SKIMAGE: ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "motorcycle_left.png",
              "hubble_deep_field.jpg", "retina.jpg", "ihc.png"),
    SKLEARN: ("china.jpg", "flower.jpg"),
    CORPUS / "still": ("great_wave.jpg", "starry_night.jpg"),
}  # fmt: skip
"""Tested since the first page of this kind."""

NEARLY_ONE_HUE = ("hubble_deep_field", "retina", "ihc")  # left out of the pairs

LATER = {
    SCREEN: (
        "Bridge_by_Sander_Klootwijk.jpg", "Dragonfly_by_Bolly.jpg", "Fossa_by_Jasper_Roks.jpg",
        "Kleiber_by_Lukas_Baubkus.jpg", "Picture_0B_by_freespace.jpg",
        "Picture_1A_by_freespace.jpg", "Wine_by_Jakkub_Mede.jpg",
        "aitzgorri_by_Aitzol_Berasategi.jpg", "calla.png", "free_by_Peter_Nerlich.jpg",
        "friends_by_Aitzol_Berasategi.jpg", "goldfish.png", "life_by_Aitzol_Berasategi.jpg",
        "picosdeeuropa_by_Aitzol_Berasategi.jpg", "seeding_by_Clements_Engelhardt.jpg",
        "sunset_by_Aitzol_Berasategi.jpg",
    ),
}  # fmt: skip
"""Tested as well."""

TUNED = {
    OPENCV: ("fruits.jpg", "baboon.jpg", "squirrel_cls.jpg", "aloeL.jpg", "leuvenA.jpg",
             "messi5.jpg", "building.jpg", "graf1.png", "rubberwhale1.png"),
    MATE: ("Dune.jpg", "Storm.jpg", "LadyBird.jpg", "TwoWings.jpg", "Garden.jpg", "FreshFlower.jpg"),
    PLASMA: tuple(
        f"{name}/contents/images/2560x1600.jpg"
        for name in ("Autumn", "summer_1am", "EveningGlow", "FallenLeaf", "BytheWater",
                     "ColorfulCups", "DarkestHour", "Kite", "Path", "Grey")
    ),
}  # fmt: skip
"""On which constants are chosen."""


def pictures(folders: dict[Path, tuple[str, ...]], size: int = SIZE) -> dict[str, Picture]:
    """Return the pictures that are there, by name, `size` pixels along the longer edge."""
    return {
        name: shrunk(Image.open(path), size)
        for folder, names in folders.items()
        for name, path in _named(folder, names)
    }


def tested() -> dict[str, Picture]:
    """Return all pictures that nothing was tuned on."""
    return pictures(FIRST | LATER)


def shrunk(picture: Image.Image, size: int) -> Picture:
    """Return the pixels of a picture of at most `size` x `size`."""
    picture.draft("RGB", (2 * size, 2 * size))
    plain = picture.convert("RGB")
    plain.thumbnail((size, size), Image.Resampling.LANCZOS)
    return np.asarray(plain)


def _named(folder: Path, names: Iterable[str]) -> Iterator[tuple[str, Path]]:
    for name in names:
        if (folder / name).exists():
            short = name.split("/")[0] if "/" in name else Path(name).stem.split("_by_")[0]
            yield short, folder / name

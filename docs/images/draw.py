"""Draw the pictures of the README and the tutorial: python docs/images/draw.py."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

import steadyhue as sh
from steadyhue import figures, samples, showcase

HERE = Path(__file__).parent
MODES = ("independent", "seeded", "steady")
COLORS = 10


def draw(source: Path) -> None:
    """Draw `ribbon.png` and `harbor.gif` from a clip."""
    clip = sh.open(source)
    variants = [showcase.Variant(mode, {"colors": COLORS, "mode": mode}) for mode in MODES]
    treated = [showcase.treat(clip, variant) for variant in variants]
    strips = [
        figures.Strip(
            t.title,
            f"{100 * t.measurement.still.share:.0f} % of still pixels change color every frame",
            [opaque(figures.ribbon(t.history, 900, 96))],
        )
        for t in treated
    ]
    Image.fromarray(figures.contact_sheet(strips)).save(HERE / "ribbon.png", optimize=True)
    showcase.compare(source, HERE / "harbor.gif", [variants[0], variants[-1]], force=True)


def opaque(picture: np.ndarray) -> np.ndarray:
    """Add an alpha channel."""
    return np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        path = Path(folder) / "harbor.gif"
        sh.quantize(samples.harbor(), colors=256, mode="global").save(path)
        draw(path)

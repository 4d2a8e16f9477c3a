"""Draw the pictures of the README and of the guides: python docs/images/draw.py."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

import steadyhue as sh
from steadyhue import figures, samples, showcase

HERE = Path(__file__).parent
MODES = ("independent", "seeded", "steady", "global")
SHOWN = ("independent", "seeded", "steady")  # in the ribbon
STEADINESS = (0.0, 0.5, 1.0)
COLORS = 10


def draw(source: Path) -> None:
    """Draw all pictures from a clip."""
    clip = sh.open(source)
    by_mode = {mode: treated(clip, f"mode {mode}", mode=mode) for mode in MODES}
    steadied = [treated(clip, f"steadiness {s:g}", steadiness=s) for s in STEADINESS]

    def both(treatment: showcase.Treatment) -> str:
        found = sh.measure(clip, treatment.gif)
        share = 100 * found.still.share
        return f"error {found.ratio:.2f} x the best, {share:.1f} % of still pixels change"

    save("ribbon.png", [ribbon(by_mode[mode], still_share(by_mode[mode])) for mode in SHOWN])
    save("steadiness.png", [ribbon(each, both(each)) for each in steadied])
    save("modes.png", [frames(each, both(each)) for each in by_mode.values()], columns=3)
    seeded, steady = by_mode["seeded"], by_mode["steady"]
    (HERE / "hold.svg").write_text(paths(seeded, steady), "utf-8")
    variants = [showcase.Variant.of(mode, colors=COLORS, mode=mode) for mode in MODES[::2]]
    showcase.compare(source, HERE / "harbor.gif", variants, force=True)


def treated(clip: sh.Animation, title: str, **options: object) -> showcase.Treatment:
    """Quantize the clip and measure that."""
    return showcase.treat(clip, showcase.Variant.of(title, colors=COLORS, **options))


def still_share(treatment: showcase.Treatment) -> str:
    """Say how much flickers."""
    share = treatment.measurement.still.share
    return f"{100 * share:.0f} % of still pixels change color every frame"


def ribbon(treatment: showcase.Treatment, note: str) -> figures.Strip:
    """Return a clip's palettes over time as a strip."""
    picture = figures.ribbon(treatment.history, 900, 96)
    alpha = np.full(picture.shape[:2], 255, np.uint8)
    return figures.Strip(treatment.title, note, [np.dstack([picture, alpha])])


def frames(treatment: showcase.Treatment, note: str) -> figures.Strip:
    """Return a clip's frames as a strip."""
    return figures.Strip(treatment.title, note, [frame.rgba() for frame in treatment.frames])


def save(name: str, strips: list[figures.Strip], **options: int) -> None:
    """Save strips below each other."""
    Image.fromarray(figures.contact_sheet(strips, **options)).save(HERE / name, optimize=True)


def paths(seeded: showcase.Treatment, steady: showcase.Treatment) -> str:
    """Draw the green of each color over time: as it creeps, and as it is held."""
    panels = []
    for place, treatment in enumerate((seeded, steady)):
        lines = []
        for slot in treatment.history.by_lightness()[::2]:
            greens = treatment.history.colors[:, slot, 1].astype(int)
            color = "#" + treatment.history.colors[len(greens) // 2, slot].tobytes().hex()
            points = " ".join(f"{8 * x},{130 - y / 2:g}" for x, y in enumerate(greens))
            lines.append(f'<polyline points="{points}" stroke="{color}"/>')
        title = f'<text x="0" y="148">{treatment.title}</text>'
        panels.append(f'<g transform="translate({20 + 420 * place} 8)">{"".join(lines)}{title}</g>')
    style = "polyline{fill:none;stroke-width:2.5}text{font:14px sans-serif;fill:#888}"
    box = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 840 166">'
    paper = '<rect width="840" height="166" rx="8" fill="#f4f1ea"/>'
    return f"{box}<style>{style}</style>{paper}{''.join(panels)}</svg>\n"


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        path = Path(folder) / "harbor.gif"
        sh.quantize(samples.harbor(), colors=256, mode="global").save(path)
        draw(path)

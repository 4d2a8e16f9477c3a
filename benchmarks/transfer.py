"""docs/transfer.md: how palette transfer compares, on pictures that nothing was tuned on."""

from __future__ import annotations

import platform
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np

import steadyhue as sh
import transfer_scores as scores
from machine import machine
from steadyhue import samples
from steadyhue.color import from_space, to_space
from steadyhue.metrics import measure
from steadyhue.palettemap import match
from steadyhue.reference import reference_palette
from steadyhue.settings import RAMPS
from transfer_film import film_table
from transfer_looks import LOOKS, Case, graded_cases, look_cases
from transfer_methods import CONTINUOUS, HARD, Method, color_matcher, colortrans
from transfer_pictures import FIRST, NEARLY_ONE_HUE, SIZE, Picture, pictures, tested
from transfer_sheets import save_worst

HERE = Path(__file__).parent
COLORS = (16, 48)


def truth_table(cases: list[Case]) -> list[str]:
    rows = []
    for name, method in (HARD | CONTINUOUS).items():
        cells = []
        for k in COLORS:
            errors = [scores.truth(method(s, r, k), answer) for s, r, answer in cases]
            cells.append(f"{np.mean(errors):.2f}")
        rows.append(f"| {name} | {' | '.join(cells)} |")
        print(rows[-1], flush=True)
    header = "| method | " + " | ".join(f"k = {k}" for k in COLORS) + " |"
    return [f"{len(cases)} cases.", "", header, "|---|" + "---:|" * len(COLORS), *rows]


def look_table(found: dict[str, Picture], k: int = 16) -> list[str]:
    cases = {name: list(look_cases(found, name)) for name in LOOKS}
    rows = [f"| k = {k} | " + " | ".join(LOOKS) + " |", "|---|" + "---:|" * len(LOOKS)]
    for name, method in (HARD | CONTINUOUS).items():
        means = [
            np.mean([scores.truth(method(s, r, k), answer) for s, r, answer in cases[look]])
            for look in LOOKS
        ]
        rows.append(f"| {name} | " + " | ".join(f"{mean:.2f}" for mean in means) + " |")
        print(rows[-1], flush=True)
    return [f"{len(cases['duotone'])} cases of each look.", "", *rows]


def plain_table(found: dict[str, Picture], k: int = 16) -> list[str]:
    """Chroma and hue spread, in those of the reference, where it has little of them."""
    rows = [
        f"| k = {k} | chroma, nearly grey reference | hue spread, reference of one hue |",
        "|---|---:|---:|",
    ]
    greys = [nearly_grey(found[name]) for name in ("china", "flower", "coffee")]
    hues = [found[name] for name in NEARLY_ONE_HUE]
    sources = [found[name] for name in ("astronaut", "chelsea", "motorcycle_left", "starry_night")]
    for name, method in (HARD | CONTINUOUS).items():
        cells = []
        for references, column in ((greys, "chroma"), (hues, "hue spread")):
            values = [
                scores.colorfulness(method(s, r, k))[column] / scores.colorfulness(r)[column]
                for s in sources
                for r in references
            ]
            cells.append(f"{np.mean(values):.2f}")
        rows.append(f"| {name} | " + " | ".join(cells) + " |")
        print(rows[-1], flush=True)
    return rows


def nearly_grey(picture: Picture) -> Picture:
    return from_space(to_space(picture, "oklab") * [1, 0.15, 0.15], "oklab")


def pair_table(found: dict[str, Picture], methods: dict[str, Method], k: int) -> list[str]:
    columns = ("GMSD", "contrast", "inverted", "hue split", "false edges", "EMD", "support",
               "coverage", "chroma", "ms")  # fmt: skip
    rows = [
        f"| k = {k} | GMSD | contrast SSIM | inverted % | hue split % | false edges % "
        "| EMD | support | coverage | chroma | ms |",
        "|---|" + "---:|" * len(columns),
    ]
    for name, method in methods.items():
        sums: dict[str, list[float]] = defaultdict(list)
        for source_name, source in found.items():
            for reference_name, reference in found.items():
                if source_name == reference_name:
                    continue
                start = time.process_time()
                output = method(source, reference, k)
                sums["ms"].append(1000 * (time.process_time() - start))
                measured = {
                    **scores.structure(source, output),
                    **scores.palette(output, reference),
                    **scores.objects(source, output),
                    "chroma": scores.colorfulness(output)["chroma"]
                    / scores.colorfulness(reference)["chroma"],
                }
                for column, value in measured.items():
                    sums[column].append(value)
        digits = {
            "inverted": 3,
            "contrast": 3,
            "chroma": 2,
            "hue split": 2,
            "false edges": 2,
            "ms": 0,
        }
        cells = [f"{np.mean(sums[column]):.{digits.get(column, 4)}f}" for column in columns]
        rows.append(f"| {name} | {' | '.join(cells)} |")
        print(rows[-1], flush=True)
    return rows


def kept(clip: sh.Animation) -> sh.Animation:
    frames = list(clip)  # so that drawing is not done again for every method
    return sh.Animation(lambda: iter(frames), width=clip.width, height=clip.height, name=clip.name)


def flicker_table() -> list[str]:
    harbor, forest = kept(samples.harbor()), kept(samples.forest())
    rows = [
        "| k = 10 | unchanged pixels that change % | by (OKLab x 100) | still pixels that change % |",
        "|---|---:|---:|---:|",
    ]

    def per_frame(method: Method, source: sh.Animation, other: sh.Animation) -> sh.Animation:
        look = next(iter(other)).rgba()[..., :3]
        return sh.Animation.from_arrays(
            [method(frame.rgba()[..., :3], look, 10) for frame in source]
        )

    def saved(result: sh.Result) -> sh.Animation:
        return sh.Animation.from_arrays([frame.rgba() for frame in result])

    makers = {
        "quantized only, global": lambda s, r: saved(sh.quantize(s, 10, mode="global")),
        "**transferred, global**": lambda s, r: saved(sh.transfer(s, r, 10)),
        "**transferred, smooth**": lambda s, r: saved(sh.transfer(s, r, 10, smooth=True)),
        "quantized only, seeded": lambda s, r: saved(sh.quantize(s, 10, mode="seeded")),
        "**transferred, seeded**": lambda s, r: saved(sh.transfer(s, r, 10, mode="seeded")),
        "frequency, every frame by itself": lambda s, r: per_frame(HARD["frequency"], s, r),
        "color-matcher mkl, every frame": lambda s, r: per_frame(color_matcher("mkl"), s, r),
        "colortrans lhm, every frame": lambda s, r: per_frame(colortrans("lhm"), s, r),
    }
    for name, make in makers.items():
        found = [measure(s, make(s, r)) for s, r in ((harbor, forest), (forest, harbor))]
        cells = (
            np.mean([100 * m.static.share for m in found]),
            np.mean([m.static.change for m in found]),
            np.mean([100 * m.still.share for m in found]),
        )
        rows.append(f"| {name} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")
        print(rows[-1], flush=True)
    return rows


def cost_text(picture: Picture) -> str:
    rows = ["| frames | palette | palette, smooth | picture |", "|---|---:|---:|---:|"]
    frames = [frame.rgba() for frame in samples.harbor()]
    for many in (4, 24):
        clip = sh.Animation.from_arrays(frames[:many], 80)
        look = sh.Animation.from_arrays([picture])
        colors = reference_palette(look, RAMPS)
        alone = cpu_time(lambda clip=clip: list(sh.quantize(clip, 10, mode="global")))
        cells = [
            cpu_time(lambda clip=clip, how=how: list(sh.transfer(clip, how[0], 10, smooth=how[1])))
            for how in ((colors, False), (colors, True), (look, False))
        ]
        rows.append(f"| {many} | " + " | ".join(f"{cell / alone:.2f}" for cell in cells) + " |")
        print(rows[-1], flush=True)
    height, width = picture.shape[:2]
    return COST.format(width=width, height=height, table="\n".join(rows))


def cpu_time(run: Callable[[], object]) -> float:
    """Return the CPU seconds of the fastest of seven runs."""
    times = []
    for _ in range(7):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def time_table() -> list[str]:
    rng = np.random.default_rng(0)
    rows = ["| k | tone, ms | tone with spread, ms | assignment, ms |", "|---|---:|---:|---:|"]
    for k in (16, 64, 256):
        contact = rng.integers(0, 99, (k, k))
        source, target = (sh.Palette(rng.integers(0, 256, (k, 3)), rng.random(k)) for _ in "st")
        cells = []
        for method, spread in (("tone", 0.0), ("tone", 1.0), ("assignment", 0.0)):
            times = []
            for _ in range(5):
                start = time.process_time()
                match(source, target, method, adjacency=contact + contact.T, spread=spread)
                times.append(1000 * (time.process_time() - start))
            cells.append(f"{min(times):.1f}")
        rows.append(f"| {k} | {' | '.join(cells)} |")
    return rows


INTRODUCTION = """\
# Palette transfer

How well the colors of one picture sit in another. Written by `benchmarks/transfer.py`.

Pictures are split by source, in `benchmarks/transfer_pictures.py`. Tested: the photos that
scikit-image and scikit-learn ship, *The Great Wave* and *The Starry Night*, and for the looks also the
wallpapers of Lomiri and UKUI, at {size} pixels. Constants were tuned on OpenCV's samples and the
wallpapers of MATE and Plasma. (The first twelve were looked at between rounds of work, so that they
are no longer wholly unseen.)

{date}, {machine}, Python {python}; {versions}.
"""

TRUTH = """\
## The truth test

Transfer has no right answer, except where one is made: a picture is cut in two, one part is given
a look (tone curve, turn and stretch of the hues, cast), and the method must give that look to the
other part. What the parts show differs, and so do the frequencies. Error: mean OKLab difference to
the right answer, x 100 (2 is just visible). The looks of this table are of the kind that `tone`
searches for.
"""

OTHER_LOOKS = """\
## Looks that nothing here searches for

The same test with what a darkroom, a painter or a colorist does (`benchmarks/transfer_looks.py`).
`nearest` is at home in a limited palette, which is made by taking nearest colors.
"""

PLAIN = """\
## References with little color

Mean chroma of the output where the reference is nearly grey, and how far colors are to both sides of
the main hue where the reference has one; both as multiples of the reference's own.
"""

PAIRS = """\
## Every picture in the colors of every other

The three pictures of nearly one hue are left out.

**GMSD** (0 is best): lost and false edges. **Contrast SSIM** (1 is best): local contrast.
**Inverted**: share of the lightness edges that are turned around, as in a negative. **EMD**: distance
of the color histograms; **support**: how far output colors are from the reference's; **coverage**: how
far the reference's colors are from the output's. **Hue split**: share of the pairs of points of one
segment of the source, of one hue there, that have two hues, or one of them none. **False edges**:
share of the neighbors as good as equal in the source that are a clear step apart. **Chroma**: the mean
one as a multiple of the reference's. A gentle map keeps structure and leaves colors
unused, so that EMD and coverage must be read beside the others. CPU milliseconds include
clustering both pictures.
"""

LOOKED = """\
## Looked at

Twenty pairs of stills and ten of clips that nothing was tuned on (`benchmarks/transfer_sheets.py`),
with 10 colors. Light stays light in all of them. These five are the worst of the thirty pairs of six pictures
that scikit-image and scikit-learn ship. Columns: source, reference, `tone`, `--spread 1`, `--smooth`.

![Five pairs](images/transfer_worst.jpg)

A red saucer turns grey while its wood turns yellow, since the reference has nothing else that is
light and warm; wood gets red and brown patches; a flower keeps its red in the middle
only; a cat has orange and green patches at spread 1; a night sky is in bands, as it is with 10 colors
of its own, and grey, where the blue of the reference is light.
"""

FILM = """\
## Films

Films of four shots: two scenes of corpus clips, and the same two a second later, in the colors of three
pictures. Of the pixels of a scene that show the same when it comes again (within 6 levels), how many
have another color than before, by a step that nobody misses, and by how much. In mode `global` the map
is one for the film, and what is left is that of quantization: a pixel at the border of two clusters.
"""

COST = """\
## Cost

CPU time as a multiple of that of quantizing the same clip with 10 colors in mode `global`: with a
palette, and with a picture of {width} x {height}, which must be decoded and clustered.

{table}

Two random palettes of k colors, CPU time of a match:
"""

FLICKER = """\
## Flicker

The two sample clips in each other's colors. *Unchanged* pixels are exactly as in the frame before,
*still* ones within 6 levels.
"""


LOSSES = """\
## Where others are ahead

- `frequency` and EMD give the reference's histogram, and every one-to-one method (`lightness`,
  `assignment`) uses all of its colors: their EMD and coverage are lower than those of `tone`, which
  leaves colors unused where they would cut an object in two hues. `--spread` walks that front.
- `nearest` and `magick -remap` are truer to looks that move colors little: cross-process, two hues
  exchanged, a limited palette. `tone` cannot tell them from content that the reference lacks.
- With 48 colors `tone` was a little truer to grades before it kept objects whole, 4.28 against 4.40, and
  smooth it was 3.83 and 3.85: it went less far. With 16 colors it was less true, 4.78, and split the hues
  of 4.9 % of the pairs.
- Inverted edges are those of clustering: 16 colors alone, without a transfer, have 0.15 %. Smooth has
  next to none.
- The front: `--spread 0` leaves more colors unused and splits fewest things; `--spread 1` reaches for all
  of them. The default has four fifths of what 1 gains in coverage, and three fifths of its splits.
- `hm-mkl-hm` gives the reference's histogram in continuous tones, with false edges; mkl, lhm and hm-mkl-hm
  use more of its colors than `--smooth`, and keep closer to a reference of one hue.
"""


def main() -> None:
    first, every = pictures(FIRST), tested()
    colorful = {name: first[name] for name in first if name not in NEARLY_ONE_HUE}
    packages = ("scikit-image", "scikit-learn", "POT", "color-matcher", "colortrans")
    parts = [
        INTRODUCTION.format(
            size=SIZE,
            date=f"{date.today():%Y-%m-%d}",
            machine=machine(),
            python=platform.python_version(),
            versions=", ".join(f"{name} {version(name)}" for name in packages),
        ),
        TRUTH,
        "\n".join(truth_table(list(graded_cases(first)))) + "\n",
        OTHER_LOOKS,
        "\n".join(look_table(every)) + "\n",
        PAIRS,
        *["\n".join(pair_table(colorful, HARD, k)) + "\n" for k in COLORS],
        "\n".join(pair_table(colorful, CONTINUOUS, 16)) + "\n",
        PLAIN,
        "\n".join(plain_table(first)) + "\n",
        LOSSES,
        LOOKED,
        FILM,
        "\n".join(film_table()) + "\n",
        FLICKER,
        "\n".join(flicker_table()) + "\n",
        cost_text(first["coffee"]),
        "\n".join(time_table()) + "\n",
    ]
    save_worst(HERE.parent / "docs" / "images" / "transfer_worst.jpg")
    (HERE.parent / "docs" / "transfer.md").write_text("\n".join(parts))


if __name__ == "__main__":
    main()

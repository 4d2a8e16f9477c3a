"""docs/cuts.md: whether cuts are found, and what seeing through dithering does.

python benchmarks/cuts.py
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from unittest import mock

import numpy as np

from clips import HERE
from cut_cases import Case, cases, dithers, plain, shots
from steadyhue.cuts import marked
from steadyhue.frame import Frame
from steadyhue.metrics.difference import Colored, change, difference
from steadyhue.modes import planner
from steadyhue.pipeline import quantize_frames
from steadyhue.settings import Settings
from steadyhue.stillness import seen_still, still_pixels

DOCS = HERE.parent / "docs"
FRAMES = 12  # of a clip in the second table
K = 4, 10
COLORS = 16, 64, 256

INTRODUCTION = """\
# Cuts and stillness of dithered sources

Written by `python benchmarks/cuts.py`; the cases are in `benchmarks/cut_cases.py`.

## Cuts

Corpus clips alone and joined at known places, as they are and dithered anew in every frame by
gifsicle (one palette of 16 or 64 colors), ffmpeg (a palette a frame, ordered or diffused) and
Pillow (a palette a frame, diffused); fades of 5 to 16 steps, flashes of 1 to 3 frames, pans,
zooms, strobes, lights and slides drawn from them. *Before* is the rule of one step that this replaced: a
quarter of the pixels holds still, or half of the colors are the same, else there is a cut.

The constants of `steadyhue.cuts` were chosen on these cases, but for the joins *held out*: other
sizes, orders and lengths, and clips of flat colors too, chosen afterwards.
"""

STILLNESS = """\
## Stillness seen through dithering

Clips dithered so, then reduced by mode `steady`. **Change** is the mean 100 x OKLab change of the
output from frame to frame over the pixels whose *undithered* source holds still: of the output of the
undithered clip, of the dithered one *without* seeing through, and *with* it (`stillness.seen_still`:
plans and labels are priced so, within the error that `steady` allows itself). **Error** is the squared error per pixel against the undithered clip, over that *without*. Then,
on how many clips the change is at most 1.5 x that of the undithered one. That is the aim, and it is
far from reached: what changes is mostly what the dithered source says itself, and holding it costs
more error against that source than `steady` may spend.
"""


def before(frames: Iterable[Frame]) -> set[int]:
    """Return the cuts as they were found until now, from pairs of frames by themselves."""
    found, last = set(), None
    for number, frame in enumerate(frames):
        colors = frame.colors.astype(int) // 32
        binned = np.bincount(colors @ [64, 8, 1], frame.weights, 512)
        binned /= max(1, binned.sum())
        if last is not None:
            opaque = max(1, int(frame.weights.sum()))
            held = still_pixels(frame, last[0]).sum() / opaque
            if held < 0.25 and np.minimum(binned, last[1]).sum() < 0.5:
                found.add(number)
        last = frame, binned
    return found


def after(frames: Iterable[Frame]) -> set[int]:
    return {number for number, (_, cut) in enumerate(marked(frames)) if cut}


def cut_table(found: Iterable[Case]) -> str:
    """Return precision and recall of each kind of case."""
    counts: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(6, int))
    for case in found:
        frames = case.frames()
        old, new = before(frames), after(frames)
        counts[case.kind] += [
            len(frames), len(case.cuts), len(old), len(old & case.cuts), len(new), len(new & case.cuts)
        ]  # fmt: skip
        for number in sorted(new ^ case.cuts):
            print(
                f"{'missed' if number in case.cuts else 'false'}: {case.kind}, {case.name}, {number}"
            )
    counts["all"] = sum(counts.values(), np.zeros(6, int))
    lines = [
        "| cases | frames | cuts | before: marks | precision | recall | now: marks | precision | recall |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for kind, (frames, cuts, *marks) in counts.items():
        cells = [kind, str(frames), str(cuts)]
        for made, right in zip(marks[::2], marks[1::2], strict=True):
            cells += [str(made), share(right, made), share(right, cuts)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def reduced(frames: list[Frame], k: int, *, through: bool) -> list[Frame]:
    """Return what mode steady makes of frames."""
    settings = Settings.of(k)
    with mock.patch("steadyhue.pipeline.seen_still", seen_still if through else still_pixels):
        made = quantize_frames(frames, planner(settings, frames), settings)
        return [Frame.from_array(shown.rgba()) for shown, _ in made]


def judged(source: list[Frame], output: list[Frame]) -> tuple[float, float]:
    """Return the change where the source holds still, and the squared error per pixel."""
    pairs = [(Colored.of(a), Colored.of(b)) for a, b in zip(source, output, strict=True)]
    steps = [change(a, c, b, d).still for (a, b), (c, d) in pairwise(pairs)]
    apart = [difference(*pair) for pair in pairs]
    still = 100 * sum(s.oklab for s in steps) / max(1, sum(s.pixels for s in steps))
    return still, sum(d.squared for d in apart) / max(1, sum(d.opaque for d in apart))


def treatments(frames: list[Frame], k: int) -> Iterator[list[Frame]]:
    """Yield what becomes of frames without seeing through, and with it."""
    yield reduced(frames, k, through=False)
    yield reduced(frames, k, through=True)


def stillness_table() -> str:
    """Return how still the output of dithered clips holds, for each way of dithering."""
    rows: dict[tuple[str, int, int], list[list[float]]] = defaultdict(list)
    for name, pictures in shots(FRAMES):
        if len(pictures) < FRAMES:
            continue
        source = plain(pictures)
        alone = {k: judged(source, reduced(source, k, through=True))[0] for k in K}
        for dither, make in dithers().items():
            for colors in COLORS:
                frames = make(pictures, colors)
                for k in K:
                    found = [judged(source, output) for output in treatments(frames, k)]
                    changes, errors = np.transpose(found)
                    row = [alone[k], *changes, *errors[1:] / errors[0]]
                    rows[dither, colors, k].append(row)
        print(name, flush=True)
    lines = [
        "| dithered by | colors | k | undithered | without | with "
        "| at most 1.5 x: without | with | error: with |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for key, found in rows.items():
        table = np.array(found)
        over = (table[:, 1:3] <= 1.5 * table[:, :1]).sum(axis=0)
        errors = np.exp(np.log(table[:, 3:]).mean(axis=0))
        cells = [*map(str, key), *(f"{mean:.3f}" for mean in table[:, :3].mean(axis=0))]
        cells += [f"{count} of {len(found)}" for count in over]
        cells += [f"{error:.2f}" for error in errors]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    warnings.simplefilter("ignore")
    parts = [INTRODUCTION, cut_table(cases()), STILLNESS, stillness_table()]
    text = "\n".join(f"{part.rstrip()}\n" for part in parts)
    (DOCS / "cuts.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()

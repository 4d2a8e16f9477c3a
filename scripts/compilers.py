"""Compile all kernels, in one file, with other compilers and for other systems.

    python scripts/compilers.py [g++] [clang++] [zig]

`zig` is a clang that brings the headers of other systems along (``pip install ziglang``).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

NATIVE = Path(__file__).parents[1] / "native"
FLAGS = ["-std=c++17", "-pedantic", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function"]
TARGETS = (
    "x86_64-windows-gnu",
    "aarch64-windows-gnu",
    "x86_64-macos",
    "aarch64-macos",
    "x86_64-linux-musl",
    "aarch64-linux-gnu",
)
GNU = ("__GNUC__", "__clang__")
"""What a compiler defines that `platform.hpp` asks for; without them it writes plain C++."""


def main() -> None:
    """Compile with those that are named, or with all that are there."""
    named = sys.argv[1:] or [name for name in ("g++", "clang++") if shutil.which(name)]
    for name in named:
        commands = [[name]]
        if name == "zig":
            zig = [sys.executable, "-m", "ziglang", "c++", "-target"]
            commands = [[*zig, target] for target in TARGETS]
        for command in commands:
            for plain in (False, True):
                failure = complaint(command, plain=plain)
                if failure:
                    sys.exit(f"{' '.join(command)}:\n{failure}")
            print(f"{' '.join(command)}: all kernels compile, with and without GNU's extensions")


def complaint(command: list[str], *, plain: bool) -> str:
    """Return what a compiler says to all kernels in one file; nothing if it is content."""
    kernels = sorted(path.name for path in NATIVE.glob("*.hpp"))
    lines = [f'#include "{name}"' for name in ["platform.hpp", *kernels]]
    if plain:  # the standard's headers still need to know their compiler
        texts = "".join((NATIVE / name).read_text("utf-8") for name in kernels)
        standard = sorted({line for line in texts.splitlines() if line.startswith("#include <")})
        lines = [*standard, *(f"#undef {name}" for name in GNU), *lines]
    with TemporaryDirectory() as folder:
        source = Path(folder) / "all.cpp"
        source.write_text("\n".join(lines) + "\n")
        words = [*command, *FLAGS, f"-I{NATIVE}", "-c", source, "-o", source.with_suffix(".o")]
        done = subprocess.run(words, capture_output=True, text=True)
    return done.stderr if done.returncode else ""


if __name__ == "__main__":
    main()

"""What is missing for a build is said in one sentence, before anything is built."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

READY = Path(__file__).parents[1] / "scripts" / "ready.sh"
COMPILERS = ("c++", "g++", "clang++")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="make and sh are not at home there")


def ready(folder: Path, python: str, *compilers: str) -> tuple[int, str]:
    """Run the script where only these compilers are found."""
    for name in compilers:
        (folder / name).symlink_to("/bin/true")
    environment = {"PATH": str(folder), "CXX": ""}
    done = subprocess.run(
        ["/bin/sh", READY, python], env=environment, capture_output=True, text=True
    )
    return done.returncode, done.stderr


def an_old_python(folder: Path, answers: str) -> str:
    """A Python that fails at any line of code in which `answers` is found."""
    path = folder / "python-with-a-fault"
    path.write_text(
        f'#!/bin/sh\ncase "$2" in *{answers}*) exit 1;; esac\necho Python 3.9.2\n', "utf-8"
    )
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("compiler", COMPILERS)
def test_a_python_and_any_compiler_are_enough(tmp_path: Path, compiler: str) -> None:
    assert ready(tmp_path, sys.executable, compiler) == (0, "")


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        ("version_info", "Python 3.9.2, and 3.11 or newer is needed"),
        ("ensurepip", "apt install python3-venv"),
        ("Python.h", "apt install python3-dev"),
    ],
)
def test_a_python_that_lacks_something_is_told_what(
    tmp_path: Path, fault: str, advice: str
) -> None:
    code, said = ready(tmp_path, an_old_python(tmp_path, fault), *COMPILERS)
    assert code == 1
    assert advice in said
    assert said.count("\n") == 1


def test_without_python_or_compiler_it_says_what_to_install(tmp_path: Path) -> None:
    code, said = ready(tmp_path, "python3.99")
    assert (code, said.count("\n")) == (1, 1)
    assert "there is no python3.99; install Python 3.11 or newer" in said
    code, said = ready(tmp_path, sys.executable)
    assert (code, said.count("\n")) == (1, 1)
    assert "no C++ compiler; install one" in said

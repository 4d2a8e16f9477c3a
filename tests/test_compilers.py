"""The kernels are plain C++: any compiler takes them, and all of them in one file."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("compilers", ROOT / "scripts" / "compilers.py")
assert SPEC is not None
assert SPEC.loader is not None
compilers = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(compilers)
EXTENSIONS = (
    r"__builtin_|__attribute__|__int128|__declspec|\btypeof\b|\bssize_t\b|#pragma GCC|_MSC_VER"
)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_all_kernels_compile_in_one_file(compiler: str, plain: bool) -> None:
    # Two types of one name in two files are no error to a linker; in one file they are.
    if shutil.which(compiler) is None:
        pytest.skip(f"there is no {compiler}")
    assert compilers.complaint([compiler], plain=plain) == ""


def test_what_compilers_do_differently_stands_in_one_header() -> None:
    sources = [*ROOT.glob("native/**/*.hpp"), *ROOT.glob("native/**/*.cpp")]
    asking = {path.name for path in sources if re.search(EXTENSIONS, path.read_text("utf-8"))}
    assert asking == {"platform.hpp"}

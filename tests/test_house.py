"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import inspect
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Callable
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest

import steadyhue
from steadyhue import words

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "steadyhue"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SOURCES = sorted(PACKAGE.rglob("*.py"))
NATIVE = sorted([*ROOT.glob("native/**/*.hpp"), *ROOT.glob("native/**/*.cpp")])
TREES = {path: ast.parse(path.read_text("utf-8")) for path in SOURCES}
BY_STRING = {"import_module", "__import__", "exec", "eval"}
MAY_IMPORT_BY_STRING = {PACKAGE / "display.py", PACKAGE / "__init__.py"}


def short(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def names_in(tree: ast.AST) -> set[str]:
    """Every name that is read, reached by a dot or imported."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name)
    return found


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in SOURCES}


def imports_of(path: Path) -> set[str]:
    """The modules of the package that a file imports anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name in MODULES}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{short(path)} imports relatively"
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                found |= {below if below in MODULES else node.module or ""} & set(MODULES)
    return found - {module_of(path)}


def layers() -> dict[str, int]:
    """The height of each module; the lowest is 0."""
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    (rows,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {
        name.strip(): height for height, row in enumerate(reversed(rows)) for name in row.split("|")
    }


def test_nothing_is_imported_or_run_by_a_string() -> None:
    for path in set(SOURCES) - MAY_IMPORT_BY_STRING:
        called = {
            node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            for node in ast.walk(TREES[path])
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
        }
        assert not (called | names_in(TREES[path])) & BY_STRING, short(path)


def test_display_hops_to_the_notebook_only() -> None:
    hops = [
        ast.literal_eval(node.args[0])
        for node in ast.walk(TREES[PACKAGE / "display.py"])
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module"
    ]
    assert hops == ["steadyhue.showcase.notebook"]


def test_every_import_points_down() -> None:
    height = layers()
    for path in SOURCES:
        own = module_of(path).split(".")[1:2]
        if not own or own == ["__main__"]:
            continue
        for imported in imports_of(path):
            other = imported.split(".")[1:2]
            if other == own:
                continue
            assert other or own == ["_native"], f"{short(path)} imports the package's face"
            if other:
                assert height[other[0]] < height[own[0]], f"{short(path)} imports {imported}"


def test_imports_have_no_circle() -> None:
    graph = {
        name: imports_of(path) - {"steadyhue"} for name, path in MODULES.items() if "." in name
    }
    list(TopologicalSorter(graph).static_order())  # raises CycleError, naming the circle


def test_files_are_short() -> None:
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in [*SOURCES, *NATIVE]}
    assert not [path.name for path, count in lines.items() if count > 400]
    assert statistics.median(lines[path] for path in SOURCES) <= 130


def test_functions_are_short() -> None:
    long = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[ast.get_docstring(node) is not None :] or node.body
                lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
                if lines > 60:
                    long.append(f"{short(path)}: {node.name} has {lines} lines")
    assert not long


def test_a_color_is_parsed_in_one_place() -> None:
    # The samples draw with colors of their own, which nobody types in.
    parsing = {short(path) for path in SOURCES if "fromhex" in names_in(TREES[path])}
    assert parsing <= {"words.py", "samples/drawing.py"}


def test_exit_codes_are_chosen_in_one_place() -> None:
    for path in sorted((PACKAGE / "cli").glob("*.py")):
        if path.name in {"sentences.py", "options.py"}:
            continue
        caught = {
            name
            for node in ast.walk(TREES[path])
            if isinstance(node, ast.ExceptHandler) and node.type is not None
            for name in names_in(node.type)
        }
        assert not caught & {"ValueError", "Exception", "BaseException"}, path.name


def test_the_tolerance_of_stillness_is_set_in_one_place() -> None:
    setting = {
        short(path)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id == "STILL"
    }
    assert setting == {"stillness.py"}
    for path, tree in TREES.items():
        defaults = (
            value
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
            for argument, value in [
                *zip(node.args.args[::-1], node.args.defaults[::-1], strict=False),
                *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
            ]
            if argument.arg == "tolerance" and value is not None
        )
        given = (
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.keyword) and node.arg == "tolerance"
        )
        numbers = [value for value in [*defaults, *given] if isinstance(value, ast.Constant)]
        assert not numbers, f"{short(path)} writes a tolerance as a number"
    assert not [path.name for path in NATIVE if re.search(r"tolerance\s*=\s*\d", path.read_text())]


def test_the_three_lists_of_public_names_are_one() -> None:
    listed = {name for names in steadyhue._MODULES.values() for name in names}
    typed: dict[str, set[str]] = {}
    for node in ast.walk(TREES[PACKAGE / "__init__.py"]):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            for part in node.body:
                assert isinstance(part, ast.ImportFrom)
                module = (part.module or "").removeprefix("steadyhue.")
                typed[module] = {alias.name for alias in part.names}
    assert steadyhue.__all__ == sorted(listed)
    assert typed == {module: set(names) for module, names in steadyhue._MODULES.items()}


def public_members(thing: object) -> list[tuple[str, object]]:
    """A function, or a class with its public methods and properties, by name."""
    if not isinstance(thing, type):
        return [("", thing)]
    plain = [
        (name, value.__func__ if isinstance(value, staticmethod | classmethod) else value)
        for name, value in vars(thing).items()
        if not name.startswith("_")
    ]
    members = [(n, v) for n, v in plain if inspect.isfunction(v) or isinstance(v, property)]
    return [("", thing), *members]


def unsaid(function: Callable[..., object], doc: str) -> list[str]:
    """What a docstring keeps to itself: parameters, in a section or in its one line; the result."""
    signature = inspect.signature(function)
    taken = [name for name in signature.parameters if name not in {"self", "cls"}]
    unsaid = [name for name in taken if not re.search(rf"\b{name}\b", doc)]
    if taken and "\n" in doc and "\nParameters\n----------\n" not in doc:
        unsaid.append("Parameters")
    said = doc.startswith("Return ") or "\nReturns\n-------\n" in doc
    if signature.return_annotation not in {"None", "Self"} and not said:
        unsaid.append("Returns")
    return unsaid


@pytest.mark.parametrize("name", steadyhue.__all__)
def test_every_public_name_says_what_it_is_takes_and_returns(name: str) -> None:
    for member, value in public_members(getattr(steadyhue, name)):
        doc = inspect.cleandoc(value.__doc__ or "")
        assert doc.partition("\n")[0].endswith("."), f"{name}.{member}"
        if inspect.isfunction(value):
            assert not unsaid(value, doc), f"{name}.{member}"


def test_every_choice_that_has_a_name_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    choices = {n: get_args(kind) for n, kind in vars(words).items() if get_origin(kind) is Literal}
    assert {"Mode", "Space", "Distance", "Dither", "Match", "Fit"} <= set(choices)
    assert not [word for kind in choices.values() for word in kind if f"`{word}`" not in readme]


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/architecture.md", "docs/gif.md"])
def test_pages_name_files_that_are_there(page: str) -> None:
    named = re.findall(r"`([\w/]+\.(?:py|hpp|cpp|toml))`", (ROOT / page).read_text("utf-8"))
    assert not [name for name in named if not any((at / name).exists() for at in (ROOT, PACKAGE))]


def test_the_version_stands_in_one_place() -> None:
    version = PYPROJECT["project"]["version"]
    assert steadyhue.__version__ == version
    assert not [short(path) for path in SOURCES if version in path.read_text("utf-8")]


def test_the_version_is_looked_up_when_asked_for() -> None:
    names = "import sys, steadyhue.cli; print('__version__' in vars(steadyhue))"
    done = subprocess.run([sys.executable, "-c", names], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

"""Check what docs/releasing.md lists for a script, and end with 1 if anything is missing."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]


def version(root: Path) -> str:
    """`pyproject.toml` and `CITATION.cff` say the same."""
    cited = re.search(r"^version: (\S+)", (root / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    found = cited[1] if cited else "none"
    return "" if found == current(root) else f"{current(root)}, and CITATION.cff has {found}"


def changelog(root: Path) -> str:
    """First comes a section of that version, with a date, that says something."""
    sections = (root / "CHANGELOG.md").read_text("utf-8").split("\n## ")[1:]
    heading, _, body = sections[0].partition("\n") if sections else ("no section", "", "")
    if not re.fullmatch(rf"\[{re.escape(current(root))}\] - \d{{4}}-\d\d-\d\d", heading):
        return f"the first section is {heading!r}, not '[{current(root)}] - DATE'"
    return "" if "\n- " in body else "the section is empty"


def clean(root: Path) -> str:
    """All is committed."""
    changed = git(root, "status", "--porcelain")
    return f"not committed: {changed.splitlines()[0].strip()}" if changed else ""


def tag(root: Path) -> str:
    """There is no such tag yet."""
    name = f"v{current(root)}"
    return f"{name} is there" if git(root, "tag", "--list", name) else ""


def dist(root: Path) -> str:
    """`dist/` has the sdist and a wheel of that version, newer than the last commit."""
    committed = int(git(root, "log", "-1", "--format=%ct") or 0)
    for pattern in (f"steadyhue-{current(root)}.tar.gz", f"steadyhue-{current(root)}-*.whl"):
        found = list((root / "dist").glob(pattern))
        if not any(path.stat().st_mtime > committed for path in found):
            return f"no new dist/{pattern}"
    return ""


CHECKS: tuple[Callable[[Path], str], ...] = (version, changelog, clean, tag, dist)


def current(root: Path) -> str:
    """Return the version of the project."""
    text = (root / "pyproject.toml").read_text("utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def git(root: Path, *words: str) -> str:
    """Return what git says."""
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def main() -> None:
    """Print every check, and what it found missing."""
    complaints = [(check, check(ROOT)) for check in CHECKS]
    for check, complaint in complaints:
        print(f"{check.__name__:9}  {complaint or 'ready'}")
    sys.exit(any(complaint for _, complaint in complaints))


if __name__ == "__main__":
    main()

"""The checklist of a release: what its script finds missing, and that the page lists it."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("release", ROOT / "scripts" / "release.py")
assert SPEC is not None
assert SPEC.loader is not None
release = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(release)


def git(root: Path, *words: str) -> None:
    author = {
        f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    subprocess.run(["git", *words], cwd=root, check=True, env={**os.environ, **author})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that is ready."""
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    (tmp_path / "CITATION.cff").write_text("cff-version: 1.2.0\nversion: 1.2.3\n")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## [1.2.3] - 2026-01-02\n\n- A thing.\n")
    (tmp_path / ".gitignore").write_text("dist/\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "All")
    (tmp_path / "dist").mkdir()
    for name in ("steadyhue-1.2.3.tar.gz", "steadyhue-1.2.3-cp312-abi3-any.whl"):
        (tmp_path / "dist" / name).touch()
        os.utime(tmp_path / "dist" / name, (time.time() + 60,) * 2)
    return tmp_path


def missing(project: Path) -> set[str]:
    return {check.__name__ for check in release.CHECKS if check(project)}


def test_a_project_that_is_ready_lacks_nothing(project: Path) -> None:
    assert missing(project) == set()


def test_each_check_finds_its_fault(project: Path) -> None:
    (project / "CITATION.cff").write_text("version: 1.2.2\n")
    assert missing(project) == {"version", "clean"}
    git(project, "checkout", "-q", "CITATION.cff")
    git(project, "tag", "v1.2.3")
    assert missing(project) == {"tag"}
    git(project, "tag", "-d", "v1.2.3")
    os.utime(project / "dist" / "steadyhue-1.2.3.tar.gz", (0, 0))
    assert missing(project) == {"dist"}


@pytest.mark.parametrize(
    "text",
    [
        "## [Unreleased]\n\n- A thing.\n",
        "## [1.2.2] - 2026-01-02\n\n- A thing.\n",
        "",
        "## [1.2.3] - 2026-01-02\n",
    ],
)
def test_a_changelog_that_does_not_say_what_is_new_is_not_ready(project: Path, text: str) -> None:
    (project / "CHANGELOG.md").write_text(f"# Changelog\n\n{text}")
    assert release.changelog(project)


def test_the_page_lists_what_the_script_checks() -> None:
    page = (ROOT / "docs" / "releasing.md").read_text("utf-8")
    listed = dict(re.findall(r"^    - `(\w+)`: (.+)$", page, re.MULTILINE))
    said = {check.__name__: check.__doc__ for check in release.CHECKS}
    assert {name: text.lower() for name, text in listed.items()} == {
        name: doc.rstrip(".").lower() for name, doc in said.items()
    }


def test_the_version_is_cited_and_the_changelog_is_kept() -> None:
    assert release.version(ROOT) == ""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert re.search(r"^## \[(Unreleased|[\d.]+)\]", text, re.MULTILINE)

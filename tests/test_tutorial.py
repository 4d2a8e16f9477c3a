from __future__ import annotations

import doctest
import re
from pathlib import Path

TUTORIAL = Path(__file__).parents[1] / "docs" / "tutorial.md"


def test_the_tutorial_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = TUTORIAL.read_text("utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    example = doctest.DocTestParser().get_doctest(code, {}, "tutorial", str(TUTORIAL), 0)
    report: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=report.append)
    assert result.attempted > 20
    assert not result.failed, "".join(report)
    assert (tmp_path / "harbor.html").stat().st_size > 100_000


def test_the_tutorials_pictures_are_there():
    for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", TUTORIAL.read_text("utf-8")):
        assert (TUTORIAL.parent / name).exists(), name

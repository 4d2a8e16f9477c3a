"""The versions that `make lowest` tests with are those that pyproject.toml allows."""

import re
import tomllib
from pathlib import Path

HERE = Path(__file__).parent


def test_lowest_versions_are_those_of_the_package() -> None:
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["video"]]
    lines = (HERE / "lowest.txt").read_text().splitlines()
    tested = [line for line in lines if not line.startswith("#")]
    assert tested == [re.sub(">=", "==", requirement) for requirement in wanted]

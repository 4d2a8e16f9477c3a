"""The targets of `make fuzz`, a few changed seeds each."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "fuzz"))

from run import changed
from seeds import seeds
from targets import TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_changed_seeds_break_nothing(target: str, tmp_path: Path) -> None:
    if target == "video":
        pytest.importorskip("av")
    rng, known = random.Random(target), seeds(target, tmp_path)
    for seed in known:
        TARGETS[target](seed)
    for _ in range(60):
        TARGETS[target](changed(rng, rng.choice(known), rng.choice(known)))

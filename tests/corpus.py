"""Real clips for the tests, where a folder of them is present.

``STEADYHUE_CORPUS`` names the folder; without it, ``../shared/corpus`` beside
the checkout is tried. Tests that need it are skipped where it is missing.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("STEADYHUE_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))

needs_corpus = pytest.mark.skipif(not ROOT.is_dir(), reason=f"no corpus of clips at {ROOT}")


def files(pattern: str) -> list[Path]:
    """Return the corpus files that match, sorted; none where the corpus is missing."""
    return sorted(ROOT.glob(pattern))

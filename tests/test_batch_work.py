"""The algorithm version: the ledger must not keep what would be made differently now."""

from __future__ import annotations

from hashlib import blake2b

import steadyhue as sh
from steadyhue.batches.work import ALGORITHM
from steadyhue.samples import forest, harbor

RESULTS = {3: "b5e088a0fd943be4"}
"""Digests of what each algorithm version makes."""


def test_other_results_have_another_algorithm_version() -> None:
    digest = blake2b(digest_size=8)
    for options in (
        {},
        {"mode": "seeded"},
        {"mode": "global", "dither": "blue-noise"},
        {"colors": 256, "mode": "global", "dither": "floyd-steinberg"},
        {"colors": 64, "quality": 80},
    ):
        for frame in sh.quantize(harbor()[:12], **{"colors": 6, **options}):
            digest.update(frame.rgba().tobytes())
    for options in ({}, {"smooth": True}, {"mode": "seeded"}, {"match": "nearest"}):
        for frame in sh.transfer(harbor()[:12], forest()[:1], 6, **options):
            digest.update(frame.rgba().tobytes())
    assert digest.hexdigest() == RESULTS[ALGORITHM], (
        "results are not what they were: raise ALGORITHM in batches/work.py, and enter this digest"
    )

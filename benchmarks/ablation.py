"""`steady` with one of its parts taken away, to see what each is for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from unittest import mock

import steadyhue as sh
from clips import Clip
from steadyhue.temporal import Steadiness
from tools import Tool

COLORS = (10,)

DEFAULT = Steadiness.of(0.5)
PARTS: dict[str, dict[str, object]] = {
    "hold": {"api.Steadiness.of": lambda knob: replace(DEFAULT, price=0.0)},
    "hysteresis": {"api.Steadiness.of": lambda knob: replace(DEFAULT, slack=0.0, allowance=0.0)},
    "look-ahead": {"steady.LOOK_AHEAD": 1},
    "relocation": {"temporal.repaired": lambda points, weights, found, **options: found},
    "fresh starts": {"temporal.is_restart_due": lambda *figures: False},
    "cut detection": {"steady.is_cut": lambda *figures: False},
}


def variants() -> list[Tool]:
    return [Tool(f"without {part}", without(part), part, ours=True) for part in PARTS]


def without(part: str) -> Callable[[Clip, int, Path], None]:
    def quantize(clip: Clip, k: int, out: Path) -> None:
        with ExitStack() as stack:
            for name, value in PARTS[part].items():
                stack.enter_context(mock.patch(f"steadyhue.{name}", value))
            sh.quantize(clip.path, colors=k, mode="steady").save(out, force=True)

    return quantize

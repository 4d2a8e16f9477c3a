"""`steady` with one of its parts taken away, to see what each is for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from unittest import mock

from clips import Clip
from steadyhue.formats import open_animation, open_sink
from steadyhue.modes import steady
from steadyhue.modes.step import Prices
from steadyhue.overlap import overlap
from steadyhue.pipeline import quantize_frames
from steadyhue.settings import Settings
from tools import Tool

COLORS = (10,)

DEFAULT = Prices.of(0.5)
PRICES = {
    "labels": replace(DEFAULT, repaint=0.0, change=0.0),
    "a price by change": replace(DEFAULT, repaint=1.5, change=0.0),
}
PARTS: dict[str, tuple[str, object]] = {
    "hold": ("modes.steady.hold_centers", lambda moments, centers, *_, **caps: (centers, None)),
    "look-ahead": ("modes.steady.LOOK_AHEAD", 1),
    "other starts": ("modes.steady.Starts.others", lambda *chains: []),
    "finalists": ("modes.steady._FINALISTS", 1),
    "cut detection": ("pipeline.marked", lambda frames: ((frame, False) for frame in frames)),
}


def variants() -> list[Tool]:
    return [Tool(f"without {part}", without(part), part, ours=True) for part in (*PRICES, *PARTS)]


def without(part: str) -> Callable[[Clip, int, Path], None]:
    def quantize(clip: Clip, k: int, out: Path) -> None:
        source, settings = open_animation(clip.path), Settings.of(k)
        planner = steady.planner(settings, PRICES.get(part, DEFAULT))
        with ExitStack() as stack:
            if part in PARTS:
                name, value = PARTS[part]
                stack.enter_context(mock.patch(f"steadyhue.{name}", value))
            sink = open_sink(out, *source.size, loop=source.loop, force=True)
            stack.enter_context(sink)
            for frame, _ in quantize_frames(overlap(source), planner, settings):
                sink.write(frame)

    return quantize

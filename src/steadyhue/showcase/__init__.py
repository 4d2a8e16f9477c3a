"""Experiments to look at: a clip in several treatments, side by side, as one page or picture."""

from steadyhue.showcase.compare import compare
from steadyhue.showcase.demo import demo
from steadyhue.showcase.palettes import palette_history, save_palettes
from steadyhue.showcase.treatment import Treatment, Variant, treat

__all__ = [
    "Treatment",
    "Variant",
    "compare",
    "demo",
    "palette_history",
    "save_palettes",
    "treat",
]

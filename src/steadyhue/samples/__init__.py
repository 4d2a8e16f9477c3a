"""Two short clips to try things on, drawn with NumPy: a harbor and a forest.

Both mix what makes palettes hard to hold: wide gradients, exactly still areas,
areas that are still but for a little noise, light that moves, and (in the
harbor) a color that enters late. They are the same on every run.
"""

from __future__ import annotations

from steadyhue.samples.forest import forest
from steadyhue.samples.harbor import harbor

__all__ = ["forest", "harbor"]

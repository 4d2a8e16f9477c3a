"""How things show themselves in a notebook: the one hop from here up to `showcase.notebook`.

Clips and palettes stand at the bottom of the house, and the pictures of them are drawn
at its top. So this module, and none beside it, names one that stands above it by a string;
a test holds that.
"""

from __future__ import annotations

from importlib import import_module


def html(thing: object) -> str:
    """Return the HTML of a clip, result, palette, map, measurement or estimator."""
    text: str = import_module("steadyhue.showcase.notebook").html(thing)
    return text

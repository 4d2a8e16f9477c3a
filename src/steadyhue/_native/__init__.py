"""The compiled kernels: plain arrays in and out, no options, no I/O.

This package is the only importer of the extension; import it as
``from steadyhue import _native``.
"""

from steadyhue._native._ext import (
    box_use,
    change,
    changed_box,
    composite,
    difference,
    distinct_colors,
    lzw_decode,
    lzw_encode,
    paint,
    sub_blocks_end,
)

__all__ = [
    "box_use",
    "change",
    "changed_box",
    "composite",
    "difference",
    "distinct_colors",
    "lzw_decode",
    "lzw_encode",
    "paint",
    "sub_blocks_end",
]

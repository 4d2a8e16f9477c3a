"""The compiled kernels: plain arrays in and out, no options, no I/O.

This package is the only importer of the extension; import it as
``from steadyhue import _native``.
"""

from steadyhue._native._ext import (
    assign,
    best_splits,
    box_use,
    change,
    compare,
    composite,
    difference,
    diffuse_errors,
    distinct_colors,
    free_pixels,
    gather,
    hold_slots,
    lloyd_step,
    lzw_decode,
    lzw_encode,
    medians_step,
    one_to_one,
    ordered_dither,
    paint,
    plus_plus_rows,
    random_rows,
    search_match,
    sort_channels,
    sub_blocks_end,
)

__all__ = [
    "assign",
    "best_splits",
    "box_use",
    "change",
    "compare",
    "composite",
    "difference",
    "diffuse_errors",
    "distinct_colors",
    "free_pixels",
    "gather",
    "hold_slots",
    "lloyd_step",
    "lzw_decode",
    "lzw_encode",
    "medians_step",
    "one_to_one",
    "ordered_dither",
    "paint",
    "plus_plus_rows",
    "random_rows",
    "search_match",
    "sort_channels",
    "sub_blocks_end",
]

"""The compiled kernels: plain arrays in and out, no options, no I/O.

This package is the only importer of the extension; import it as
``from steadyhue import _native``.
"""

from steadyhue._native._ext import change, difference, distinct_colors

__all__ = ["change", "difference", "distinct_colors"]

"""The compiled kernels: plain arrays in and out, no options, no I/O.

This package is the only importer of the extension; import it as
``from steadyhue import _native``. What is in it is said in ``native/bindings``.
"""

from steadyhue._native._ext import *  # noqa: F403

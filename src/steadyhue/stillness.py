"""Shim."""

from steadyhue.histogram import is_cut
from steadyhue.remap import STILL, still_weights

__all__ = ["STILL", "is_cut", "still_weights"]

"""Palette transfer: the colors of one picture in the shades of another."""

from steadyhue.transfer.alignment import Grade
from steadyhue.transfer.blend import Blend, blend
from steadyhue.transfer.matching import MATCHES, Match, match, neighbors
from steadyhue.transfer.palettemap import PaletteMap

__all__ = ["MATCHES", "Blend", "Grade", "Match", "PaletteMap", "blend", "match", "neighbors"]

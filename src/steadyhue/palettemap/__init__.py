"""Palette transfer: the colors of one picture in the shades of another."""

from steadyhue.palettemap.alignment import Grade
from steadyhue.palettemap.blend import blend, table
from steadyhue.palettemap.contacts import Contacts, neighbors
from steadyhue.palettemap.mapping import PaletteMap
from steadyhue.palettemap.matching import match
from steadyhue.palettemap.memory import Memory

__all__ = [
    "Contacts",
    "Grade",
    "Memory",
    "PaletteMap",
    "blend",
    "match",
    "neighbors",
    "table",
]

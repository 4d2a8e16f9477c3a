"""Pictures and pages to look at, drawn from what they are given."""

from steadyhue.figures.heat import heat_png
from steadyhue.figures.history import PaletteHistory
from steadyhue.figures.page import Exhibit, Figure, Plate, page
from steadyhue.figures.ribbon import ribbon, ribbon_png, ribbon_svg
from steadyhue.figures.sheet import Strip, beside, contact_sheet

__all__ = [
    "Exhibit",
    "Figure",
    "PaletteHistory",
    "Plate",
    "Strip",
    "beside",
    "contact_sheet",
    "heat_png",
    "page",
    "ribbon",
    "ribbon_png",
    "ribbon_svg",
]

"""Pictures and pages to look at: ribbons, heat maps, contact sheets, players."""

from steadyhue.figures.compare import compare
from steadyhue.figures.demo import demo
from steadyhue.figures.heat import flicker_map, heat_png
from steadyhue.figures.history import PaletteHistory
from steadyhue.figures.page import Exhibit, Figure, Plate, page
from steadyhue.figures.palettes import palette_history, save_palettes
from steadyhue.figures.ribbon import ribbon, ribbon_png, ribbon_svg
from steadyhue.figures.sheet import Strip, beside, contact_sheet
from steadyhue.figures.treatment import Treatment, Variant, treat

__all__ = [
    "Exhibit",
    "Figure",
    "PaletteHistory",
    "Plate",
    "Strip",
    "Treatment",
    "Variant",
    "beside",
    "compare",
    "contact_sheet",
    "demo",
    "flicker_map",
    "heat_png",
    "page",
    "palette_history",
    "ribbon",
    "ribbon_png",
    "ribbon_svg",
    "save_palettes",
    "treat",
]

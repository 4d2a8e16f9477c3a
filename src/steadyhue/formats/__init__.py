"""Files in and out.

Reading: `sniff` knows a file by its first bytes, its reader makes a `source.Source` of it, and
`adapt` an animation. Writing: `writing` goes by the suffix, and a `sink` keeps all or nothing.
One module a format (`gif`, `video`, `arrays`, `sequences`), but for pictures, which Pillow
reads (`images`) and `png` and `webp` write. Heavy libraries are imported when a file needs
them.
"""

from steadyhue.formats.limits import Limits
from steadyhue.formats.opening import Openable, open_animation
from steadyhue.formats.raster import Raster
from steadyhue.formats.sink import Sink
from steadyhue.formats.timing import Timing
from steadyhue.formats.writing import open_labels, open_sink

__all__ = [
    "Limits",
    "Openable",
    "Raster",
    "Sink",
    "Timing",
    "open_animation",
    "open_labels",
    "open_sink",
]

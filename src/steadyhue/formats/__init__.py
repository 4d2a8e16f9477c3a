"""Files in and out.

Reading: `sniff` knows a file by its first bytes, its reader makes a `source.Source` of it, and
`adapt` an animation. Writing: `outputs` checks all of a run beforehand, `writing` goes by the
suffix, and a `sink` keeps all or nothing: one file is put in place by `replacing`, numbered
pictures (`numbers`, `numbered`) together by `swap`.
One module a format (`gif`, `video`, `arrays`, `sequences`), but for pictures, which Pillow
reads (`images`) and `png` and `webp` write. Heavy libraries are imported when a file needs
them.
"""

from steadyhue.formats.limits import Limits
from steadyhue.formats.opening import Openable, open_animation
from steadyhue.formats.outputs import check_outputs
from steadyhue.formats.raster import Raster
from steadyhue.formats.sink import Sink
from steadyhue.formats.timing import Timing
from steadyhue.formats.writing import (
    check_gif,
    check_labels,
    check_suffix,
    open_labels,
    open_sink,
)

__all__ = [
    "Limits",
    "Openable",
    "Raster",
    "Sink",
    "Timing",
    "check_gif",
    "check_labels",
    "check_outputs",
    "check_suffix",
    "open_animation",
    "open_labels",
    "open_sink",
]

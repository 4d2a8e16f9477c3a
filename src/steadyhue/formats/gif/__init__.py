"""GIF: read as browsers do, written exactly.

The container is parsed and written here; the codes are `_native`'s.
"""

from steadyhue.formats.gif.reader import read_gif
from steadyhue.formats.gif.writer import GifWriter

__all__ = ["GifWriter", "read_gif"]

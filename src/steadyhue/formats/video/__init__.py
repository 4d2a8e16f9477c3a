"""Video in and out, through the libraries of FFmpeg; the only importer of ``av``."""

from steadyhue.errors import MissingDependencyError

try:
    import av as _av  # noqa: F401 -- asked for here, once
except ImportError as error:
    raise MissingDependencyError("video", "video") from error

from steadyhue.formats.video.reading import read_video
from steadyhue.formats.video.writing import WRITERS

__all__ = ["WRITERS", "read_video"]

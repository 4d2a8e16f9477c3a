"""What is done to every clip of a batch: how it is read, reduced and recolored."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from steadyhue.batches.addresses import bare, is_address
from steadyhue.edits import Edits
from steadyhue.formats import Limits, Raster, Timing, open_animation
from steadyhue.formats.adapt import Frames, adapt
from steadyhue.formats.opening import open_frames
from steadyhue.frame import Animation
from steadyhue.result import Result
from steadyhue.settings import Settings
from steadyhue.sparing import FULL

if TYPE_CHECKING:
    from steadyhue.recolor import Recoloring

ALGORITHM = 3
"""Rises whenever the same input and settings give other bytes; `test_batch_work` notices."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is done to every clip of a batch.

    Attributes
    ----------
    settings : Settings
    timing : Timing
    raster : Raster
    limits : Limits
    recoloring : Recoloring or None
        Of a transfer.
    edits : Edits
        Slots that are shown in another color.
    """

    settings: Settings
    timing: Timing = field(default_factory=Timing)
    raster: Raster = field(default_factory=Raster)
    limits: Limits = field(default_factory=Limits)
    recoloring: Recoloring | None = None
    edits: Edits = field(default_factory=Edits)

    def open(self, path: str, source: str) -> Animation:
        """Open a clip as it is to be read; errors as for `formats.open_animation`.

        `path` is where it is now, and `source` what it is called.
        """
        if not is_address(source):
            return open_animation(path, timing=self.timing, raster=self.raster, limits=self.limits)
        return adapt(self.frames(path, source).source, self.timing, self.raster, self.limits)

    def frames(self, path: str, source: str) -> Frames:
        """Open a clip to be read in parts, as `open` does."""
        return open_frames(path, bare(source), self.timing, self.raster, self.limits)

    @property
    def shares(self) -> bool:
        """Whether shots can be made apart, and give the bytes of the whole.

        Not where the colors that touch in the whole clip count, nor where what is on the
        canvas before a cut does: with a quality, or without an index to spare.
        """
        settings = self.settings
        matched = self.recoloring is not None and settings.mode == "global"
        return not matched and settings.quality is None and settings.colors < FULL

    def result(self, path: str, source: str) -> Result:
        """Return what becomes of a clip, lazily; as `open`."""
        return Result(self.open(path, source), self.settings, self.recoloring, self.edits)

    def plain(self) -> dict[str, Any]:
        """Return all that decides about the bytes, as plain JSON values."""
        told = {
            "algorithm": ALGORITHM,
            "settings": self.settings.to_dict(),
            "timing": asdict(self.timing),
            "raster": asdict(self.raster),
        }
        if self.edits.slots:
            told["recolor"] = self.edits.to_dict()
        if self.recoloring is not None:
            from steadyhue.formats.maps import encode_map

            recoloring = self.recoloring
            told["matching"] = recoloring.matching.to_dict()
            told["target"] = [recoloring.target.hex, recoloring.target.shares.tolist()]
            told["map"] = recoloring.map and encode_map(recoloring.map).decode()
        return told

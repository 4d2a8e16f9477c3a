"""An exhibition: a clip in the demo, and all that was made of it so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from steadyhue import api
from steadyhue.figures.page import Exhibit
from steadyhue.formats.replacing import write_whole
from steadyhue.frame import Animation
from steadyhue.metrics.inversion import inversions
from steadyhue.showcase.treatment import (
    Treatment,
    Variant,
    best_errors,
    percent,
    present,
    treat,
)


@dataclass(slots=True)
class Exhibition:
    """A clip, the folder its treatments are kept in, and who is told of each.

    Attributes
    ----------
    clip : Animation
    path : path
        Its file.
    folder : path
        Where treatments are kept as GIFs, named by their options.
    on_step : callable
        Told the name of each treatment as its turn comes.
    force : bool
        Whether files that are there may be replaced.
    """

    clip: Animation
    path: Path
    folder: Path
    on_step: Callable[[str], object]
    force: bool = False
    _best: dict[int, list[float]] = field(default_factory=dict)
    _made: dict[str, Treatment] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the clip is called in file names and captions."""
        return self.path.stem

    def treat(self, title: str, **options: Any) -> Treatment:
        """Reduce the clip, once for each set of options of `steadyhue.quantize`."""
        k = options["colors"]
        if k not in self._best:
            self._best[k] = best_errors(self.clip, k)
        return self._keep(
            _key(self.name, options=options),
            lambda: treat(self.clip, Variant.of(title, **options), self._best[k]),
        )

    def show(self, title: str, **options: Any) -> Exhibit:
        """Return the clip reduced, as a page shows it."""
        return replace(self.treat(title, **options).exhibit(), title=title)

    def recolor(self, title: str, reference: Exhibition, **options: Any) -> Exhibit:
        """Return the clip in another's colors, as a page shows it.

        Distance from the source says nothing of a transfer; the share of
        lightness edges that it turns around does.
        """
        found = self._keep(
            _key(self.name, "as", reference.name, options=options),
            lambda: present(title, api.transfer(self.clip, reference.clip, **options)),
        )
        turned = inversions(self.clip, found.frames)
        facts = [fact for fact in found.facts if fact[0] != "error"]
        return replace(
            found.exhibit(),
            title=title,
            facts=[("inverted", percent(turned)), *facts],
            heat=None,
        )

    def _keep(self, key: str, make: Callable[[], Treatment]) -> Treatment:
        if key not in self._made:
            self.on_step(key)
            self._made[key] = make()
            write_whole(self.folder / f"{key}.gif", self._made[key].gif, force=self.force)
        return self._made[key]


def _key(*words: str, options: Mapping[str, Any]) -> str:
    """Return what a treatment is called: a switch by its name, other options by their values."""
    said = (name if value is True else str(value) for name, value in options.items())
    return "-".join([*words, *said])

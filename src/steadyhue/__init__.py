"""k-means palettes that hold still in moving pictures.

The public names below are imported when first used, so that the command line
starts without NumPy.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as `typing` has it, which takes as long to import as all else here
if TYPE_CHECKING:
    from steadyhue.api import measure, open, quantize, transfer
    from steadyhue.batches.api import batch
    from steadyhue.batches.run import Outcome
    from steadyhue.errors import (
        FormatError,
        LimitError,
        MissingDependencyError,
        OptionError,
        OutputError,
        SteadyhueError,
    )
    from steadyhue.estimator import SequentialKMeans
    from steadyhue.formats import Limits
    from steadyhue.frame import Animation, Frame, IndexedFrame
    from steadyhue.metrics import Measurement
    from steadyhue.palette import Palette
    from steadyhue.result import Result
    from steadyhue.settings import Settings
    from steadyhue.studio.explore import Explorer, explore
    from steadyhue.threads import set_threads

__all__ = [
    "Animation",
    "Explorer",
    "FormatError",
    "Frame",
    "IndexedFrame",
    "LimitError",
    "Limits",
    "Measurement",
    "MissingDependencyError",
    "OptionError",
    "Outcome",
    "OutputError",
    "Palette",
    "Result",
    "SequentialKMeans",
    "Settings",
    "SteadyhueError",
    "batch",
    "explore",
    "measure",
    "open",
    "quantize",
    "set_threads",
    "transfer",
]

_MODULES = {
    "api": ("measure", "open", "quantize", "transfer"),
    "batches.api": ("batch",),
    "batches.run": ("Outcome",),
    "errors": (
        "FormatError",
        "LimitError",
        "MissingDependencyError",
        "OptionError",
        "OutputError",
        "SteadyhueError",
    ),
    "estimator": ("SequentialKMeans",),
    "formats": ("Limits",),
    "frame": ("Animation", "Frame", "IndexedFrame"),
    "metrics": ("Measurement",),
    "palette": ("Palette",),
    "result": ("Result",),
    "settings": ("Settings",),
    "studio.explore": ("Explorer", "explore"),
    "threads": ("set_threads",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    value: object
    if name == "__version__":
        from importlib.metadata import version  # slow to import

        value = version("steadyhue")
    elif name in _MODULE_OF:
        value = getattr(import_module(f"steadyhue.{_MODULE_OF[name]}"), name)
    else:
        raise AttributeError(f"module 'steadyhue' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

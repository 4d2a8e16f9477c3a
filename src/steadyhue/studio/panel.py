"""Frames for small displays: RGB565, as a C array or raw.

Five bits of red, six of green and five of blue in 16 bits, as most panels of microcontrollers
take them. Transparent pixels are black there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steadyhue.frame import IndexedFrame


def rgb565(frame: IndexedFrame) -> NDArray[np.uint16]:
    """Return the pixels of a frame in 16 bits each, (H, W) uint16, each channel rounded."""
    table = np.zeros(256, np.uint16)
    levels = frame.palette.astype(np.uint32)
    red, green, blue = ((levels * (31, 63, 31) * 2 + 255) // 510).T
    table[: len(levels)] = red << 11 | green << 5 | blue
    if frame.transparent is not None:
        table[frame.transparent] = 0
    return table[frame.indices]


def write_raw(target: Path, frames: Iterable[IndexedFrame]) -> None:
    """Write all frames one after the other, row by row, little-endian."""
    with target.open("xb") as file:
        for frame in frames:
            file.write(rgb565(frame).astype("<u2").tobytes())


def write_c(target: Path, name: str, frames: Iterable[IndexedFrame]) -> None:
    """Write all frames as one C array, with their number, size and times."""
    word = re.sub(r"\W", "_", Path(name).stem, flags=re.ASCII)
    word = f"clip_{word}" if not word or word[0].isdigit() else word
    durations = []
    with target.open("x", encoding="ascii") as file:
        file.write("#include <stdint.h>\n\n")
        for number, frame in enumerate(frames):
            if number == 0:
                shape = f"[][{frame.height}][{frame.width}]"
                file.write(f"static const uint16_t {word}_frames{shape} = {{\n")
            durations.append(round(frame.duration))
            rows = (
                "{" + ",".join(f"0x{pixel:04x}" for pixel in row) + "}"
                for row in rgb565(frame).tolist()
            )
            file.write("{" + ",\n".join(rows) + "},\n")
        times = ",".join(map(str, durations))
        file.write(f"}};\nstatic const uint16_t {word}_milliseconds[] = {{{times}}};\n")

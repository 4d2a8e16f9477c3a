"""A terminal recording, drawn: someone types, commands answer, the cursor blinks."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from clips import write
from steadyhue.frame import Frame, IndexedFrame

GROUND, TEXT, PROMPT, ANSWER = (24, 26, 33), (220, 223, 228), (126, 198, 104), (97, 175, 239)
CELL = 9, 18  # pixels of a character
SCREEN = 1200, 600
COMMANDS = (
    "ls -la --sort=time src tests docs",
    "git log --oneline --graph | head -4",
    "python -m pytest -q tests/test_parser.py",
    "grep -rn 'def read' src | sort | uniq -c",
    "make bench > figures.txt && tail -3 figures.txt",
)


def terminal(path: Path, size: tuple[int, int] = SCREEN, n_frames: int = 878) -> None:
    """Write a recording in which each frame changes a character or a few lines."""
    palette = np.unique(np.concatenate([f.palette for f in islice(_typed(SCREEN), 200)]), axis=0)
    frames = (_in_palette(frame, palette) for frame in islice(_typed(size), n_frames))
    write(path, frames, size, 0)


def _typed(size: tuple[int, int]):
    """Yield the frames; the screen is wiped when it is full, as `clear` does."""
    font = ImageFont.load_default(14)
    picture = Image.new("RGB", size, GROUND)
    draw = ImageDraw.Draw(picture)
    row, number = 0, 0
    while True:
        command = COMMANDS[number % len(COMMANDS)]
        draw.text((4, 4 + row * CELL[1]), "$", PROMPT, font)
        for column, letter in enumerate(command, 2):
            at = 4 + column * CELL[0], 4 + row * CELL[1]
            draw.text(at, letter, TEXT, font)
            draw.rectangle((at[0] + CELL[0], at[1], at[0] + 2 * CELL[0] - 1, at[1] + 15), TEXT)
            yield _indexed(picture)
            draw.rectangle((at[0] + CELL[0], at[1], at[0] + 2 * CELL[0] - 1, at[1] + 15), GROUND)
        for line in range(3):
            row += 1
            draw.text((4, 4 + row * CELL[1]), f"{number:4d}  {command[::-1]} {line}", ANSWER, font)
        yield _indexed(picture)
        yield _indexed(picture)  # nothing happens
        row, number = row + 1, number + 1
        if row > 24:
            draw.rectangle((0, 0, *size), GROUND)
            row = 0


def _indexed(picture: Image.Image) -> IndexedFrame:
    # As if drawn with 16 shades a channel, so that one palette of a GIF holds them all.
    frame = Frame.from_array(np.asarray(picture) & 0xF0)
    return IndexedFrame(frame.ids.astype(np.uint8), frame.colors, 50.0)


def _in_palette(frame: IndexedFrame, palette: np.ndarray) -> IndexedFrame:
    """Return the frame in one palette for the whole recording."""
    keys = palette @ np.array([65536, 256, 1])
    slots = np.searchsorted(keys, frame.palette @ np.array([65536, 256, 1])).astype(np.uint8)
    return IndexedFrame(slots[frame.indices], palette, frame.duration)

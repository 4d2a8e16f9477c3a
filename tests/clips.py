"""Small indexed clips with what is hard to keep: uneven times, equal frames, holes."""

from __future__ import annotations

import numpy as np

from steadyhue.frame import Animation, Frame, IndexedFrame

DURATIONS = [40.0, 0.0, 70.0, 70.0, 500.0, 30.0]
HOLE = 9


def indexed_clip(*, transparent: bool = True, seed: int = 0) -> list[IndexedFrame]:
    """Six frames of 53x37: a moving patch, a moving hole, an equal pair, a palette change."""
    rng = np.random.default_rng(seed)
    palette = rng.integers(0, 256, (7, 3), dtype=np.uint8)
    ground = rng.integers(0, 7, (5, 7), dtype=np.uint8).repeat(8, 0).repeat(8, 1)[:37, :53]
    frames = []
    for number, duration in enumerate(DURATIONS):
        shown = 2 if number == 3 else number  # frame 3 equals frame 2
        indices = ground.copy()
        indices[5:15, 4 * shown : 4 * shown + 8] = shown
        if transparent:
            indices[20:30, 10 + shown : 20 + shown] = HOLE
        if number == 5:
            palette = palette.copy()
            palette[2] = 1, 2, 3
        frames.append(
            IndexedFrame(indices, palette, duration, transparent=HOLE if transparent else None)
        )
    return frames


def assert_same_pixels(written: list[IndexedFrame], read: Animation) -> list[Frame]:
    """Check that every frame came back pixel for pixel; return the frames."""
    frames = list(read)
    assert len(frames) == len(written)
    for before, after in zip(written, frames, strict=True):
        assert np.array_equal(before.rgba(), after.rgba())
    return frames

"""Chunks: what of a long clip is made apart, and what of it has to be seen before and after."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

from steadyhue.labels import COMMIT, LOOK

Span = tuple[int, int]
"""Numbers of the first of a run of frames, and of the one after the last."""

WARMTH = 128
"""Frames that are rendered before a chunk whose shot has begun earlier. What a still pixel shows is
remembered for long: of a ball before a shaded wall up to 1.5 % of the still pixels change at a seam after
32 frames, 0.9 % after 64 and none after 128; with a camera's noise 2.7, 1.3 and 0.3 %."""

WINDOW = 2000.0
"""Milliseconds before and after the end of a chunk within which the frame of least stillness is sought."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole shots, or a part of one.

    Attributes
    ----------
    start, stop : int
        Its frames.
    lead, tail : int
        Frames before and after it that are rendered too, and left out.
    planned : bool
        Whether the palettes of all of them are known, and in a file.
    seam : bool
        Whether its first frame goes on with the shot of the chunk before.
    """

    start: int
    stop: int
    lead: int = 0
    tail: int = 0
    planned: bool = False
    seam: bool = False

    @property
    def rendered(self) -> Span:
        """Lead, frames and tail."""
        return self.start - self.lead, self.stop + self.tail

    def file(self, folder: str, suffix: str) -> Path:
        """Return where something of it is kept."""
        return Path(folder, f"{self.start}-{self.stop}.{suffix}")


def collated(
    cuts: Iterable[int],
    durations: list[float],
    chunk: float,
    apart: Collection[Span] = (),
) -> list[Span]:
    """Pack shots into chunks, in order, each until it lasts long enough.

    Parameters
    ----------
    cuts : iterable of int
        Numbers of the frames that begin a shot, rising; not the first one's.
    durations : list of float
        Milliseconds of every frame.
    chunk : float
        Milliseconds of a chunk, at least.
    apart : collection of (int, int)
        Shots that are a chunk each, with nothing else in it.

    Returns
    -------
    list of (int, int)
        Where each begins and ends.
    """
    ends, chunks, start = [*accumulate(durations, initial=0.0)], [], 0
    for shot in pairwise([0, *cuts, len(durations)]):
        if shot in apart and start < shot[0]:
            chunks.append((start, shot[0]))
            start = shot[0]
        if shot in apart or ends[shot[1]] - ends[start] >= chunk:
            chunks.append((start, shot[1]))
            start = shot[1]
    return chunks if start == len(durations) else [*chunks, (start, len(durations))]


def endless(cuts: Iterable[int], durations: list[float], chunk: float) -> list[Span]:
    """Return the shots that last two chunks or longer."""
    ends = [*accumulate(durations, initial=0.0)]
    shots = pairwise([0, *cuts, len(durations)])
    return [(start, stop) for start, stop in shots if ends[stop] - ends[start] >= 2 * chunk]


def borders(shot: Span, durations: list[float], chunk: float) -> list[Span]:
    """Return the frames among which each border within a shot is to be put.

    The windows are apart from each other and from the ends of the shot. Where no frame begins in
    one there is no border.
    """
    start, stop = shot
    ends = [*accumulate(durations[start:stop], initial=0.0)]
    count = int(ends[-1] // chunk)
    slack = min(WINDOW, ends[-1] / count / 4)
    windows: list[Span] = []
    for number in range(1, count):
        middle = ends[-1] * number / count
        inside = [n for n in range(1, stop - start) if abs(ends[n] - middle) <= slack]
        if inside and (not windows or start + inside[0] >= windows[-1][1]):
            windows.append((start + inside[0], start + inside[-1] + 1))
    return windows


def parted(shot: Span, at: Iterable[int]) -> list[Chunk]:
    """Return the chunks of a shot that is parted at some frames.

    Each is rendered in step with the windows that pixels are labeled in.
    """
    start, stop = shot
    chunks = []
    for first, end in pairwise([start, *at, stop]):
        since = first - start
        lead = min(since, WARMTH + (since - WARMTH) % COMMIT)
        chunks.append(Chunk(first, end, lead, min(LOOK, stop - end), planned=True, seam=since > 0))
    return chunks

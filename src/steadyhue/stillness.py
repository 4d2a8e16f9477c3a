"""Stillness: what holds still in a clip, and where a new shot begins.

This is the idea of the project. Where the source holds still its copy should too: a change
there is flicker, and nothing else is. So everything that decides or measures in time asks
here which pixels are still, and counts nothing across a cut, where all may change.

A pixel is **still** where it is opaque in this frame and the one before, and none of its sRGB
channels moved by more than `STILL` levels. It is **static** where its color did not move at
all, but that would be too strict: a camera on a tripod has noise, and a wall that it films
is still to everyone who looks. In nine clips of such cameras, videos and GIFs, only 26 to 85 %
of the pixels are static from frame to frame; the share that moves by at most t levels climbs
up to about t = 6 and hardly after, at 85 to 96 %. There the noise ends and movement begins.
A slow fade is still by this rule, and rightly: it shows banding where its copy jumps.

A **cut** is where a new shot begins: little holds still *and* the colors are others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.frame import Frame
from steadyhue.histogram import Histogram

STILL = 6
"""Most sRGB levels by which a channel of a still pixel moves."""

CUT_STILL = 0.25
"""Share of the pixels that hold still from which on there is no cut."""

CUT_COLORS = 0.5
"""Share of the colors in common from which on there is no cut."""


def still_pixels(frame: Frame, previous: Frame, *, tolerance: int = STILL) -> NDArray[np.bool_]:
    """Tell which pixels hold still.

    Parameters
    ----------
    frame, previous : Frame
        Of one size, previous shown before.
    tolerance : int
        Most levels, in [0, 255], by which a channel of a still pixel moves.

    Returns
    -------
    (H, W) bool array
        False where either frame is transparent.

    Raises
    ------
    ValueError
        If the frames differ in size.
    """
    flags = _native.still_pixels(frame.ids, frame.colors, previous.ids, previous.colors, tolerance)
    return flags.view(np.bool_)


def flagged_weights(frame: Frame, flags: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Count the flagged pixels of each color of a frame.

    Parameters
    ----------
    frame : Frame
    flags : (H, W) uint8 array
        1 for pixels that count, else 0.

    Returns
    -------
    (n,) int64 array
        For each row of ``frame.colors``.
    """
    return _native.count_flagged(frame.ids, flags, len(frame.colors))


def still_weights(frame: Frame, previous: Frame, *, tolerance: int = STILL) -> NDArray[np.int64]:
    """Count the still pixels of each color of a frame.

    Parameters
    ----------
    frame, previous : Frame
        Of one size, previous shown before.
    tolerance : int
        Most levels, in [0, 255], by which a channel of a still pixel moves.

    Returns
    -------
    (n,) int64 array
        For each row of ``frame.colors``.

    Raises
    ------
    ValueError
        If the frames differ in size.
    """
    return _native.count_still(frame.ids, frame.colors, previous.ids, previous.colors, tolerance)


def is_cut(before: Histogram, after: Histogram, still_share: float) -> bool:
    """Tell whether a new shot begins between two frames.

    It does where less than a quarter of the picture holds still *and* its colors
    are others: the coarse histograms have less than half of the pixels in common.
    Movement alone changes pixels but keeps the colors; a change of light that
    crosses the bins' borders moves the colors but keeps pixels still. A flash
    frame is two cuts, and so may be each step of a very fast fade, where nothing
    is still anyway.

    Parameters
    ----------
    before, after : Histogram
        Of the two frames.
    still_share : float in [0, 1]
        Share of the pixels that held still.
    """
    return still_share < CUT_STILL and before.intersection(after) < CUT_COLORS

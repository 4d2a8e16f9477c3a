"""Stillness: what holds still in a clip.

This is the idea of the project. Where the source holds still its copy should too: a change
there is flicker, and nothing else is. So everything that decides or measures in time asks
here which pixels are still, and counts nothing across a cut (`steadyhue.cuts`), where all may
change.

A pixel is **still** where it is opaque in this frame and the one before, and none of its sRGB
channels moved by more than `STILL` levels. It is **static** where its color did not move at
all, but that would be too strict: a camera on a tripod has noise, and a wall that it films
is still to everyone who looks. In nine clips of such cameras, videos and GIFs, only 26 to 85 %
of the pixels are static from frame to frame; the share that moves by at most t levels climbs
up to about t = 6 and hardly after, at 85 to 96 %. There the noise ends and movement begins.
A slow fade is still by this rule, and rightly: it shows banding where its copy jumps.

In a source that is dithered anew for every frame, pixels flip though what is seen holds still. A
pixel is **seen through** such dithering (or noise) where it stands in a pattern that goes to and fro
in all directions in both frames, and the mean of its neighborhood moved by no more than `STILL`, or
by little beside its pixels. Whoever decides in time asks for `seen_still`, and so sees
through it; whoever measures keeps to `still_pixels` of the source that is given. Where the source is
not dithered the two are the same (docs/cuts.md).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from steadyhue import _native
from steadyhue.box import NOTHING, Box, area
from steadyhue.frame import Frame

STILL = 6
"""Most sRGB levels by which a channel of a still pixel moves."""


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
    flags = _native.still_pixels(
        frame.ids,
        frame.colors,
        previous.ids,
        previous.colors,
        tolerance,
        frame.changed_since(previous),
        not frame.has_transparency,
    )
    return flags.view(np.bool_)


def flagged_weights(
    frame: Frame, flags: NDArray[np.uint8], box: Box | None = None
) -> NDArray[np.int64]:
    """Count the flagged pixels of each color of a frame.

    Parameters
    ----------
    frame : Frame
    flags : (H, W) uint8 array
        1 for pixels that count, else 0.
    box : Box, optional
        Outside of which all opaque pixels count.

    Returns
    -------
    (n,) int64 array
        For each row of ``frame.colors``.
    """
    if box == NOTHING:
        return frame.weights
    return _native.count_flagged(frame.ids, frame.weights, flags, box)


def seen_through(frame: Frame, previous: Frame) -> NDArray[np.bool_] | None:
    """Tell which pixels stand in dithering whose local mean held still.

    Parameters
    ----------
    frame, previous : Frame
        Of one size, previous shown before.

    Returns
    -------
    (H, W) bool array or None
        False where either frame is transparent. None where the frames are not dithered, or alike:
        then only `still_pixels` are still.

    Raises
    ------
    ValueError
        If the frames differ in size.
    """
    return _through(frame, previous, still_pixels(frame, previous))


def seen_still(frame: Frame, previous: Frame) -> NDArray[np.bool_]:
    """Tell which pixels hold still to who looks: by themselves, or seen through dithering.

    Parameters
    ----------
    frame, previous : Frame
        Of one size, previous shown before.

    Returns
    -------
    (H, W) bool array
        `still_pixels`, and nothing else where the frames are not dithered.

    Raises
    ------
    ValueError
        If the frames differ in size.
    """
    still = still_pixels(frame, previous)
    changed = area(frame.changed_since(previous))
    if _native.SEEN_SHARE * changed < int(frame.weights.sum()) - changed:
        return still  # too few pixels moved for dithering that is made anew
    through = _through(frame, previous, still)
    return still if through is None else np.logical_or(still, through, out=still)


def _through(frame: Frame, previous: Frame, still: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    flags = _native.seen_through(
        frame.ids, frame.colors, previous.ids, previous.colors, still.view(np.uint8), STILL
    )
    return None if flags is None else flags.view(np.bool_)

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = bytes | NDArray[np.uint8]
Box: TypeAlias = tuple[int, int, int, int]

def distinct_colors(
    pixels: NDArray[np.uint8], alpha_threshold: int
) -> tuple[NDArray[np.int32], NDArray[np.uint8], NDArray[np.int64]]:
    """Ids (H, W) int32, colors (n, 3) uint8 and weights (n,) int64 of (H, W, 3 or 4) pixels."""

def pooled_colors(
    colors: NDArray[np.uint8], weights: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Distinct colors (m, 3) uint8 of colors (n, 3), with the sums of their weights."""

_Colored = tuple[NDArray[np.int32], NDArray[np.uint8], NDArray[np.float64]]
_Difference = tuple[int, int, int, int, float]

def difference(a: _Colored, b: _Colored) -> _Difference:
    """Pixels, opaque, changed, squared and oklab sums between two (ids, srgb, oklab) frames."""

def change(
    source0: _Colored, source1: _Colored, output0: _Colored, output1: _Colored, tolerance: int
) -> tuple[_Difference, _Difference, int, int, float]:
    """Output differences where the source is fixed and where it is still; opaque, compared, excess."""

def sub_blocks_end(data: Bytes, start: int) -> int:
    """Where the chain of sub-blocks at `start` ends; -1 if `data` ends before it does."""

def lzw_decode(
    data: Bytes, start: int, end: int, literal_width: int, n_pixels: int
) -> tuple[NDArray[np.uint8], int, int]:
    """Return indices (n_pixels,), how many are decoded, and 0 if all, 1 if cut short, 2 if broken."""

def composite(
    ids: NDArray[np.int32],
    weights: NDArray[np.int64],
    cleared: Box,
    box: Box,
    interlaced: bool,
    indices: NDArray[np.uint8],
    n_pixels: int,
    id_of_index: NDArray[np.int32],
    n_colors: int,
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Ids (H, W) and weights of the canvas with `cleared` made transparent and an image drawn."""

def compare(
    canvas: NDArray[np.uint32], indices: NDArray[np.uint8], shown: NDArray[np.uint32]
) -> tuple[NDArray[np.uint8], Box]:
    """Mark pixels 0 changed, 1 kept, 2 transparent in both; and find the box of what changes."""

def paint(
    canvas: NDArray[np.uint32], indices: NDArray[np.uint8], shown: NDArray[np.uint32], box: Box
) -> None:
    """Draw the picture's box on the canvas, in place."""

def box_use(
    indices: NDArray[np.uint8], marks: NDArray[np.uint8], box: Box
) -> tuple[NDArray[np.uint8], int, int, int, int]:
    """Tell which (mark, index) are used, (3, 256); pixels, kept ones, edges, edges if skipping."""

def lzw_encode(
    indices: NDArray[np.uint8],
    marks: NDArray[np.uint8],
    box: Box,
    literal_width: int,
    transparent: int,
    skip_kept: bool,
) -> bytes:
    """Encode the box; pixels marked 2 are `transparent`, those marked 1 may be if `skip_kept`."""

# Clustering: points are (n, 3) int16 colors on the grid with int64 weights, or any
# (n, d) float64 with float64 weights.
Points: TypeAlias = NDArray[np.int16] | NDArray[np.float64]
Weights: TypeAlias = NDArray[np.int64] | NDArray[np.float64]

def assign(
    points: Points,
    centers: NDArray[np.float64],
    labels: NDArray[np.int32],
    manhattan: bool,
    n_threads: int,
) -> int:
    """Label points (n, d) in place; returns how many labels changed."""

def lloyd_step(
    points: Points,
    weights: Weights,
    centers: NDArray[np.float64],
    labels: NDArray[np.int32],
    n_threads: int,
) -> tuple[NDArray[np.float64], Weights, float, float, int]:
    """Label in place; returns new centers, weights, error before and after, labels changed."""

def medians_step(
    points: Points,
    weights: Weights,
    order: NDArray[np.int32],
    centers: NDArray[np.float64],
    labels: NDArray[np.int32],
    n_threads: int,
) -> tuple[NDArray[np.float64], Weights, float, float, int]:
    """As lloyd_step, with Manhattan medians."""

def sort_channels(points: Points) -> NDArray[np.int32]:
    """Rows of the points (d, n) int32 in ascending order of every channel."""

def random_rows(weights: Weights, k: int, seed: int) -> NDArray[np.int32]:
    """Distinct rows (k,) drawn with probability by weight."""

def plus_plus_rows(
    points: Points,
    weights: Weights,
    k: int,
    manhattan: bool,
    seed: int,
) -> NDArray[np.int32]:
    """Rows (k,) of greedy k-means++ centers."""

def best_splits(
    points: Points,
    weights: Weights,
    order: NDArray[np.int32],
    labels: NDArray[np.int32],
    centers: NDArray[np.float64],
    manhattan: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Centers (k, 2, d), weights (k, 2) and gain (k,) of splitting every cluster in two."""

def gather(ids: NDArray[np.int32], table: NDArray[np.uint8], transparent: int) -> NDArray[np.uint8]:
    """Look up indices (H, W) uint8: table[ids], or transparent where an id is negative."""

def count_still(
    ids: NDArray[np.int32],
    colors: NDArray[np.uint8],
    previous_ids: NDArray[np.int32],
    previous_colors: NDArray[np.uint8],
    tolerance: int,
) -> NDArray[np.int64]:
    """Pixels (n,) of each color that held still since the previous frame."""

def fit_paths(
    means: NDArray[np.float64],
    weights: NDArray[np.float64],
    prices: NDArray[np.float64],
    shown: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """Return the cheapest centers (T, k, d) that stay constant for as long as that pays."""

def hold_slots(
    indices: NDArray[np.uint8],
    weights: NDArray[np.int64],
    previous: NDArray[np.uint8],
    ids: NDArray[np.int32],
    colors: NDArray[np.uint8],
    previous_ids: NDArray[np.int32],
    previous_colors: NDArray[np.uint8],
    tolerance: int,
    points: NDArray[np.int16],
    palette: NDArray[np.int16],
    levels: NDArray[np.uint8],
    slack: float,
    budget: float,
) -> tuple[int, int]:
    """Keep previous slots in place where that costs little; weights follow.

    Returns how many, and the squared level differences that adds.
    """

def free_pixels(
    ids: NDArray[np.int32],
    colors: NDArray[np.uint8],
    nearest: NDArray[np.uint8],
    moved: NDArray[np.uint8],
    tolerance: int,
    previous: NDArray[np.uint8],
    anchors: NDArray[np.uint32],
) -> NDArray[np.uint8]:
    """Which pixels choose their slot anew, (H, W) uint8; their anchors are set."""

def tally(
    ids: NDArray[np.int32],
    colors: NDArray[np.uint8],
    indices: NDArray[np.uint8],
    palette: NDArray[np.uint8],
) -> tuple[NDArray[np.int64], int]:
    """Pixels of each slot (k,), and the squared level differences to the source added up."""

def ordered_dither(
    ids: NDArray[np.int32],
    linear: NDArray[np.float32],
    slopes: NDArray[np.float32],
    nearest: NDArray[np.uint8],
    palette: NDArray[np.float32],
    grain: float,
    strength: float,
    texture: NDArray[np.uint16],
    is_free: NDArray[np.uint8],
    transparent: int,
    indices: NDArray[np.uint8],
) -> None:
    """Choose the slots of free pixels by a texture, in place."""

def diffuse_errors(
    ids: NDArray[np.int32],
    linear: NDArray[np.float32],
    palette: NDArray[np.float32],
    levels: NDArray[np.float32],
    encode: NDArray[np.float32],
    strength: float,
    is_free: NDArray[np.uint8],
    transparent: int,
    indices: NDArray[np.uint8],
) -> None:
    """Choose the slots of free pixels by error diffusion, in place."""

def count_contacts(
    ids: NDArray[np.int32], label_of: NDArray[np.int32], counts: NDArray[np.int64]
) -> None:
    """Add to counts (n, n), in place, how often labels are left of or above each other."""

def one_to_one(cost: NDArray[np.float64]) -> NDArray[np.int32]:
    """Column (rows,) of each row in the cheapest one-to-one assignment; rows <= columns."""

def search_match(
    unary: NDArray[np.float64],
    pair: NDArray[np.float64],
    sign: NDArray[np.int8],
    places: NDArray[np.float64],
    target: NDArray[np.float64],
    weight: NDArray[np.float64],
    share: NDArray[np.float64],
    factors: tuple[float, float, float, float],
    turns: NDArray[np.int32],
    start: NDArray[np.int32],
    sweeps: int,
) -> tuple[NDArray[np.int32], float]:
    """Match (n,) that moving single colors does not improve, and its cost: native/relations.hpp.

    `factors` are those of light, hue, order and spread.
    """

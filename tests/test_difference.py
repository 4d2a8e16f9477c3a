"""The kernels that sum differences against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from steadyhue import _native
from steadyhue.color import oklab_difference, to_space
from steadyhue.metrics.difference import JUMP

ids = st.integers(1, 6).flatmap(
    lambda width: hnp.arrays(np.int32, (4, width), elements=st.integers(-1, 4))
)


@given(ids, st.integers(0, 10), hnp.arrays(np.uint8, (5, 3), elements=st.integers(0, 30)))
def test_the_kernels_equal_plain_numpy(rows: np.ndarray, tolerance: int, srgb: np.ndarray) -> None:
    oklab = to_space(srgb, "oklab")
    s0, s1, o0, o1 = ((np.ascontiguousarray(row[None]), srgb, oklab) for row in rows)

    def naive(a: np.ndarray, b: np.ndarray, where: np.ndarray) -> tuple[int, int, int, int, float]:
        both = where & (a >= 0) & (b >= 0)
        squared = ((srgb[a].astype(int) - srgb[b]) ** 2).sum(axis=1)
        changed = np.where(both, squared > 0, (a < 0) != (b < 0)) & where
        apart = oklab_difference(srgb[a], srgb[b])
        return (
            int(where.sum()),
            int(both.sum()),
            int(changed.sum()),
            int(squared[both].sum()),
            pytest.approx(apart[both].sum()),
        )

    everywhere = np.ones(rows.shape[1], bool)
    assert _native.difference(s0, o0) == naive(rows[0], rows[2], everywhere)
    seen = (rows[0] >= 0) & (rows[1] >= 0)
    moved = np.abs(srgb[rows[0]].astype(int) - srgb[rows[1]]).max(axis=1)
    fixed, still, opaque = _native.change(s0, s1, o0, o1, tolerance, JUMP)
    assert opaque == seen.sum()
    shown = oklab_difference(srgb[rows[2]], srgb[rows[3]])
    beyond = np.maximum(shown - oklab_difference(srgb[rows[0]], srgb[rows[1]]), 0)
    for found, where in ((fixed, seen & (moved == 0)), (still, seen & (moved <= tolerance))):
        assert found[:5] == naive(rows[2], rows[3], where)
        both = where & (rows[2] >= 0) & (rows[3] >= 0)
        assert found[5:] == ((shown > JUMP)[both].sum(), pytest.approx(beyond[both].sum()))


def test_the_kernels_refuse_ids_past_the_colors() -> None:
    frame = (np.array([[1]], np.int32), np.zeros((1, 3), np.uint8), np.zeros((1, 3)))
    with pytest.raises(ValueError, match="an id is past the colors"):
        _native.difference(frame, frame)

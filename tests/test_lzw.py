"""The LZW kernels against a decoder that follows the specification line by line."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gifs import lzw_decoded, packed, sub_blocks
from steadyhue import _native

ALL, SHORT, BROKEN = 0, 1, 2


def decoded(data: bytes, literal_width: int, n_pixels: int) -> tuple[list[int], int]:
    chain = sub_blocks(data)
    indices, n, status = _native.lzw_decode(chain, 0, len(chain), literal_width, n_pixels)
    return indices[:n].tolist(), status


def encoded(indices: np.ndarray, literal_width: int) -> bytes:
    """Encode a picture that changes everywhere."""
    height, width = indices.shape
    marks = np.zeros((height, width), np.uint8)
    return _native.lzw_encode(indices, marks, (0, 0, width, height), literal_width, -1, False)


def unchained(data: bytes) -> bytes:
    """Return the contents of sub-blocks that end where the data does."""
    stream, out = io.BytesIO(data), b""
    while length := stream.read(1)[0]:
        out += stream.read(length)
    assert not stream.read()
    return out


@given(st.binary(max_size=300), st.integers(2, 8), st.integers(0, 2000))
def test_any_bytes_decode_as_the_specification_says(data: bytes, width: int, n: int) -> None:
    assert decoded(data, width, n) == lzw_decoded(data, width, n)


@given(
    st.integers(2, 8),
    st.lists(st.integers(0, 255), min_size=1, max_size=40),
    st.integers(0, 2**32 - 1),
)
def test_what_is_encoded_decodes(width: int, runs: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    pixels = np.repeat(rng.integers(0, 1 << width, len(runs)), np.add(runs, 1))
    indices = pixels.astype(np.uint8)[None]
    data = encoded(indices, width)
    assert data[0] == width
    assert lzw_decoded(unchained(data[1:]), width, indices.size) == (indices[0].tolist(), ALL)
    assert decoded(unchained(data[1:]), width, indices.size) == (indices[0].tolist(), ALL)


@pytest.mark.parametrize("width", [2, 4, 8])
@pytest.mark.parametrize("kind", ["noise", "flat", "stripes"])
def test_a_full_code_table_keeps_both_sides_in_step(width: int, kind: str) -> None:
    n = 200_000
    rng = np.random.default_rng(7)
    pixels = {
        "noise": rng.integers(0, 1 << width, n),
        "flat": np.zeros(n, int),
        "stripes": np.arange(n) // 3 % (1 << width),
    }[kind]
    indices = pixels.astype(np.uint8).reshape(400, 500)
    data = unchained(encoded(indices, width)[1:])
    assert decoded(data, width, n) == (indices.ravel().tolist(), ALL)


def test_without_a_clear_code_the_table_stays_full() -> None:
    literals = [i % 4 for i in range(5000)]
    number, at, known, width = 4, 3, 6, 3
    for index in literals:  # literals only, so every code adds a string
        number |= index << at
        at += width
        if known < 4096:
            if known >> width:
                width += 1
            known += 1
    codes = number.to_bytes((at + 7) // 8, "little")
    assert decoded(codes, 2, 5000) == (literals, ALL)


def test_a_code_may_name_the_string_it_completes() -> None:
    assert decoded(packed([4, 1, 6, 7], 3), 2, 6) == ([1] * 6, ALL)


def test_a_code_that_is_not_known_yet_is_broken() -> None:
    assert decoded(packed([4, 1, 7], 3), 2, 6) == ([1], BROKEN)
    assert decoded(packed([4, 6], 3), 2, 6) == ([], BROKEN)


def test_data_that_ends_early_gives_what_is_there() -> None:
    assert decoded(packed([4, 1, 2, 4, 1, 2, 4, 3], 3), 2, 9) == ([1, 2, 1, 2, 3], SHORT)
    assert decoded(packed([4, 1, 2, 5], 3), 2, 6) == ([1, 2], SHORT)
    assert decoded(b"", 2, 6) == ([], SHORT)


def test_pixels_past_the_picture_are_left_out() -> None:
    assert decoded(packed([4, 1, 6, 7], 3), 2, 4) == ([1] * 4, ALL)


@given(st.lists(st.binary(min_size=1, max_size=255), max_size=4), st.binary(max_size=3))
def test_a_chain_ends_behind_its_empty_block(blocks: list[bytes], rest: bytes) -> None:
    chain = b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"
    assert _native.sub_blocks_end(chain + rest, 0) == len(chain)
    assert _native.sub_blocks_end(chain[:-1], 0) == -1


@pytest.mark.parametrize("width", [0, 9])
def test_other_literal_widths_are_refused(width: int) -> None:
    with pytest.raises(ValueError, match="literal_width"):
        _native.lzw_decode(b"\0", 0, 1, width, 4)

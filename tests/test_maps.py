from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhue.errors import FormatError
from steadyhue.formats.maps import decode_map, encode_cube, encode_map
from steadyhue.palette import Palette
from steadyhue.palettemap import PaletteMap, match, table
from steadyhue.palettemap.blend import SIZE


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6), n=st.integers(1, 20), m=st.integers(1, 20))
def test_a_map_comes_back_with_its_grade(seed: int, n: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    source = Palette(rng.integers(0, 256, (n, 3)), rng.integers(1, 9, n))
    found = match(source, Palette(rng.integers(0, 256, (m, 3))))
    back = decode_map(encode_map(found))
    assert back.source.hex == source.hex
    assert back.source.shares == pytest.approx(source.shares)
    assert back.colors.tolist() == found.colors.tolist()
    assert (back.grade is None) == (found.grade is None)
    if back.grade is not None and found.grade is not None:
        assert back.grade.tone.tolist() == found.grade.tone.tolist()
        assert back.grade.hue.tolist() == found.grade.hue.tolist()


def test_a_map_may_be_written_by_hand() -> None:
    text = '{"map": [{"source": "#000", "target": "fff"}, {"source": "#010101", "target": "#FFF"}]}'
    found = decode_map(text.encode())
    assert found.grade is None
    assert found.colors.tolist() == [[255] * 3, [255] * 3]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "Expecting"),
        ("[]", "object"),
        ("{}", "'map' is missing"),
        ('{"map": []}', "1 to 256 pairs"),
        ('{"map": [1]}', "list of pairs"),
        ('{"map": [{"source": "#fff"}]}', "'target' is missing"),
        ('{"map": [{"source": "#fff", "target": 7}]}', "must be colors"),
        ('{"map": [{"source": "#fff", "target": "reddish"}]}', "not a color"),
        ('{"map": [{"source": "#fff", "target": "#fff", "weight": []}]}', "weight|number|float"),
        ('{"map": [{"source": "#fff", "target": "#fff"}], "grade": 3}', "not"),
        ('{"map": [{"source": "#fff", "target": "#fff"}], "grade": {"tone": [1]}}', "missing"),
        (
            '{"map": [{"source": "#fff", "target": "#fff"}], "grade": {"tone": [1], "hue": [1]}}',
            "3 numbers",
        ),
    ],
)
def test_what_is_no_map_says_why(text: str, reason: str) -> None:
    with pytest.raises(FormatError, match=reason) as caught:
        decode_map(text.encode(), name="my.json")
    assert str(caught.value).startswith("my.json: not a palette map: ")


def test_maps_have_one_pair_a_line() -> None:
    palette = Palette.from_hex("#000,#fff")
    text = encode_map(PaletteMap(palette, palette, np.array([1, 0]))).decode()
    assert json.loads(text)["map"][0] == {"source": "#000000", "target": "#ffffff", "weight": 0.5}
    assert sum('"source"' in line for line in text.splitlines()) == 2


def test_cube_files_have_red_fastest() -> None:
    found = match(Palette.from_hex("#a00,#0a0,#00a"), Palette.from_hex("#c42,#4c2,#24c"))
    lines = encode_cube(found).decode().splitlines()
    assert lines[1] == f"LUT_3D_SIZE {SIZE}"
    assert len(lines) == 2 + SIZE**3
    second = [float(number) for number in lines[3].split()]
    assert second == pytest.approx(table(found)[1, 0, 0] / 255, abs=1e-6)

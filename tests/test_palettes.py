from __future__ import annotations

import io
import json
import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from steadyhue.errors import FormatError, LimitError, OutputError
from steadyhue.figures.history import PaletteHistory
from steadyhue.formats import palettes
from steadyhue.formats.palettes import (
    SUFFIXES,
    decode_palette,
    encode_palette,
    read_palette,
)
from steadyhue.palette import Palette

NAMED = {".gpl", ".aco", ".ase", ".json", ".csv"}
WEIGHTED = {".json", ".csv"}

rgb = st.tuples(*[st.integers(0, 255)] * 3)
words = st.text("abcxyzäÖ漢🎨,;\"'#&-_ 09", max_size=12).map(lambda text: " ".join(text.split()))


@st.composite
def random_palettes(draw: st.DrawFn) -> Palette:
    colors = draw(st.lists(rgb, min_size=1, max_size=40))
    size = {"min_size": len(colors), "max_size": len(colors)}
    weights = draw(st.none() | st.lists(st.floats(0, 1e9), **size))
    names = draw(st.just([]) | st.lists(words.filter(lambda name: name != "Untitled"), **size))
    return Palette(colors, weights, names if any(names) else ())


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(palette=random_palettes())
def test_what_a_format_can_hold_comes_back(suffix: str, palette: Palette) -> None:
    back = decode_palette(encode_palette(palette, suffix), suffix)
    assert back.colors.tolist() == palette.colors.tolist()
    if suffix in NAMED:
        assert back.names == palette.names
    if suffix in WEIGHTED:
        assert back.weights.tolist() == palette.weights.tolist()


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(data=st.binary(max_size=200), cut=st.integers(0, 900), noise=st.binary(max_size=4))
def test_broken_files_raise_format_errors_only(
    suffix: str, data: bytes, cut: int, noise: bytes
) -> None:
    whole = encode_palette(Palette([[1, 2, 3], [4, 5, 6]], [1, 2], ["one", "two"]), suffix)
    place = cut % len(whole)
    broken = [data, whole[:place], whole[:place] + noise + whole[place + len(noise) :]]
    for text in broken:
        with suppress(FormatError):
            decode_palette(text, suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_go_through_the_disk_and_suffixes_ignore_case(suffix: str, tmp_path: Path) -> None:
    palette = Palette.from_hex("#ff8000,#0080ff,#ff8000")
    path = tmp_path / f"colors{suffix.upper()}"
    path.write_bytes(encode_palette(palette, path.suffix))
    assert read_palette(path).hex == palette.hex


def test_gpl_reads_what_gimp_writes() -> None:
    text = (
        "GIMP Palette\r\nName: Web\r\nColumns: 4\r\n# note\r\n255   0   0\tred one\r\n 0 9 99\r\n"
    )
    palette = decode_palette(text.encode(), ".gpl")
    assert palette.hex == ["#ff0000", "#000963"]
    assert palette.names == ("red one", "")


def test_hex_reads_hashes_comments_and_blank_lines() -> None:
    assert decode_palette(b";Paint.NET\n#ff0000\n\n00ff00\n", ".hex").hex == ["#ff0000", "#00ff00"]


def test_json_reads_a_bare_list() -> None:
    assert decode_palette(b'["#010203", "040506"]', ".json").hex == ["#010203", "#040506"]


def test_act_without_a_count_has_256_colors() -> None:
    assert len(decode_palette(bytes(768), ".act")) == 256


def test_aco_reads_all_its_color_spaces() -> None:
    def swatch(space: int, *words: int) -> bytes:
        return struct.pack(">5H", space, *words)

    data = struct.pack(">HH", 1, 5)
    data += swatch(0, 65535, 0, 32896, 0)
    data += swatch(1, 21845, 65535, 65535, 0)  # a hue of 120 degrees
    data += swatch(2, 65535, 65535, 0, 65535)  # yellow ink alone
    data += swatch(7, 10000, 0, 0, 0)  # L* 100
    data += swatch(8, 10000, 0, 0, 0)  # black
    expected = ["#ff0080", "#00ff00", "#ffff00", "#ffffff", "#000000"]
    assert decode_palette(data, ".aco").hex == expected


def test_ase_reads_groups_and_all_its_models() -> None:
    def block(kind: int, body: bytes) -> bytes:
        return struct.pack(">HI", kind, len(body)) + body

    def color(name: str, model: bytes, *values: float) -> bytes:
        text = (name + "\0").encode("utf-16-be")
        body = struct.pack(">H", len(text) // 2) + text + model
        return block(1, body + struct.pack(f">{len(values)}fH", *values, 2))

    blocks = [
        block(0xC001, struct.pack(">H", 2) + "G\0".encode("utf-16-be")),
        color("red", b"RGB ", 1, 0, 0),
        color("ink", b"CMYK", 0, 1, 1, 0),
        color("grey", b"Gray", 0.5),
        color("white", b"LAB ", 1, 0, 0),
        block(0xC002, b""),
    ]
    data = b"ASEF" + struct.pack(">HHI", 1, 0, len(blocks)) + b"".join(blocks)
    palette = decode_palette(data, ".ase")
    assert palette.hex == ["#ff0000", "#ff0000", "#808080", "#ffffff"]
    assert palette.names == ("red", "ink", "grey", "white")


def test_a_png_that_is_no_strip_gives_its_distinct_colors_in_order() -> None:
    pixels = np.zeros((2, 3, 4), np.uint8)
    pixels[0] = [[9, 0, 0, 255], [0, 9, 0, 255], [9, 0, 0, 255]]
    pixels[1] = [[0, 0, 9, 255], [5, 5, 5, 0], [9, 0, 0, 255]]
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    assert decode_palette(out.getvalue(), ".png").hex == ["#090000", "#000900", "#000009"]


def test_a_photo_is_not_a_palette() -> None:
    noise = np.arange(20 * 20 * 3, dtype=np.uint16).astype(np.uint8).reshape(20, 20, 3)
    noise[:, :, 1] = np.arange(400).reshape(20, 20) // 2
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    with pytest.raises(FormatError, match="not a palette"):
        decode_palette(out.getvalue(), ".png", name="photo.png")


@pytest.mark.parametrize(
    ("suffix", "data", "reason"),
    [
        (".gpl", b"RGB\n1 2 3", "GIMP Palette"),
        (".gpl", b"GIMP Palette\n1 2\n", "three numbers"),
        (".gpl", b"GIMP Palette\n1 2 300\n", "three numbers"),
        (".gpl", b"GIMP Palette\n", "at least one color"),
        (".hex", b"nothing", "not a color"),
        (".pal", b"JASC-PAL\n0100\n3\n1 2 3\n", "says '3' colors and has 1"),
        (".pal", b"RIFF....PAL data", "RIFF"),
        (".act", bytes(700), "768 or 772"),
        (".act", bytes(768) + b"\x01\x01\xff\xff", "257 colors"),
        (".aco", struct.pack(">HH", 1, 2) + bytes(10), "ends at byte 14"),
        (".aco", struct.pack(">HH", 1, 1) + struct.pack(">5H", 99, 0, 0, 0, 0), "space 99"),
        (".ase", b"RIFF" + bytes(8), "ASEF"),
        (".json", b"{", "Expecting"),
        (".json", b"[" * 100_000, "nested|recursion"),
        (".json", b'{"colors": [1]}', 'no "colors"'),
        (".json", b'{"colors": ["#fff"], "weights": [true]}', "list of numbers"),
        (".json", b'{"colors": ["#fff"], "weights": [NaN]}', "finite"),
        (".csv", b"a,b\n1,2\n", "must name the columns"),
        (".csv", b"color,weight\n#fff,x\n", "could not convert"),
        (".png", b"\x89PNG\r\n\x1a\n", "not a PNG"),
    ],
)
def test_malformed_files_say_what_is_wrong(suffix: str, data: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=reason) as caught:
        decode_palette(data, suffix, name="my file")
    assert str(caught.value).startswith("my file: ")


def test_unknown_suffixes_name_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"\.gpl, \.hex"):
        read_palette(tmp_path / "a.txt")
    with pytest.raises(OutputError, match=r"\.gpl, \.hex"):
        encode_palette(Palette.from_hex("#fff"), ".txt")


def test_limits_are_checked_before_memory_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(palettes, "MAX_BYTES", 10)
    path = tmp_path / "long.hex"
    path.write_text("ffffff\n" * 4)
    with pytest.raises(LimitError, match="over 10 bytes"):
        read_palette(path)


def test_a_color_table_holds_256_colors() -> None:
    with pytest.raises(OutputError, match="at most 256"):
        encode_palette(Palette(np.zeros((257, 3), np.uint8)), ".act")


def over_time(*frames: list[tuple[object, object]]) -> bytes:
    slots = [{"slots": [{"color": c, "weight": w} for c, w in frame]} for frame in frames]
    return json.dumps({"frames": slots}).encode()


def test_palettes_over_time_are_pooled_in_order_of_appearance() -> None:
    data = over_time(
        [("#ff0000", 0.5), ("#00ff00", 0.5)], [("#F00", 0.25), ("#0000ff", 0.75)]
    )  # the same red twice
    palette = decode_palette(data, ".json")
    assert palette.hex == ["#ff0000", "#00ff00", "#0000ff"]
    assert palette.weights.tolist() == [0.75, 0.5, 0.75]


def test_what_a_history_writes_is_a_palette_file() -> None:
    colors = np.array([[[1, 2, 3], [4, 5, 6]], [[1, 2, 3], [7, 8, 9]]], np.uint8)
    history = PaletteHistory(colors, np.array([[30, 10], [20, 20]]), np.array([40.0, 40.0]), [1])
    palette = decode_palette(history.to_json().encode(), ".json")
    assert palette.colors.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert palette.weights.tolist() == [1.25, 0.25, 0.5]
    assert decode_palette(history.to_csv().encode(), ".csv") == history.pooled()
    assert history.pooled().weights.tolist() == [50, 10, 20]


def test_one_list_of_colors_a_frame_counts_the_frames_of_each() -> None:
    palette = decode_palette(b'[["#ff0000", "#00ff00"], ["#ff0000", "#0000ff"]]', ".json")
    assert palette.hex == ["#ff0000", "#00ff00", "#0000ff"]
    assert palette.weights.tolist() == [2, 1, 1]


@pytest.mark.parametrize(
    "data",
    [
        *(json.dumps({"frames": frames}).encode() for frames in (3, [3], [{"slots": 3}], {}, [])),
        json.dumps({"frames": [{"slots": [{"color": "#fff"}]}]}).encode(),
        *(over_time([("#fff", weight)]) for weight in (None, "1", True, -1, 10**400)),
        over_time([("#fff", float("nan"))]),
        over_time([("#fff", float("inf"))]),
        *(over_time([(color, 1)]) for color in (3, None, ["#fff"], "nothing")),
        b"[[]]",
        b"[[1]]",
        b'[["#fff"], "#fff"]',
        b'{"colors": ["#fff"], "weights": [1' + b"0" * 400 + b"]}",
    ],
    ids=lambda data: data.decode()[:60],
)
def test_malformed_palettes_over_time_are_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(FormatError, match="^my file: [^\n]+$"):
        decode_palette(data, ".json", name="my file")

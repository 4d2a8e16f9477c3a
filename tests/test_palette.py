from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from steadyhue.formats.palettes import parse_palette
from steadyhue.palette import Palette
from steadyhue.reference import reference_palette
from steadyhue.settings import Settings
from steadyhue.words import PANELS, Panel, parse_color


@pytest.mark.parametrize("text", ["#1e90ff", "1e90ff", " 1E90FF "])
def test_hex_colors_are_read_with_and_without_hash(text: str) -> None:
    assert parse_color(text) == (0x1E, 0x90, 0xFF)


def test_short_hex_colors_double_each_digit() -> None:
    assert parse_color("#19f") == (0x11, 0x99, 0xFF)


@pytest.mark.parametrize(
    "text", ["", "#", "12345", "#1e90fg", "reddish", "#1e90ff00", "#1e90ff\n#"]
)
def test_what_is_no_color_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="is not a color"):
        parse_color(text)


def test_a_hex_list_keeps_its_order_and_prints_the_same() -> None:
    palette = Palette.from_hex("#ff0000,00ff00 #0000ff, #000")
    assert palette.hex == ["#ff0000", "#00ff00", "#0000ff", "#000000"]
    assert Palette.from_hex(palette.hex) == palette


def test_weights_default_to_one_each_and_shares_sum_to_one() -> None:
    assert Palette.from_hex("#fff,#000").weights.tolist() == [1, 1]
    assert Palette([[0, 0, 0], [1, 1, 1]], [1, 3]).shares.tolist() == [0.25, 0.75]
    assert Palette([[0, 0, 0], [1, 1, 1]], [0, 0]).shares.tolist() == [0.5, 0.5]


def test_a_color_may_be_named_as_in_css() -> None:
    assert parse_color("DodgerBlue") == (0x1E, 0x90, 0xFF)
    assert Palette.from_hex("black, rebeccapurple").hex == ["#000000", "#663399"]


def test_every_panel_is_a_palette_of_distinct_colors() -> None:
    assert tuple(PANELS) == get_args(Panel)
    for name in PANELS:
        palette = Palette.from_hex(name)
        assert len(set(palette.hex)) == len(palette)
        assert palette.hex[0] == "#000000"
        assert "#ffffff" in palette.hex


def test_a_panel_is_taken_wherever_colors_are() -> None:
    # What Waveshare's driver of the seven-color panel puts into a picture, in its order.
    acep = [0, 0, 0, 255, 255, 255, 0, 255, 0, 0, 0, 255, 255, 0, 0, 255, 255, 0, 255, 128, 0]
    for palette in (
        Settings.of(palette="epd-acep").palette,
        parse_palette("epd-acep"),
        reference_palette("epd-acep"),
    ):
        assert palette is not None
        assert palette.colors.ravel().tolist() == acep


def test_take_keeps_weights_and_names_together() -> None:
    palette = Palette([[1, 1, 1], [2, 2, 2]], [10, 20], ["one", "two"])
    assert palette.take([1]) == Palette([[2, 2, 2]], [20], ["two"])


@pytest.mark.parametrize(
    ("colors", "weights", "names"),
    [
        (np.zeros((0, 3), np.uint8), None, ()),
        ([1, 2, 3], None, ()),
        ([[0, 0, 0], [0, 0]], None, ()),
        (None, None, ()),
        ([[0, 0, 0]], ["much"], ()),
        ([[0, 0, 256]], None, ()),
        ([[0.5, 0, 0]], None, ()),
        ([[2.5, 0, 0]], None, ()),
        ([[0, 0, 0]], [-1], ()),
        ([[0, 0, 0]], [np.nan], ()),
        ([[0, 0, 0]], [1, 2], ()),
        ([[0, 0, 0]], None, ("a", "b")),
    ],
)
def test_what_is_no_palette_is_refused(colors: object, weights: object, names: object) -> None:
    with pytest.raises(ValueError, match=r"palette|names"):
        Palette(colors, weights, names)  # type: ignore[arg-type]


@pytest.mark.parametrize("colors", ["", [], [3], [None], ["#000", b"#fff"]])
def test_what_is_no_text_of_a_color_is_refused(colors: object) -> None:
    with pytest.raises(ValueError, match="color"):
        Palette.from_hex(colors)  # type: ignore[arg-type]


def test_a_palette_does_not_share_memory_with_its_source() -> None:
    colors = np.zeros((2, 3), np.uint8)
    palette = Palette(colors)
    colors[:] = 9
    assert palette.colors.max() == 0


def test_notebooks_show_one_swatch_a_color_and_escape_names() -> None:
    html = Palette([[1, 2, 3], [4, 5, 6]], names=["<b>", ""])._repr_html_()
    assert html.count("background:#") == 2
    assert "&lt;b&gt;" in html
    assert "<b>" not in html

"""Settings: whatever is named wrong, out of range or contradictory fails at the call."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import steadyhue as sh
from steadyhue.cli import main
from steadyhue.settings import VERSION, Matching, Settings
from steadyhue.words import DISTANCES, DITHERS, MODES, SPACES

NOWHERE = "no-such-clip.gif"
"""Never read: a call that is wrong fails before."""

NAN = float("nan")

# The options of a call, and what its sentence names.
WRONG_IN_PYTHON: list[tuple[dict[str, Any], str]] = [
    ({"colors": 0}, "colors must be in"),
    ({"colors": 257}, "colors must be in"),
    ({"colors": -3}, "colors must be in"),
    ({"colors": 4.5}, "colors must be a whole number"),
    ({"colors": "4"}, "colors must be a whole number"),
    ({"colors": True}, "colors must be a whole number"),
    ({"colors": NAN}, "colors must be a whole number"),
    ({"mode": "wobbly"}, "mode must be one of"),
    ({"mode": "Steady"}, "mode must be one of"),
    ({"mode": ["steady"]}, "mode must be one of"),
    ({"mode": "fixed"}, "needs a palette"),
    ({"space": "hsv"}, "space must be one of"),
    ({"space": None}, "space must be one of"),
    ({"distance": "cosine"}, "distance must be one of"),
    ({"dither": "noise"}, "dither must be one of"),
    ({"dither": True}, "dither must be one of"),
    ({"dither_strength": 0.5}, "no effect without a dither"),
    ({"dither": "bayer", "dither_strength": 1.1}, "dither_strength must be in"),
    ({"dither": "bayer", "dither_strength": -0.1}, "dither_strength must be in"),
    ({"dither": "bayer", "dither_strength": NAN}, "dither_strength must be in"),
    ({"dither": "bayer", "dither_strength": "1"}, "dither_strength must be a number"),
    ({"steadiness": 2}, "steadiness must be in"),
    ({"steadiness": NAN}, "steadiness must be in"),
    ({"steadiness": "much"}, "steadiness must be a number"),
    ({"mode": "seeded", "steadiness": 0.5}, "steadiness has no effect"),
    ({"palette": "#000,#fff", "steadiness": 0.5}, "steadiness has no effect"),
    ({"seed": 0.5}, "seed must be a whole number"),
    ({"seed": "x"}, "seed must be a whole number"),
    ({"palette": "#000,#fff", "seed": 1}, "seed has no effect"),
    ({"palette": "#000,#fff", "mode": "steady"}, "needs mode 'fixed'"),
    ({"palette": "#000,#fff", "mode": "global"}, "needs mode 'fixed'"),
    ({"palette": "#000,#fff", "colors": 3}, "contradicts a palette of 2 colors"),
    ({"palette": []}, "palette"),
    ({"palette": "#00"}, "is not a color"),
    ({"palette": ["#000", "reddish"]}, "is not a color"),
    ({"palette": ["#000", 3]}, "palette"),
    ({"palette": [0, 0, 0]}, r"shape \(k, 3\)"),
    ({"palette": np.zeros((2, 4), np.uint8)}, r"shape \(k, 3\)"),
    ({"palette": np.zeros((257, 3), np.uint8)}, "257 colors, and a frame at most 256"),
    ({"palette": [[0.0, 0.5, 1.0]]}, "multiply colors in 0..1 by 255"),
    ({"palette": [[0.0, 128.0, 255.0]]}, "must be integers"),
    ({"palette": [[0, 0, 256]]}, "0 to 255"),
    ({"palette": [[0, 0, -1]]}, "0 to 255"),
    ({"palette": [[NAN, 0, 0]]}, "must be integers"),
    ({"palette": 7}, "palette: needs a palette, or colors in an order, got 7"),
    ({"palette": {"red", "blue"}}, "colors in an order"),
    ({"palette": {"red": 1}}, "colors in an order"),
    ({"palette": b"red"}, "colors in an order"),
    ({"palette": " , "}, "at least one color"),
    ({"palette": [[0, 0, 0], [1, 1]]}, "three numbers each"),
    ({"keep": 7}, "colors in an order"),
    ({"space": np.zeros(3)}, "space must be one of"),
    ({"seed": -1}, "seed must be in"),
    ({"seed": 1 << 63}, "seed must be in"),
    ({"keep": "#000,#111", "colors": 2}, "leaves none of the 2"),
    ({"keep": "#0000"}, "is not a color"),
    ({"keep": [[0.5, 0.5, 0.5]]}, "multiply colors in 0..1 by 255"),
    ({"palette": "#000,#fff", "keep": "#f00"}, "put the colors to keep into that"),
]

WRONG_TRANSFERS: list[tuple[dict[str, Any], str]] = [
    ({}, "either a reference or a map"),
    ({"reference": "#000,#fff", "match": "hue"}, "match must be one of"),
    ({"reference": "#000,#fff", "spread": 2}, "spread must be in"),
    ({"reference": "#000,#fff", "spread": NAN}, "spread must be in"),
    ({"reference": "#000,#fff", "match": "nearest", "spread": 0.5}, "spread has no effect"),
    ({"reference": "#000,#fff", "smooth": "no"}, "smooth must be True or False"),
    ({"palette_map": 3}, "palette_map must be a PaletteMap"),
    ({"reference": "#000,#fff", "mode": "independent"}, "for a transfer, got 'independent'"),
    ({"reference": "#000,#fff", "mode": "seeded", "smooth": True}, "need mode 'global'"),
    ({"reference": "#000,#fff", "reference_colors": 0}, "reference_colors must be in"),
    ({"reference": "#000,#fff", "colors": 300}, "colors must be in"),
    ({"reference": "#000,#fff", "dither_strength": 0.5}, "no effect without a dither"),
]

# The words of a command that never reads its input.
WRONG_COMMANDS = [
    "quantize IN -o OUT -k 0",
    "quantize IN -o OUT -k four",
    "quantize IN -o OUT --mode wobbly",
    "quantize IN -o OUT --mode fixed",
    "quantize IN -o OUT --mode seeded --steadiness 0.5",
    "quantize IN -o OUT --steadiness nan",
    "quantize IN -o OUT --space hsv",
    "quantize IN -o OUT --distance cosine",
    "quantize IN -o OUT --dither noise",
    "quantize IN -o OUT --dither-strength 0.5",
    "quantize IN -o OUT --dither bayer --dither-strength nan",
    "quantize IN -o OUT --palette #000,#fff -k 3",
    "quantize IN -o OUT --palette #000,#fff --mode steady",
    "quantize IN -o OUT --palette #000,#fff --seed 1",
    "quantize IN -o OUT --seed 9223372036854775808",
    "quantize IN -o OUT --palette #000,#fff --keep-color f00",
    "quantize IN -o OUT --keep-color reddish",
    "quantize IN -o OUT -k 1 --keep-color f00",
    "quantize IN -o OUT --fps nan",
    "quantize IN -o OUT --fps 1e-300",
    "quantize IN -o OUT --start x",
    "quantize IN IN -o OUT/ --fps nan",
    "transfer IN -o OUT",
    "transfer IN -o OUT --from #000,#fff --match hue",
    "transfer IN -o OUT --from #000,#fff --spread nan",
    "transfer IN -o OUT --from #000,#fff --match nearest --spread 0.5",
    "transfer IN -o OUT --from #000,#fff --mode independent",
    "transfer IN -o OUT --from #000,#fff --mode seeded --smooth",
    "compare IN -o OUT --variant mode=wobbly",
    "compare IN -o OUT --variant keep=zzz",
    "compare IN -o OUT --variant k=4.5",
    "compare IN -o OUT --variant steadiness=nan",
    "palette IN -o OUT.gpl --mode steady",
]


@pytest.mark.parametrize(("options", "sentence"), WRONG_IN_PYTHON)
def test_a_wrong_call_fails_before_anything_is_read(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(sh.OptionError, match=sentence):
        sh.quantize(NOWHERE, **options)


@pytest.mark.parametrize(("options", "sentence"), WRONG_TRANSFERS)
def test_a_wrong_transfer_fails_before_anything_is_read(
    options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(sh.OptionError, match=sentence):
        sh.transfer(NOWHERE, **options)


def test_an_unknown_option_is_no_option() -> None:
    with pytest.raises(TypeError, match="colours"):
        sh.quantize(NOWHERE, colours=3)  # type: ignore[call-arg]


@pytest.mark.parametrize("words", WRONG_COMMANDS)
def test_a_wrong_command_exits_with_2_before_anything_is_read(words: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out.gif")
    line = [word.replace("IN", NOWHERE).replace("OUT", out) for word in words.split()]
    result = CliRunner().invoke(main, line)
    assert result.exit_code == 2, result.output
    assert "Error: " in result.output
    assert NOWHERE not in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "palette",
    [
        sh.Palette.from_hex("#000,#ff0000"),
        "black red",
        "#000, #f00",
        ["black", "#f00"],
        ("000000", "RED"),
        [[0, 0, 0], [255, 0, 0]],
        np.array([[0, 0, 0], [255, 0, 0]], np.int64),
    ],
)
def test_a_palette_may_be_given_in_every_form_and_implies_mode_fixed(palette: object) -> None:
    settings = Settings.of(palette=palette)  # type: ignore[arg-type]
    assert (settings.mode, settings.colors) == ("fixed", 2)
    assert settings.palette is not None
    assert settings.palette.hex == ["#000000", "#ff0000"]


def test_what_is_not_given_is_filled_in() -> None:
    settings = Settings.of()
    assert (settings.colors, settings.mode, settings.steadiness) == (10, "steady", 0.5)
    assert (settings.seed, settings.dither_strength, settings.keep) == (0, 1.0, None)
    assert Settings.of(keep=()) == settings
    assert Settings.of(5, keep="red,blue").n_clusters == 3


@pytest.mark.parametrize(
    "settings",
    [
        Settings.of(mode=mode, space=space, distance=distance, dither=dither, colors=7)
        for mode in MODES
        if mode != "fixed"
        for space, distance, dither in zip(SPACES, DISTANCES * 2, DITHERS, strict=True)
    ]
    + [
        Settings.of(palette="#123,#456", dither="bayer", dither_strength=0.25),
        Settings.of(9, keep=["#f00"], seed=11, steadiness=0.75),
    ],
)
def test_settings_come_back_from_plain_json(settings: Settings) -> None:
    plain = json.loads(json.dumps(settings.to_dict()))
    assert Settings.from_dict(plain) == settings
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_a_matching_comes_back_from_plain_json() -> None:
    matching = Matching(spread=0.5, smooth=True, reference_colors=12)
    assert Matching.from_dict(json.loads(json.dumps(matching.to_dict()))) == matching


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"version": VERSION + 1}, "version 2"),
        ({"version": None}, "version None"),
        ({"colour": 3}, "no option 'colour'"),
        ({"colors": 1000}, "colors must be in"),
        ({"mode": "seeded"}, "steadiness has no effect"),
    ],
)
def test_another_plain_form_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(sh.OptionError, match=sentence):
        Settings.from_dict(Settings.of().to_dict() | change)


def test_settings_do_not_change() -> None:
    with pytest.raises(AttributeError):
        Settings.of().colors = 3  # type: ignore[misc]


def test_colors_that_were_given_cannot_be_changed_later() -> None:
    given = sh.Palette([[0, 0, 0], [9, 9, 9]])
    for palette in (given, given.take([1, 0])):
        settings = Settings.of(palette=palette)
        with pytest.raises(ValueError, match="read-only"):
            palette.colors[0] = 7
        assert settings.palette == palette


def test_numpy_numbers_become_plain_ones() -> None:
    settings = Settings.of(np.uint8(3), seed=np.int64(2**40), steadiness=np.float32(0.5))
    plain = json.loads(json.dumps(settings.to_dict()))
    assert Settings.from_dict(plain) == settings
    pixels = np.random.default_rng(0).integers(0, 256, (2, 8, 9, 3), dtype=np.uint8)
    numbered = sh.quantize(pixels, np.uint8(3), seed=np.int64(2**40))
    plainly = sh.quantize(pixels, 3, seed=2**40)
    for ours, theirs in zip(numbered, plainly, strict=True):
        assert np.array_equal(ours.palette, theirs.palette)

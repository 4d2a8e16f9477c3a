"""A wish is read strictly, and is the same as a command line and as a call in Python."""

from __future__ import annotations

import ast
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadyhue.cli.options import edits_of, settings_of, taken_reading
from steadyhue.cli.quantize import quantize
from steadyhue.cli.transfer import transfer
from steadyhue.edits import Edits
from steadyhue.errors import OptionError
from steadyhue.recolor import transfer_settings
from steadyhue.settings import THRIFTY_DITHERS, Matching, Settings
from steadyhue.studio import recipe
from steadyhue.studio.wish import Wish
from steadyhue.words import DISTANCES, DITHERS, MATCHES, SPACES

hexes = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")
shares = st.integers(0, 20).map(lambda n: n / 20)


@st.composite
def clusterings(draw: st.DrawFn) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "space": draw(st.sampled_from(SPACES)),
        "distance": draw(st.sampled_from(DISTANCES)),
        "dither": draw(st.sampled_from(DITHERS)),
    }
    if plain["dither"] != "none":
        plain["dither_strength"] = draw(shares)
    return plain


@st.composite
def readings(draw: st.DrawFn) -> dict[str, Any]:
    options = {
        "start": st.integers(0, 10**6),
        "duration": st.integers(1, 10**6),
        "fps": st.sampled_from([0.5, 10, 12.5, 29.97]),
        "width": st.integers(1, 9999),
        "height": st.integers(1, 9999),
        "fit": st.sampled_from(["pad", "crop"]),
    }
    return {name: draw(value) for name, value in options.items() if draw(st.booleans())}


@st.composite
def quantizations(draw: st.DrawFn) -> dict[str, Any]:
    plain = draw(clusterings())
    if plain["dither"] in THRIFTY_DITHERS and draw(st.booleans()):
        plain["quality"] = draw(st.integers(1, 100))
    colors = draw(st.integers(2, 256))
    if draw(st.booleans()):
        palette = draw(st.lists(hexes, min_size=2, max_size=9))
        plain |= {"mode": "fixed", "palette": palette}
        colors = len(palette)
    else:
        mode = draw(st.sampled_from(["steady", "seeded", "independent", "global"]))
        plain |= {"colors": colors, "mode": mode, "seed": draw(st.integers(0, 99))}
        if mode == "steady" and "quality" not in plain:
            plain["steadiness"] = draw(shares)
        keep = draw(st.lists(hexes, max_size=min(3, colors - 1)))
        if keep:
            plain["keep"] = keep
    edits = draw(st.dictionaries(st.integers(0, colors - 1).map(str), hexes, max_size=3))
    return {"version": 1, "settings": plain, "recolor": edits, **draw(readings())}


@st.composite
def transfers(draw: st.DrawFn) -> dict[str, Any]:
    mode = draw(st.sampled_from(["global", "steady", "seeded"]))
    plain = draw(clusterings()) | {"mode": mode, "colors": draw(st.integers(2, 256))}
    match = draw(st.sampled_from(MATCHES))
    how = {
        "reference": draw(st.lists(hexes, min_size=1, max_size=5)),
        "match": match,
        "spread": draw(shares) if match == "tone" else 0.0,
        "smooth": draw(st.booleans()) if mode == "global" else False,
    }
    return {"version": 1, "settings": plain, "transfer": how, **draw(readings())}


wishes = quantizations() | transfers()


@given(wishes)
def test_a_wish_comes_back_from_plain_json(plain: dict[str, Any]) -> None:
    wish = Wish.parse(plain)
    again = Wish.parse(json.loads(json.dumps(wish.to_dict())))
    assert again.to_dict() == wish.to_dict()
    assert again.timing == wish.timing
    assert again.raster == wish.raster


@given(wishes)
def test_the_command_line_says_the_same(plain: dict[str, Any]) -> None:
    wish = Wish.parse(plain)
    name, verb, *arguments = recipe.command(wish, "-in.gif", "out.gif")
    assert name == "steadyhue"
    command = {"quantize": quantize, "transfer": transfer}[verb]
    options = dict(command.make_context(verb, list(arguments)).params)
    assert options.pop("output") == "out.gif"
    reading = taken_reading(options)
    assert reading["raster"] == wish.raster
    assert reading["timing"].every == 1
    assert reading["timing"].fps == pytest.approx(wish.timing.fps)
    assert reading["timing"].start == pytest.approx(wish.timing.start)
    assert reading["timing"].duration == pytest.approx(wish.timing.duration)
    assert edits_of(options.pop("recolor")) == wish.edits
    if verb == "transfer":
        assert options["reference"] == ",".join(wish.transfer.reference.hex)
        matching = {field: options[field] for field in ("match", "spread", "smooth")}
        assert Matching(**matching) == wish.transfer.matching
        names = ("colors", "mode", "space", "distance", "dither", "dither_strength", "seed")
        asked = {field: options[field] for field in names if field in options}
        asked = {field: value for field, value in asked.items() if value is not None}
        assert transfer_settings(Matching(**matching), **asked).to_dict() == wish.settings.to_dict()
        return
    beside = ("inputs", "report", "save_palette", "save_labels", "suffix", "jobs", "force", "quiet")
    beside += ("max_bytes", "allow")
    asked = {field: value for field, value in options.items() if field not in beside}
    asked["keep"] = asked["keep"] or None
    assert settings_of(asked).to_dict() == wish.settings.to_dict()


@given(wishes)
def test_the_python_says_the_same(plain: dict[str, Any]) -> None:
    wish = Wish.parse(plain)
    calls = {
        node.func.attr: node
        for node in ast.walk(ast.parse(recipe.python(wish, "in.gif", "out.gif")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    def options(name: str) -> dict[str, Any]:
        return {word.arg: ast.literal_eval(word.value) for word in calls[name].keywords}

    opened = options("open")
    for field in ("start", "duration", "fps"):
        assert opened.pop(field, getattr(type(wish.timing)(), field)) == getattr(wish.timing, field)
    for field in ("width", "height", "fit"):
        assert opened.pop(field, None) == getattr(wish.raster, field)
    assert not opened
    if wish.edits.slots:
        assert Edits.of(ast.literal_eval(calls["recolored"].args[0])) == wish.edits
    if wish.transfer is None:
        assert Settings.of(**options("quantize")).to_dict() == wish.settings.to_dict()
        return
    asked = options("transfer")
    how = {field: asked.pop(field) for field in ("match", "spread", "smooth") if field in asked}
    assert Matching(**how) == wish.transfer.matching
    assert transfer_settings(Matching(**how), **asked).to_dict() == wish.settings.to_dict()


@pytest.mark.parametrize(
    "plain",
    [
        None, [], "steady", 1,
        {}, {"version": 2}, {"version": True}, {"version": "1"},
        {"version": 1, "path": "/etc/passwd"},
        {"version": 1, "settings": []},
        {"version": 1, "settings": {"colors": 2.5}},
        {"version": 1, "settings": {"colors": 10**29}},
        {"version": 1, "settings": {"colors": True}},
        {"version": 1, "settings": {"colors": None, "mode": ["steady"]}},
        {"version": 1, "settings": {"mode": "seeded", "steadiness": 0.5}},
        {"version": 1, "settings": {"output": "x.gif"}},
        {"version": 1, "settings": {"quality": 0}},
        {"version": 1, "settings": {"quality": 50, "steadiness": 0.5}},
        {"version": 1, "settings": {"quality": 50, "dither": "bayer"}},
        {"version": 1, "transfer": {"reference": ["red"]}, "settings": {"quality": 50}},
        {"version": 1, "settings": {"palette": {"a": 1}, "mode": "fixed"}},
        {"version": 1, "settings": {"palette": ["red"] * 257, "mode": "fixed"}},
        {"version": 1, "settings": {"keep": ["no color"]}},
        {"version": 1, "settings": {"steadiness": "1"}},
        {"version": 1, "start": "1:30"}, {"version": 1, "start": -1},
        {"version": 1, "duration": 0}, {"version": 1, "fps": 1e9}, {"version": 1, "fps": True},
        {"version": 1, "width": 0}, {"version": 1, "width": 1.5}, {"version": 1, "height": 10**6},
        {"version": 1, "fit": "stretch"},
        {"version": 1, "recolor": {"x": "#ffffff"}}, {"version": 1, "recolor": {"0": "nothing"}},
        {"version": 1, "recolor": {"0": None}}, {"version": 1, "recolor": {"10": "#ffffff"}},
        {"version": 1, "recolor": {"0": 1, "1": 0}}, {"version": 1, "recolor": {"0": 300}},
        {"version": 1, "transfer": {}}, {"version": 1, "transfer": "x"},
        {"version": 1, "transfer": {"reference": "../etc/passwd"}},
        {"version": 1, "transfer": {"reference": "http://evil.test/"}},
        {"version": 1, "transfer": {"reference": ["red"], "match": "best"}},
        {"version": 1, "transfer": {"reference": ["red"], "smooth": 1}},
        {"version": 1, "transfer": {"reference": ["red"]}, "settings": {"steadiness": 0.5}},
        {"version": 1, "transfer": {"reference": ["red"]}, "settings": {"mode": "fixed"}},
        {"version": 1, "transfer": {"reference": []}},
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_wish_gets_one_sentence(plain: object) -> None:
    with pytest.raises(OptionError) as told:
        Wish.parse(plain)
    assert "\n" not in str(told.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=5,
)
names = st.sampled_from(
    ["start", "duration", "fps", "width", "height", "fit", "settings", "transfer", "recolor"]
)


@given(st.dictionaries(names, json_values, max_size=3))
def test_no_json_gets_anything_but_a_wish_or_a_sentence(plain: dict[str, Any]) -> None:
    with suppress(OptionError):
        Wish.parse({"version": 1, **plain})


@given(
    st.dictionaries(
        st.sampled_from(["colors", "mode", "space", "distance", "dither", "dither_strength",
                         "steadiness", "palette", "keep", "seed", "quality"]), json_values, max_size=3)
)  # fmt: skip
def test_no_settings_get_anything_but_a_wish_or_a_sentence(plain: dict[str, Any]) -> None:
    with suppress(OptionError):
        Wish.parse({"version": 1, "settings": plain})

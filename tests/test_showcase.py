"""Experiments side by side: as a page, an animation, a sheet, palette files and the demo."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from steadyhue import api, cli
from steadyhue.errors import OutputError
from steadyhue.figures.ribbon import Height, ribbon
from steadyhue.figures.sheet import GAP, panels
from steadyhue.formats import open_animation
from steadyhue.formats.palettes import SUFFIXES, read_palette
from steadyhue.frame import Animation
from steadyhue.palette import Palette
from steadyhue.settings import Settings
from steadyhue.showcase.compare import compare, default_variants, original
from steadyhue.showcase.demo import demo
from steadyhue.showcase.palettes import OVER_TIME, palette_history, save_palettes
from steadyhue.showcase.treatment import Variant, best_errors, encode, treat

HEIGHT, WIDTH, FRAMES = 24, 60, 5


@pytest.fixture(scope="module")
def clip() -> Animation:
    """A still gradient under a moving block."""
    x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    frames = []
    for n in range(FRAMES):
        frame = np.stack([4 * x, 10 * y, np.full_like(x, 60)], axis=-1).astype(np.uint8)
        frame[4:10, 5 * n : 5 * n + 8] = (250, 20, 20)
        frames.append(frame)
    return Animation.from_arrays(frames, 50)


@pytest.fixture
def path(clip: Animation, tmp_path: Path) -> Path:
    file = tmp_path / "clip.gif"
    file.write_bytes(encode(list(api.quantize(clip, 200, mode="global")), loop=0))
    return file


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


def test_a_variant_is_what_quantize_is_told() -> None:
    variant = Variant.parse("k=4, mode=seeded,seed=3")
    assert variant.settings == Settings.of(4, mode="seeded", seed=3)
    assert variant.title == "k = 4, seeded, seed 3"
    assert Variant.parse("palette=f00;00f").settings.palette == Palette.from_hex("f00,00f")


@pytest.mark.parametrize("text", ["", "k", "colour=3", "k=4,,", "source=a.gif"])
def test_a_variant_that_quantize_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a part of a variant"):
        Variant.parse(text)


def test_a_treatment_is_measured_on_the_file(clip: Animation) -> None:
    found = treat(clip, Variant.of("four", colors=4), best_errors(clip, 4))
    shown = [frame.rgba() for frame in open_animation(found.gif)]
    assert all(np.array_equal(a, b.rgba()) for a, b in zip(shown, found.frames, strict=True))
    truth = np.stack([frame.rgba()[..., :3] for frame in clip]).astype(float)
    error = ((truth - np.stack(shown)[..., :3]) ** 2).sum(-1).mean()
    assert found.measurement.error == pytest.approx(error)
    assert found.measurement.size == len(found.gif)
    assert dict(found.facts)["colors"] == "4"


def test_the_best_error_is_under_any_single_run_and_zero_with_enough_colors(
    clip: Animation,
) -> None:
    best = best_errors(clip, 4)
    for seed in range(3):
        result = api.quantize(clip, 4, mode="independent", seed=seed)
        list(result)
        for report, lowest in zip(result.report, best, strict=True):
            assert lowest <= report.error * 1.001
    two = Animation.from_arrays([np.zeros((2, 2, 3), np.uint8)])
    assert best_errors(two, 1) == [0.0]


def test_a_gif_is_shown_as_it_is_and_another_source_in_256_colors(
    clip: Animation, path: Path
) -> None:
    assert original(api.open(path), path).gif == path.read_bytes()
    shown = original(clip)
    assert "shown in 256" in dict(shown.facts)["colors in a frame"]
    assert open_animation(shown.gif).n_frames == FRAMES


def test_compare_writes_a_page(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    assert run("compare", path, "-o", out, "--variant", "k=3", "--variant", "k=5").exit_code == 0
    text = out.read_text("utf-8")
    assert titles(text) == ["original", "k = 3", "k = 5"]
    assert text.count("<dt>over best</dt>") == 2


@pytest.mark.parametrize("suffix", [".htm", ".HTML"])
def test_a_page_has_all_its_facts_however_its_suffix_is_written(
    path: Path, tmp_path: Path, suffix: str
) -> None:
    page, other = tmp_path / "page.html", tmp_path / f"other{suffix}"
    for out in (page, other):
        compare(path, out, [Variant.of("three", colors=3)])
    assert "<dt>over best</dt>" in page.read_text("utf-8")
    assert other.read_bytes() == page.read_bytes()


def titles(text: str) -> list[str]:
    """Return what is written over the clips of a page."""
    return re.findall("<h3>(.*?)</h3>", text)


def test_compare_writes_an_animation_that_keeps_every_treatments_colors(
    path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.gif"
    compare(path, out, [Variant.of("three", colors=3), Variant.of("five", colors=5)])
    played = list(open_animation(out))
    places, _ = panels(3, WIDTH, HEIGHT)
    assert [frame.duration for frame in played] == [50] * FRAMES
    for colors, (left, top) in zip((3, 5), places[1:], strict=True):
        for shown, expected in zip(played, api.quantize(path, colors), strict=True):
            panel = shown.rgba()[top : top + HEIGHT, left : left + WIDTH]
            assert np.array_equal(panel, expected.rgba())


def test_compare_writes_a_contact_sheet_with_the_sources_own_colors(
    path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.png"
    compare(path, out, [Variant.of("three", colors=3)])
    with Image.open(out) as image:
        sheet = np.asarray(image)
    first = next(iter(api.open(path))).rgba()[..., :3]
    top = places_top()
    assert np.array_equal(sheet[top : top + HEIGHT, GAP : GAP + WIDTH], first)


def places_top() -> int:
    return panels(1, WIDTH, HEIGHT)[0][0][1]


def test_too_many_colors_for_one_animation_are_refused_before_anything_is_written(
    path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.gif"
    with pytest.raises(OutputError, match="too few of 256"):
        compare(path, out, [Variant.of("a", colors=120), Variant.of("b", colors=120)])
    assert not out.exists()


def test_nothing_is_overwritten_without_force(path: Path, tmp_path: Path) -> None:
    for command, name in (("compare", "a.html"), ("palette", "a.png")):
        out = tmp_path / name
        out.write_text("mine")
        result = run(command, path, "-o", out)
        assert result.exit_code == 1
        assert "already exists" in result.output
        assert out.read_text() == "mine"


def test_a_wrong_variant_is_a_usage_error(path: Path, tmp_path: Path) -> None:
    result = run("compare", path, "-o", tmp_path / "a.html", "--variant", "colour=3")
    assert result.exit_code == 2
    assert "'colour=3' is not a part of a variant" in result.output


def test_every_variant_is_shown_at_every_number_of_colors(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    words = ["--variant", "mode=steady", "--variant", "mode=seeded", "-k", "3,5"]
    result = run("compare", path, "-o", out, *words)
    assert result.exit_code == 0, result.output
    shown = [f"{mode}, k = {k}" for k in (3, 5) for mode in ("steady", "seeded")]
    assert titles(out.read_text("utf-8")) == ["original", *shown]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--variant", "k=4,k=5"], "says colors twice"),
        (["--variant", "k=4", "-k", "5"], "says colors twice"),
        (["-k", "4,x"], "'x' is not a valid integer"),
        (["-k", "0"], "0 is not in the range"),
        (["-k", "9" * 5000], "-k"),
    ],
)
def test_numbers_of_colors_that_contradict_each_other_are_wrong_usage(
    path: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    result = run("compare", path, "-o", tmp_path / "a.html", *words)
    assert result.exit_code == 2
    assert said in result.output


def test_heights_of_bands_are_for_ribbons_over_time(path: Path, tmp_path: Path) -> None:
    for words in (["-o", tmp_path / "a.json"], ["-o", tmp_path / "a.png", "--frame", 0]):
        result = run("palette", path, *words, "--by", "equal")
        assert result.exit_code == 2
        assert "by has no effect" in result.output


def test_all_modes_that_find_palettes_are_compared_unless_told_otherwise(
    path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.html"
    compare(path, out)
    modes = ["independent", "seeded", "steady", "global"]
    assert titles(out.read_text("utf-8")) == ["original", *modes]
    for variant in default_variants(7):
        found = api.Result(api.open(path), variant.settings)
        assert len(next(iter(found)).palette) == 7


def test_palette_json_has_every_frame(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run("palette", path, "-k", 4, "-o", out).exit_code == 0
    frames = json.loads(out.read_text())["frames"]
    assert len(frames) == FRAMES
    assert all(sum(s["weight"] for s in f["slots"]) == pytest.approx(1, abs=1e-5) for f in frames)


@pytest.mark.parametrize("suffix", sorted({*SUFFIXES} - {*OVER_TIME}))
def test_palette_files_hold_the_palette_of_the_whole_clip(
    path: Path, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"out{suffix}"
    assert run("palette", path, "-k", 4, "-o", out).exit_code == 0
    whole = next(iter(api.quantize(path, 4, mode="global"))).palette
    assert read_palette(out).colors.tolist() == whole.tolist()


def test_palette_csv_has_a_line_for_every_frame_and_slot(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert run("palette", path, "-k", 4, "-o", out).exit_code == 0
    assert out.read_text() == palette_history(path, colors=4).to_csv()
    assert len(out.read_text().splitlines()) == 1 + 4 * FRAMES


def test_palette_svg_names_every_color_of_the_clip(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.svg"
    assert run("palette", path, "-k", 4, "-o", out).exit_code == 0
    fills = {shape.get("fill") for shape in ElementTree.parse(out).getroot()}
    colors = palette_history(path, colors=4).colors.reshape(-1, 3)
    assert fills == {"#" + color.tobytes().hex() for color in colors}


def test_a_palette_file_holds_the_whole_clips_palette_or_one_frames(
    path: Path, tmp_path: Path
) -> None:
    whole, one = tmp_path / "whole.hex", tmp_path / "one.hex"
    save_palettes(path, whole, colors=4)
    save_palettes(path, one, colors=4, frame=-1)
    history = palette_history(path, colors=4)
    assert one.read_text().split() == [color.tobytes().hex() for color in history.colors[-1]]
    pooled = palette_history(path, colors=4, mode="global")
    assert whole.read_text().split() == [color.tobytes().hex() for color in pooled.colors[0]]
    assert all((a == b).all() for a, b in pairwise(pooled.colors))


def test_a_frame_that_is_not_there_and_an_unknown_suffix_are_refused(
    path: Path, tmp_path: Path
) -> None:
    result = run("palette", path, "-o", tmp_path / "a.json", "--frame", 99)
    assert (result.exit_code, "there is no frame 99" in result.output) == (2, True)
    result = run("palette", path, "-o", tmp_path / "a.doc")
    assert (result.exit_code, "suffix '.doc'" in result.output) == (1, True)


def test_the_demo_shows_your_own_clip(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    result = run("demo", path, "-o", folder)
    assert result.exit_code == 0, result.output
    assert (folder / "clip-seeded-4.gif").exists()
    text = (folder / "index.html").read_text("utf-8")
    assert text.count('<section class="figure') == 6
    with pytest.raises(OutputError, match="already exists"):
        demo(folder, [path])
    assert run("demo", path, path, path, "-o", folder, "-f").exit_code == 2


def test_the_demo_of_two_clips_recolors_each_in_the_colors_of_the_other(
    path: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.gif"
    frames = np.random.default_rng(1).integers(0, 4, (3, 9, 14, 1)).astype(np.uint8) * 60
    still = Animation.from_arrays(frames.repeat(3, axis=3), 80)
    other.write_bytes(encode(list(api.quantize(still, 4)), loop=0))
    folder = tmp_path / "demo"
    index = demo(folder, [path, other])
    recolored = open_animation(folder / "clip-as-other-tone-5.gif")
    colors = {tuple(color) for frame in recolored for color in frame.colors[frame.weights > 0]}
    assert recolored.size == (WIDTH, HEIGHT)
    assert all(red == green == blue for red, green, blue in colors)  # as the other clip's are
    assert (folder / "other-as-clip-frequency-2.gif").exists()
    assert (folder / "clip-as-other-tone-smooth-10.gif").exists()
    assert not [file for file in folder.iterdir() if re.search("True|False|None", file.name)]
    text = index.read_text("utf-8")
    assert text.count('<section class="figure') == 12
    assert "<dt>inverted</dt>" in text


@pytest.mark.parametrize("by", ["weight", "equal"])
def test_palette_png_is_the_ribbon(path: Path, tmp_path: Path, by: Height) -> None:
    out = tmp_path / "out.png"
    assert run("palette", path, "-k", 4, "-o", out, "--by", by).exit_code == 0
    with Image.open(out) as image:
        drawn = np.asarray(image.convert("RGB"))
    assert np.array_equal(drawn, ribbon(palette_history(path, colors=4), by=by))

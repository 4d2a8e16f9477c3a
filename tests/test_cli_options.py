import json
from pathlib import Path

import click
import numpy as np
import pytest
from click.shell_completion import shell_complete
from click.testing import CliRunner, Result

from clips import indexed_clip
from steadyhue import cli
from steadyhue.cli import options
from steadyhue.cli.progress import Progress
from steadyhue.formats import open_animation, open_sink
from steadyhue.formats.palettes import read_palette
from steadyhue.words import DITHERS


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.main, ["quantize", *map(str, arguments)])


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    with open_sink(tmp_path / "clip.png", 53, 37) as sink:
        for frame in indexed_clip():
            sink.write(frame)
    return tmp_path / "clip.png"


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("0", 0), ("2.5", 2500), (".5", 500), ("1:30", 90000), ("1:00:01", 3.601e6)],
)
def test_times_are_seconds_or_clocks(text: str, milliseconds: float) -> None:
    assert options.seconds(text) == milliseconds


@pytest.mark.parametrize("text", ["", "-1", "x", "1:2:3:4", "nan", "inf", "1e3"])
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a time such as"):
        options.seconds(text)


@pytest.mark.parametrize("text", ["#ff8800", "FF8800", "f80", "#f80"])
def test_colors_are_hexadecimal(text: str) -> None:
    assert options.color(text) == (255, 136, 0)


@pytest.mark.parametrize("text", ["", "reddish", "#ff88", "#ff880000", "+1+1+1"])
def test_other_colors_are_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a color such as"):
        options.color(text)


def test_outputs_beside_may_be_standard_output(clip: Path) -> None:
    for option, key in (("--report", "settings"), ("--save-palette", "cuts")):
        result = run(clip, "-o", clip.with_name("out.gif"), "-f", option, "-")
        assert key in json.loads(result.stdout)
    result = run(clip, "-o", "-", "--report", "-")
    assert result.exit_code == 1
    assert "standard output is asked for twice" in result.output
    result = CliRunner().invoke(cli.main, ["palette", str(clip), "-o", "-"])
    assert "frames" in json.loads(result.stdout)


@pytest.mark.parametrize("suffix", [".gpl", ".hex", ".json", ".csv", ".act"])
def test_saved_palettes_are_what_their_suffix_says_and_can_be_read_again(
    clip: Path, suffix: str
) -> None:
    saved, out = clip.with_name(f"colors{suffix}"), clip.with_name("out.gif")
    assert run(clip, "-o", out, "-k", 3, "--save-palette", saved).exit_code == 0
    shown = {tuple(rgba[:3]) for f in open_animation(out) for rgba in f.rgba()[f.ids >= 0]}
    assert set(map(tuple, read_palette(saved).colors)) == shown
    assert run(clip, "-o", out, "-f", "--palette", saved).exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "o.txt"], "no format that can be written has the suffix '.txt'"),
        (["-o", "o.gif", "--save-palette", "p.txt"], "no palette can be written"),
        (["-o", "o.gif", "--save-labels", "l.txt"], "are written as .npz"),
        (["-o", "o.gif", "--report", ""], "names no file"),
    ],
)
def test_outputs_that_cannot_be_are_refused_before_the_input_is_opened(
    tmp_path: Path, words: list[str], said: str
) -> None:
    result = run(tmp_path / "missing.gif", *words)
    assert result.exit_code == 1
    assert said in result.output
    assert "missing" not in result.output


@pytest.mark.parametrize("option", ["--palette", "--keep-color"])
@pytest.mark.parametrize("text", ["nocolor", "", "#12"])
def test_what_is_no_color_is_wrong_usage_everywhere(clip: Path, option: str, text: str) -> None:
    result = run(clip, "-o", clip.with_name("out.gif"), option, text)
    assert result.exit_code == 2
    if text:
        assert f"{text!r} is not a color" in result.output


@pytest.mark.parametrize("words", ["quantize ", "quantize a.gif -o ", "measure ", "transfer "])
def test_shells_complete_names_of_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    monkeypatch.setenv("COMP_WORDS", f"steadyhue {words}")
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) + 1))
    assert shell_complete(cli.main, {}, "steadyhue", "_STEADYHUE_COMPLETE", "bash_complete") == 0
    assert capsys.readouterr().out == "file,\n"


def test_reading_options_reach_the_reader(clip: Path) -> None:
    out = clip.with_name("out.gif")
    reading = ["--start", ".02", "--every", 2, "-W", 20, "--matte", "fff"]
    assert run(clip, "-o", out, *reading).exit_code == 0
    frames = list(open_animation(out))
    assert [frame.duration for frame in frames] == [20, 140, 530]
    assert {(frame.width, frame.height, frame.has_transparency) for frame in frames} == {
        (20, 14, False)
    }


@pytest.mark.parametrize("dither", DITHERS[1:])
def test_dithering_keeps_to_the_palette(clip: Path, dither: str) -> None:
    out, report = clip.with_name("out.gif"), clip.with_name("report.json")
    arguments = ["-k", 3, "--dither", dither, "--dither-strength", 0.8, "--report", report]
    assert run(clip, "-o", out, *arguments).exit_code == 0
    told = json.loads(report.read_text())["frames"]
    for frame, said in zip(open_animation(out), told, strict=True):
        used = {
            "#{:02x}{:02x}{:02x}".format(*frame.colors[i]) for i in np.unique(frame.ids) if i >= 0
        }
        assert used <= set(said["palette"])
        assert sum(said["weights"]) == frame.weights.sum()


def test_labels_and_palettes_give_the_result_again(clip: Path) -> None:
    out, labels = clip.with_name("out.gif"), clip.with_name("labels.npz")
    assert run(clip, "-k", 5, "-o", out, "--save-labels", labels).exit_code == 0
    with np.load(labels) as arrays:
        for number, frame in enumerate(open_animation(out)):
            rgba = frame.rgba()
            opaque = rgba[..., 3] > 0
            slots = arrays["labels"][number]
            assert np.array_equal(opaque, slots != arrays["transparent"][number])
            assert np.array_equal(arrays["palettes"][number][slots[opaque]], rgba[opaque][:, :3])


@pytest.mark.parametrize("name", ["out.webp", "out.mkv", "out.npy", "pictures/%02d.png"])
def test_the_suffix_chooses_the_format(clip: Path, name: str) -> None:
    run(clip, "-k", 5, "-o", clip.with_name("out.gif"))
    assert run(clip, "-k", 5, "-o", clip.parent / name).exit_code == 0
    expected, got = open_animation(clip.with_name("out.gif")), open_animation(clip.parent / name)
    for a, b in zip(expected, got, strict=True):
        assert np.array_equal(a.rgba(), b.rgba())


def test_progress_tells_frames_rate_and_time_left() -> None:
    progress = Progress("a.gif", 100)
    for _ in range(20):
        progress.step()
    assert progress.line(2.0) == "a.gif  20/100 frames  10/s  0:08 left"
    assert Progress("a.gif", None).line(0.0) == "a.gif  0 frames  0/s"

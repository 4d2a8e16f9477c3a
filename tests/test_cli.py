import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image, ImageSequence

from steadyhue import cli
from steadyhue.formats import open_animation
from steadyhue.formats.gif import GifWriter
from steadyhue.frame import IndexedFrame
from steadyhue.settings import Settings
from steadyhue.words import MODES


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli.main, [str(a) for a in arguments], input=stdin)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Four frames of noise with delays 0, 1, 2 and 300 hundredths, played three times."""
    rng = np.random.default_rng(0)
    path = tmp_path / "clip.gif"
    with path.open("wb") as file, closing(GifWriter(file, 12, 9, loop=3)) as writer:
        palette = rng.integers(0, 256, (200, 3)).astype(np.uint8)
        for delay in (0, 10, 20, 3000):
            indices = rng.integers(0, 200, (9, 12)).astype(np.uint8)
            writer.write(IndexedFrame(indices, palette, float(delay)))
    return path


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("words", [["--help"], ["--version"], ["quantize", "--help"]])
def test_what_cannot_be_printed_is_a_sentence(words: list[str]) -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "steadyhue", *words]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (1, "Error: No space left on device\n")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from steadyhue.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'PIL', 'av', 'sklearn', 'scipy'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_file_alone_needs_nothing_that_draws(clip: Path) -> None:
    code = (
        "import sys; from steadyhue.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(*(name for name in sys.modules if name in ('steadyhue.figures', 'steadyhue.showcase')))"
    )
    words = ["quantize", str(clip), "-o", str(clip.with_name("out.gif"))]
    done = subprocess.run(
        [sys.executable, "-c", code, *words], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == []
    assert clip.with_name("out.gif").is_file()


def test_help_lists_every_command_as_its_own_help_begins() -> None:
    shown = run("--help").stdout
    for name, (told, imported) in cli.COMMANDS.items():
        assert imported().name == name
        assert (imported().help or "").startswith(told)
        assert name in shown


@pytest.mark.parametrize("mode", [m for m in MODES if m != "fixed"])
@pytest.mark.parametrize("k", [1, 2, 10, 256])
def test_quantize_keeps_size_delays_and_loop(clip: Path, mode: str, k: int) -> None:
    out = clip.with_name("out.gif")
    assert run("quantize", clip, "-k", k, "--mode", mode, "-o", out).exit_code == 0
    before, after = open_animation(clip), open_animation(out)
    assert (after.size, after.loop, after.n_frames) == (before.size, before.loop, 4)
    assert [f.duration for f in after] == [f.duration for f in before]
    assert max(len(np.unique(f.ids)) for f in after) <= k


def test_pillow_reads_the_result(clip: Path) -> None:
    out = clip.with_name("out.gif")
    run("quantize", clip, "-k", 4, "-o", out)
    ours = [frame.rgba()[..., :3] for frame in open_animation(out)]
    with Image.open(out) as image:
        pillows = [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]
    assert np.array_equal(ours, pillows)


def test_nothing_is_overwritten_without_force(clip: Path) -> None:
    out = clip.with_name("out.gif")
    out.write_bytes(b"mine")
    result = run("quantize", clip, "-o", out)
    assert result.exit_code == 1
    assert "out.gif" in result.output
    assert out.read_bytes() == b"mine"
    assert run("quantize", clip, "-o", out, "--force").exit_code == 0
    assert out.read_bytes().startswith(b"GIF89a")


def test_bad_input_gets_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.gif"
    bad.write_bytes(b"GIF89a no")
    result = run("quantize", bad, "-o", tmp_path / "out.gif")
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "bad.gif" in result.output
    assert result.output.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["bad.gif"]


def test_a_truncated_file_is_converted_with_a_warning(clip: Path) -> None:
    clip.write_bytes(clip.read_bytes()[:-60])
    out = clip.with_name("out.gif")
    result = run("quantize", clip, "-o", out)
    assert result.exit_code == 0
    assert result.output.startswith("Warning: ")
    assert result.output.count("\n") == 1
    assert open_animation(out).n_frames == 4


def test_a_missing_file_gets_one_sentence(tmp_path: Path) -> None:
    result = run("quantize", tmp_path / "none.gif", "-o", tmp_path / "out.gif")
    assert result.exit_code == 1
    assert "none.gif" in result.output
    assert result.output.count("\n") == 1


def test_wrong_usage_exits_with_2(clip: Path) -> None:
    assert run("quantize", clip, "-k", 0, "-o", "x.gif").exit_code == 2
    assert run("quantize", clip).exit_code == 2
    assert run("quantize", clip, clip.with_name("b.gif"), "-o", "-").exit_code == 2


def test_several_inputs_go_into_a_folder(clip: Path) -> None:
    other = clip.with_name("other.gif")
    other.write_bytes(clip.read_bytes())
    folder = clip.with_name("out")
    assert run("quantize", clip, other, "-k", 3, "-o", folder).exit_code == 0
    assert sorted(p.name for p in folder.glob("*.gif")) == ["clip.gif", "other.gif"]


def test_pipes_give_the_same_bytes_as_files(clip: Path) -> None:
    out = clip.with_name("out.gif")
    run("quantize", clip, "-k", 5, "-o", out)
    command = [sys.executable, "-m", "steadyhue", "quantize", "-", "-k", "5", "-o", "-"]
    piped = subprocess.run(command, input=clip.read_bytes(), capture_output=True, check=True)
    assert piped.stdout == out.read_bytes()


def test_reports_describe_each_frame(clip: Path) -> None:
    out, report, palette = (clip.with_name(n) for n in ("out.gif", "report.json", "palette.json"))
    run("quantize", clip, "-k", 4, "-o", out, "--report", report, "--save-palette", palette)
    told = json.loads(report.read_text())
    assert told["settings"] == Settings.of(4).to_dict()
    assert told["loop"] == 3
    assert [frame["duration"] for frame in told["frames"]] == [0, 10, 20, 3000]
    assert all(sum(frame["weights"]) == 12 * 9 for frame in told["frames"])
    slots = [frame["slots"] for frame in json.loads(palette.read_text())["frames"]]
    assert [[slot["color"] for slot in row] for row in slots] == [
        frame["palette"] for frame in told["frames"]
    ]
    again = run("quantize", clip, "--palette", palette, "-o", out, "--force")
    assert again.exit_code == 0, again.output


def test_the_same_seed_gives_the_same_bytes(clip: Path) -> None:
    def result(seed: int) -> bytes:
        out = clip.with_name("out.gif")
        run("quantize", clip, "--mode", "independent", "--seed", seed, "-o", out, "--force")
        return out.read_bytes()

    assert result(1) == result(1) != result(2)


def test_measure_prints_a_line_for_each_output(clip: Path) -> None:
    out = clip.with_name("out.gif")
    run("quantize", clip, "-k", 4, "-o", out)
    result = run("measure", clip, out, clip)
    assert result.exit_code == 0
    header, reduced, copy = result.output.splitlines()
    assert header.split()[:6] == ["output", "frames", "cuts", "colors", "kB", "error"]
    assert reduced.split()[1:4:2] == ["4", "4"]
    assert copy.split()[5] == "0.0"


def test_measure_prints_json(clip: Path) -> None:
    result = run("measure", clip, clip, "--json", "--no-ratio")
    (found,) = json.loads(result.output)
    assert (found["error"], found["ratio"], found["size"]) == (0, None, clip.stat().st_size)


def test_measure_refuses_another_size_in_one_sentence(clip: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.gif"
    Image.new("RGB", (3, 3)).save(other)
    result = run("measure", clip, other)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "only pictures of one size can be compared" in result.output

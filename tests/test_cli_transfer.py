from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import steadyhue as sh
from steadyhue.cli import main

REFERENCE = "#1b1030,#7a4a6a,#c86e5a,#fff0d0"


@pytest.fixture
def clip(tmp_path: Path) -> str:
    rng = np.random.default_rng(0)
    frames = np.repeat(rng.integers(0, 256, (1, 12, 16, 3), np.uint8), 3, 0)
    frames[1:, :4] //= 2
    path = str(tmp_path / "clip.gif")
    sh.quantize(sh.Animation.from_arrays(frames, 100), 64, mode="global").save(path)
    return path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, [*words])


def colors(path: str | Path) -> set[str]:
    frames = np.concatenate([frame.rgba().reshape(-1, 4)[:, :3] for frame in sh.open(path)])
    return {f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.unique(frames, axis=0).tolist()}


def test_transfer_shows_only_reference_colors(clip: str, tmp_path: Path) -> None:
    out = tmp_path / "out.gif"
    result = run("transfer", clip, "--from", REFERENCE, "-o", str(out), "-k", "6")
    assert result.exit_code == 0, result.output
    assert colors(out) <= set(REFERENCE.split(","))
    assert [frame.duration for frame in sh.open(out)] == [100] * 3


def test_a_map_is_saved_may_be_edited_and_is_used_again(clip: str, tmp_path: Path) -> None:
    saved, out = tmp_path / "map.json", str(tmp_path / "out.gif")
    first = run("transfer", clip, "--from", REFERENCE, "--map", str(saved), "-o", out)
    assert first.exit_code == 0, first.output
    value = json.loads(saved.read_text())
    for pair in value["map"]:
        pair["target"] = "#123456"
    saved.write_text(json.dumps(value))
    second = run("transfer", clip, "--map", str(saved), "-o", out, "--force")
    assert second.exit_code == 0, second.output
    assert colors(out) == {"#123456"}


def test_a_map_that_is_there_is_kept_unless_forced(clip: str, tmp_path: Path) -> None:
    saved, out = tmp_path / "map.json", str(tmp_path / "out.gif")
    saved.write_text("mine")
    words = ["transfer", clip, "--from", REFERENCE, "--map", str(saved), "-o", out]
    result = run(*words)
    assert result.exit_code == 1
    assert "map.json: already exists" in result.output
    assert saved.read_text() == "mine"
    assert not Path(out).exists()
    assert run(*words, "--force").exit_code == 0
    assert saved.read_text().startswith("{")


def test_smooth_transfer_saves_its_table(clip: str, tmp_path: Path) -> None:
    out, cube = str(tmp_path / "out.gif"), tmp_path / "look.cube"
    result = run(
        "transfer", clip, "--from", REFERENCE, "--smooth", "--save-lut", str(cube), "-o", out
    )
    assert result.exit_code == 0, result.output
    assert cube.read_text().startswith("TITLE")
    assert len(colors(out)) > 16


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([], "--from"),
        (["--from", "no-such-thing"], "neither a palette file"),
        (["--from", REFERENCE, "--mode", "seeded", "--map", "m.json"], "--mode global"),
        (["--from", REFERENCE, "--mode", "seeded", "--smooth"], "mode 'global'"),
    ],
)
def test_wrong_options_are_explained(
    words: list[str], reason: str, clip: str, tmp_path: Path
) -> None:
    result = run("transfer", clip, *words, "-o", str(tmp_path / "out.gif"))
    assert result.exit_code != 0
    assert reason in result.output
    assert not (tmp_path / "out.gif").exists()


def test_quantize_takes_a_palette_of_files_and_lists(clip: str, tmp_path: Path) -> None:
    listed, filed = tmp_path / "listed.gif", tmp_path / "filed.gif"
    (tmp_path / "four.hex").write_text(REFERENCE.replace(",", "\n"))
    for palette, out in ((REFERENCE, listed), (str(tmp_path / "four.hex"), filed)):
        result = run("quantize", clip, "--palette", palette, "-o", str(out))
        assert result.exit_code == 0, result.output
    assert listed.read_bytes() == filed.read_bytes()
    assert colors(listed) <= set(REFERENCE.split(","))


@pytest.mark.parametrize("mode", ["steady", "seeded", "global"])
def test_kept_colors_are_in_every_palette(mode: str, clip: str) -> None:
    result = sh.quantize(clip, 5, mode=mode, keep=[[255, 0, 0], [1, 2, 3]])
    list(result)
    assert result.palettes.shape == (3, 5, 3)
    assert (result.palettes[:, 3:] == [[255, 0, 0], [1, 2, 3]]).all()


def test_keep_color_counts_among_the_colors(clip: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out.gif")
    assert run("quantize", clip, "-k", "3", "--keep-color", "f00", "-o", out).exit_code == 0
    result = run("quantize", clip, "-k", "1", "--keep-color", "f00", "-o", out, "--force")
    assert result.exit_code == 2
    assert "leaves none of the 1 to find" in result.output

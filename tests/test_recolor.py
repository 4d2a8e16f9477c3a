from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import steadyhue as sh
from steadyhue.formats.palettes import encode_palette
from steadyhue.palettemap import match
from steadyhue.reference import reference_palette

REFERENCE = "#1b1030,#3c2a5a,#7a4a6a,#c86e5a,#f2b27a,#fff0d0"


def pictures(n: int = 6, seed: int = 0) -> NDArray[np.uint8]:
    """Return a still picture of soft gradients with a patch that moves."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:24, :32]
    still = np.stack([7 * x, 8 * y, 100 + 2 * x], -1) + rng.integers(0, 3, (24, 32, 3))
    frames = np.repeat(still[None], n, 0).astype(np.uint8)
    for t in range(n):
        frames[t, 4:10, 3 * t : 3 * t + 6] = [250, 240, 20]
    return frames


def clip(n: int = 6) -> sh.Animation:
    return sh.Animation.from_arrays(pictures(n), 80, loop=3)


def shown(result: sh.Result) -> NDArray[np.uint8]:
    return np.stack([frame.rgba() for frame in result])


@pytest.mark.parametrize("smooth", [False, True])
def test_still_pixels_stay_exactly_still(smooth: bool) -> None:
    source, output = pictures(), shown(sh.transfer(clip(), REFERENCE, 5, smooth=smooth))
    still = (source[1:] == source[:-1]).all(-1)
    assert still.any()
    assert (output[1:] == output[:-1]).all(-1)[still].all()


@pytest.mark.parametrize("mode", ["global", "steady", "seeded"])
def test_only_colors_of_the_reference_are_shown(mode: str) -> None:
    output = shown(sh.transfer(clip(), REFERENCE, 5, mode=mode))[..., :3].reshape(-1, 3)
    allowed = {tuple(color) for color in sh.Palette.from_hex(REFERENCE).colors.tolist()}
    assert {tuple(color) for color in output.tolist()} <= allowed


def test_a_slot_keeps_its_target_while_its_cluster_lives() -> None:
    result = sh.transfer(clip(12), REFERENCE, 5, mode="seeded")
    list(result)
    assert len(np.unique(result.palettes, axis=0)) <= 2  # the patch may come to a slot once


def test_a_clip_in_its_own_palette_is_its_quantized_self() -> None:
    plain = sh.quantize(clip(), 5, mode="global")
    expected = np.stack([frame.rgba() for frame in plain])
    own = sh.Palette(plain.palettes[0], plain.weights.sum(0))
    assert (shown(sh.transfer(clip(), own, 5)) == expected).all()


def test_the_order_of_the_frames_changes_nothing() -> None:
    source = pictures()
    turned = sh.Animation.from_arrays(source[::-1], 80)
    assert (
        shown(sh.transfer(turned, REFERENCE, 5))[::-1] == shown(sh.transfer(clip(), REFERENCE, 5))
    ).all()


def test_frames_times_and_loop_are_kept() -> None:
    result = sh.transfer(clip(), REFERENCE, 4)
    assert [frame.duration for frame in result] == [80.0] * 6
    assert (result.loop, result.width, result.height) == (3, 32, 24)


def test_a_map_given_again_gives_the_same_result() -> None:
    for smooth in (False, True):
        first = sh.transfer(clip(), REFERENCE, 5, smooth=smooth)
        expected = shown(first)
        again = sh.transfer(clip(), smooth=smooth, palette_map=first.map)
        assert (shown(again) == expected).all()


def test_transparent_pixels_stay_transparent() -> None:
    frames = np.concatenate([pictures(2), np.full((2, 24, 32, 1), 255, np.uint8)], -1)
    frames[:, :5] = 0
    for smooth in (False, True):
        output = shown(sh.transfer(sh.Animation.from_arrays(frames), REFERENCE, 4, smooth=smooth))
        assert (output[:, :5] == 0).all()
        assert (output[:, 5:, :, 3] == 255).all()


def test_a_fade_to_black_ends_in_the_darkest_color() -> None:
    fade = [(pictures(1)[0] * (1 - t / 10)).astype(np.uint8) for t in range(11)]
    for mode in ("global", "steady", "seeded"):
        last = shown(sh.transfer(sh.Animation.from_arrays(fade), REFERENCE, 6, mode=mode))[-1]
        assert len(np.unique(last.reshape(-1, 4), axis=0)) == 1
        assert last[0, 0, :3].tolist() == [0x1B, 0x10, 0x30]


def test_references_may_be_palettes_files_lists_pictures_and_clips(tmp_path: Path) -> None:
    names = ["#102030", "#405060", "#708090"]
    palette = sh.Palette.from_hex(names)
    (tmp_path / "three.gpl").write_bytes(encode_palette(palette, ".gpl"))
    picture = np.repeat(palette.colors[None], 2, 0)
    for reference, expected in (
        (palette, names),
        (tmp_path / "three.gpl", names),
        ("#102030,#405060,#708090", names),
        ("102030", names[:1]),
        ("navy", ["#000080"]),
        (palette.colors, names),
        (names[:2], names[:2]),
        (picture, names),
        (sh.Animation.from_arrays([picture], 50), names),
    ):
        found = reference_palette(reference, 5)
        assert list(found.hex) == expected
        assert np.allclose(found.shares, 1 / len(expected))


def test_frames_of_a_reference_count_by_their_time() -> None:
    frames = [np.full((2, 2, 3), value, np.uint8) for value in (10, 200)]
    found = reference_palette(sh.Animation.from_arrays(frames, [100, 300]))
    assert found.shares.tolist() == [0.25, 0.75]


def test_a_picture_gives_as_many_colors_as_are_asked_for() -> None:
    assert len(reference_palette(clip(), 7)) == 7
    result = sh.transfer(clip(), clip(), 4, reference_colors=9)
    assert len(result.recoloring.target) == 9


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(ValueError, match="either a reference or a map"):
        sh.transfer(clip())
    palette = sh.Palette.from_hex("#fff")
    with pytest.raises(ValueError, match="either a reference or a map"):
        sh.transfer(clip(), palette, palette_map=match(palette, palette))
    with pytest.raises(ValueError, match="for a transfer, got 'independent'"):
        sh.transfer(clip(), REFERENCE, mode="independent")
    with pytest.raises(ValueError, match="a smooth transfer and one by a map need mode 'global'"):
        sh.transfer(clip(), REFERENCE, mode="seeded", smooth=True)
    with pytest.raises(ValueError, match="colors must be"):
        sh.transfer(clip(), REFERENCE, 300)
    with pytest.raises(sh.OptionError, match="neither a palette file"):
        sh.transfer(clip(), "nothing-here")
    with pytest.raises(sh.OptionError, match="palette_map must be a PaletteMap, got 3"):
        sh.transfer(clip(), palette_map=3)
    with pytest.raises(sh.OptionError, match="smooth must be True or False"):
        sh.transfer(clip(), REFERENCE, smooth="yes")


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"match": "nearest"}, "match"),
        ({"spread": 0.5}, "spread"),
        ({"reference_colors": 3}, "reference_colors"),
        ({"colors": 4, "smooth": True}, "colors"),
    ],
)
def test_what_a_map_says_already_is_refused(options: dict[str, object], name: str) -> None:
    made = sh.transfer(clip(), REFERENCE, 3)
    list(made)
    with pytest.raises(sh.OptionError, match=f"^{name} has no effect"):
        sh.transfer(clip(), palette_map=made.map, **options)


def test_a_reference_that_says_its_colors_takes_no_number_of_them() -> None:
    for reference in ("#000,#fff", ["black", "white"], sh.Palette([[0, 0, 0], [9, 9, 9]])):
        with pytest.raises(sh.OptionError, match="reference_colors has no effect"):
            sh.transfer(clip(), reference, reference_colors=2)


def test_a_fully_transparent_reference_is_refused() -> None:
    empty = sh.Animation.from_arrays([np.zeros((2, 2, 4), np.uint8)])
    with pytest.raises(ValueError, match="fully transparent"):
        sh.transfer(clip(), empty)

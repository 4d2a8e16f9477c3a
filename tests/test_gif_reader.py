"""GIFs are read as browsers show them."""

from __future__ import annotations

import configparser
import io
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import ROOT, files, needs_corpus
from gifs import BLUE, GREEN, PALETTE, RED, YELLOW, control, image, loop, screen
from steadyhue.errors import FormatError, FormatWarning, LimitError
from steadyhue.formats import Limits, open_animation
from steadyhue.formats.gif import read_gif
from steadyhue.frame import Frame

END = b";"
FULL = image(0, 0, 4, 4, [0] * 16)  # red
SMALL = image(1, 1, 2, 2, [1] * 4)  # green
CORNER = image(2, 2, 2, 2, [2] * 4)  # blue


def picture(frame: Frame) -> str:
    """Draw a frame: a letter a pixel, a dot where it is transparent."""
    letters = {(*RED, 255): "R", (*GREEN, 255): "G", (*BLUE, 255): "B", (*YELLOW, 255): "Y"}
    letters |= {(0, 0, 0, 255): "k", (0, 0, 0, 0): "."}
    return " ".join("".join(letters[tuple(p)] for p in row) for row in frame.rgba().tolist())


def pictures(data: bytes) -> list[str]:
    return [picture(frame) for frame in open_animation(data)]


@pytest.mark.parametrize(
    ("disposal", "third"),
    [
        (0, "RRRR RGGR RGBB RRBB"),
        (1, "RRRR RGGR RGBB RRBB"),
        (2, "RRRR R..R R.BB RRBB"),
        (3, "RRRR RRRR RRBB RRBB"),
        (4, "RRRR RRRR RRBB RRBB"),
        (5, "RRRR RGGR RGBB RRBB"),
    ],
)
def test_disposals_keep_clear_or_restore(disposal: int, third: str) -> None:
    data = screen() + control() + FULL + control(disposal) + SMALL + control() + CORNER + END
    assert pictures(data) == ["RRRR " * 3 + "RRRR", "RRRR RGGR RGGR RRRR", third]


def test_restoring_over_a_cleared_box_leaves_it_clear() -> None:
    dot = image(0, 0, 1, 1, [3])
    data = screen() + FULL + control(2) + SMALL + control(3) + CORNER + dot + END
    assert pictures(data)[2:] == ["RRRR R..R R.BB RRBB", "YRRR R..R R..R RRRR"]


def test_an_image_shows_only_where_it_is_opaque() -> None:
    stripes = image(0, 0, 4, 4, [0, 1, 2, 3] * 4)
    data = screen() + FULL + control(1, transparent=1) + stripes + END
    assert pictures(data)[1] == " ".join(["RRBY"] * 4)
    assert pictures(screen() + control(1, transparent=1) + stripes + END) == [
        " ".join(["R.BY"] * 4)
    ]


def test_the_first_image_may_enlarge_the_canvas_and_later_ones_are_cut() -> None:
    assert pictures(screen(2, 2) + FULL + END) == [" ".join(["RRRR"] * 4)]
    assert pictures(screen(2, 2) + image(0, 0, 2, 2, [1] * 4) + FULL + END) == ["GG GG", "RR RR"]
    outside = image(5, 5, 2, 2, [1] * 4)
    assert pictures(screen(2, 2) + image(0, 0, 2, 2, [1] * 4) + outside + END)[1] == "GG GG"


def test_local_palettes_stand_before_the_global_one() -> None:
    swapped = image(0, 0, 1, 1, [0], palette=bytes([*BLUE, *RED]))
    assert pictures(screen(1, 1) + image(0, 0, 1, 1, [0]) + swapped + END) == ["R", "B"]


def test_what_no_palette_names_is_black() -> None:
    assert pictures(screen(2, 1, b"") + image(0, 0, 2, 1, [0, 3]) + END) == ["kk"]
    short = bytes([*RED, *GREEN])
    assert pictures(screen(4, 1, short) + image(0, 0, 4, 1, [0, 1, 2, 3]) + END) == ["RGkk"]


def test_interlaced_rows_come_in_four_passes() -> None:
    rows = [0] * 2 + [1] * 1 + [2] * 3 + [3] * 5  # rows 0 8, 4, 2 6 10, odd ones
    assert pictures(screen(1, 11) + image(0, 0, 1, 11, rows, interlaced=True) + END) == [
        "R Y B Y G Y B Y R Y B"
    ]


@pytest.mark.parametrize(
    ("block", "plays"), [(b"", 1), (loop(0), 0), (loop(1), 2), (loop(65535), 65536)]
)
def test_the_loop_is_the_count_to_play(block: bytes, plays: int) -> None:
    assert open_animation(screen() + block + FULL + SMALL + END).loop == plays


def test_the_last_loop_counts_wherever_it_stands() -> None:
    assert (
        open_animation(screen() + loop(3) + FULL + loop(7, b"ANIMEXTS1.0") + SMALL + END).loop == 8
    )
    other = b"!\xff\x0bNETSCAPE2.0\x03\x02\x05\x00\x00"  # a buffer size
    assert open_animation(screen() + other + FULL + SMALL + END).loop == 1


def test_durations_are_the_files_own() -> None:
    data = screen() + control(delay=0) + FULL + control(delay=1) + SMALL + CORNER + END
    assert [frame.duration for frame in open_animation(data)] == [0, 10, 0]


def test_frames_share_colors_and_stay_as_they_were() -> None:
    kept = list(open_animation(screen() + FULL + control(2) + SMALL + CORNER + END))
    assert kept[0].colors is kept[1].colors is kept[2].colors
    assert picture(kept[0]) == "RRRR RRRR RRRR RRRR"
    with pytest.raises(ValueError, match="read-only"):
        kept[0].ids[0] = 1


def test_weights_count_the_pixels_of_each_color() -> None:
    data = screen() + FULL + control(2) + SMALL + control(1, transparent=2) + CORNER + END
    for frame in open_animation(data):
        expected = np.bincount(frame.ids[frame.ids >= 0], minlength=len(frame.colors))
        assert np.array_equal(frame.weights, expected)


def test_the_color_table_does_not_grow_with_the_number_of_palettes() -> None:
    rng = np.random.default_rng(1)
    dots = []
    for i in range(300):
        palette = rng.integers(0, 256, 12, np.uint8).tobytes()
        dots.append(image(i % 4, i // 4 % 4, 1, 1, [i % 4], palette))
    frames = list(open_animation(screen() + FULL + b"".join(dots) + END))
    many = [rng.integers(0, 256, 768, np.uint8).tobytes() for _ in range(40)]
    noise = b"".join(
        image(0, 0, 4, 4, list(range(0, 256, 16)), palette, literal_width=8) for palette in many
    )
    frames += open_animation(screen() + FULL + noise + END)
    assert max(len(frame.colors) for frame in frames) < 2048 + 3 * 256
    for frame in frames:
        expected = np.bincount(frame.ids[frame.ids >= 0], minlength=len(frame.colors))
        assert np.array_equal(frame.weights, expected)
    last = np.frombuffer(many[-1], np.uint8).reshape(256, 3)[::16]
    assert np.array_equal(frames[-1].rgba()[..., :3].reshape(-1, 3), last)


def test_paths_files_and_bytes_read_alike(tmp_path: Path) -> None:
    data = screen() + FULL + SMALL + END
    path = tmp_path / "a.gif"
    path.write_bytes(data)
    for source in (path, str(path), data, io.BytesIO(data)):
        clip = open_animation(source)
        for _ in range(2):
            assert [picture(frame) for frame in clip] == pictures(data)
    assert open_animation(path).name == str(path)


def test_garbage_after_the_end_mark_is_nobody_s_business() -> None:
    assert len(pictures(screen() + FULL + END + b"garbage" + SMALL)) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "too short"),
        (b"\x89PNG\r\n\x1a\n", "starts with"),
        (screen()[:-3], "inside its header"),
        (screen() + END, "no image"),
        (screen(0, 4) + END, "no image"),
        (screen() + b"\x77" + FULL, "no image"),
        (screen(0, 0) + image(0, 0, 0, 3, []) + END, "0x3 pixels"),
    ],
)
def test_what_is_no_gif_is_refused_in_one_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=f"^clip: [^\n]*{reason}[^\n]*$"):
        list(read_gif(data, "clip", Limits()).items())


def test_a_broken_first_image_is_refused() -> None:
    with pytest.raises(FormatError, match="first image of the GIF file is broken"):
        list(open_animation(screen() + image(0, 0, 4, 4, [0] * 16, literal_width=9) + SMALL + END))


@pytest.mark.parametrize("cut", range(1, len(SMALL)))
def test_of_a_file_that_ends_early_all_whole_pixels_are_shown(cut: int) -> None:
    clip = open_animation(screen() + FULL + SMALL[:-cut])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frames = list(clip)
    assert len(frames) == clip.n_frames
    assert picture(frames[0]) == "RRRR RRRR RRRR RRRR"
    if cut > 1:  # without its last byte the chain is open, but all codes are there
        assert [w.category for w in caught] == [FormatWarning]
        assert str(caught[0].message).startswith("bytes: ")


def test_a_broken_image_shows_what_came_before_and_the_next_one_follows() -> None:
    broken = image(0, 0, 4, 4, [1] * 5)
    with pytest.warns(FormatWarning, match="image 2 of the GIF file is cut short, 5 of 16 pixels"):
        assert pictures(screen() + FULL + broken + SMALL + END) == [
            "RRRR RRRR RRRR RRRR",
            "GGGG GRRR RRRR RRRR",
            "GGGG GGGR RGGR RRRR",
        ]


def test_limits_are_checked_when_the_file_is_opened() -> None:
    with pytest.raises(LimitError, match="bytes: a canvas of 65535x65535"):
        open_animation(screen(65535, 65535) + FULL + END)
    with pytest.raises(LimitError, match="65535x65535"):
        open_animation(screen() + FULL + image(0, 0, 65535, 65535, [0]) + END)
    with pytest.raises(LimitError, match="3 frames"):
        open_animation(screen() + FULL * 3 + END, limits=Limits(frames=2))
    with pytest.raises(LimitError, match="limit of 40 pixels"):
        open_animation(screen() + FULL * 3 + END, limits=Limits(total=40))


def outcome(data: bytes) -> list[Frame] | str:
    """Read all frames, or tell the refusal; anything else is a failure."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FormatWarning)
        try:
            return list(open_animation(data, limits=Limits(canvas=1_000_000, total=20_000_000)))
        except FormatError as error:
            return str(error)


WHOLE = (
    screen()
    + loop(3)
    + control(2, 1)
    + FULL
    + control(3)
    + SMALL
    + image(0, 0, 4, 4, list(range(4)) * 4, PALETTE[::-1], True)
    + END
)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=8))
@settings(max_examples=400)
def test_any_damage_ends_in_frames_or_one_sentence(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for at, value in changes:
        data[at] = value
    found = outcome(bytes(data))
    if isinstance(found, str):
        assert "\n" not in found
        return
    for frame in found:
        assert frame.ids.max() < len(frame.colors)
        assert frame.weights.sum() == (frame.ids >= 0).sum()


@given(st.binary(max_size=400))
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_after_the_header_end_in_frames_or_one_sentence(data: bytes) -> None:
    outcome(screen() + b"," + data)
    outcome(screen() + data)


@needs_corpus
@pytest.mark.parametrize(
    "path", files("malformed/*.gif") + files("tricky/**/*.gif"), ids=lambda p: p.stem
)
def test_hostile_files_end_soon_in_frames_or_one_sentence(path: Path) -> None:
    start = time.process_time()
    refusal = refusal_of(path)
    assert time.process_time() - start < 10
    assert refusal is None or (refusal.startswith(f"{path}: ") and "\n" not in refusal)


def refusal_of(path: Path) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FormatWarning)
        try:
            for _ in open_animation(path):
                pass
        except FormatError as error:
            return str(error)
    return None


# Where Chromium and a case differ we follow Chromium (docs/gif.md lists the reasons).
BROWSERS_DIFFER = {
    "animation-multi-image", "animation-multi-image-explicit-zero-delay", "dispose-restore-previous",
    "gif87a-animation", "high-color", "image-outside-bg", "image-overlap-bg", "image-zero-height",
    "image-zero-size", "image-zero-width", "images-combine", "images-overlap", "invalid-colors",
    "max-codes", "no-data", "plain-text",
}  # fmt: skip
PYGIF = ROOT / "tricky" / "pygif"


@needs_corpus
@pytest.mark.parametrize("case", sorted(path.stem for path in PYGIF.glob("*.conf")))
def test_pygif_cases_pass_unless_browsers_differ(case: str) -> None:
    expected = configparser.ConfigParser()
    expected.read_string((PYGIF / f"{case}.conf").read_text())
    passed = _passes(expected)
    assert passed == (case not in BROWSERS_DIFFER)


def _passes(expected: configparser.ConfigParser) -> bool:
    config = expected["config"]
    sections = [expected[name] for name in config["frames"].split(",") if name]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FormatWarning)
            clip = open_animation(PYGIF / config["input"])
            frames = list(clip)
    except FormatError:
        return not sections
    plays = 0 if config["loop-count"] == "infinite" else int(config["loop-count"]) + 1
    size = int(config["width"]), int(config["height"])
    return (clip.size, clip.loop, len(frames)) == (size, plays, len(sections)) and all(
        _shows(frame, section) for frame, section in zip(frames, sections, strict=True)
    )


def _shows(frame: Frame, section: configparser.SectionProxy) -> bool:
    pixels = np.fromfile(PYGIF / section["pixels"], np.uint8).reshape(-1, 4)
    pixels[pixels[:, 3] == 0] = 0
    delay = section.getint("delay", fallback=0)
    return frame.duration == 10 * delay and np.array_equal(frame.rgba().reshape(-1, 4), pixels)

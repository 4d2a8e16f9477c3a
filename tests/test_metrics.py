"""Every figure against numbers worked out by hand; greys make them easy: black to white is 100 OKLab."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus import files, needs_corpus
from steadyhue.errors import FormatError
from steadyhue.formats import open_animation
from steadyhue.frame import Animation, Frame
from steadyhue.metrics import compare, error_ratios, measure, palette_drift
from steadyhue.metrics.measurement import table
from steadyhue.stillness import STILL

WHITE_SQUARED = 3 * 255**2


def film(*frames: list[int], loop: int = 1, durations: float | list[float] = 100.0) -> Animation:
    """Return grey frames of one row of pixels each."""
    arrays = [np.array([row], np.uint8) for row in frames]
    return Animation.from_arrays(arrays, durations, loop=loop, name="film")


def see_through(*frames: list[int | None]) -> Animation:
    """Return grey frames of one row; None is transparent."""
    arrays = []
    for row in frames:
        array = np.zeros((1, len(row), 4), np.uint8)
        for x, grey in enumerate(row):
            array[0, x] = (0, 0, 0, 0) if grey is None else (grey, grey, grey, 255)
        arrays.append(array)
    return Animation.from_arrays(arrays, loop=1)


def test_a_perfect_copy_scores_zero() -> None:
    clip = film([0, 50, 255], [0, 60, 255])
    found = measure(clip, clip)
    assert (found.error, found.oklab, found.total) == (0, 0, 0)
    assert found.still.share == found.static.share == found.still.excess == 0


def test_squared_error_sums_the_channels_and_averages_the_pixels() -> None:
    source = Animation.from_arrays([np.array([[[10, 20, 30], [1, 1, 1]]], np.uint8)])
    output = Animation.from_arrays([np.array([[[11, 22, 33], [1, 1, 1]]], np.uint8)])
    assert measure(source, output).error == (1 + 4 + 9) / 2


def test_errors_are_kept_by_frame_and_the_worst_is_named() -> None:
    found = measure(film([10, 10], [10, 10]), film([11, 10], [12, 12]))
    assert found.errors == (1.5, 12)
    assert (found.error, found.worst_error) == (6.75, 12)


def test_black_for_white_is_100_oklab() -> None:
    assert measure(film([255, 0]), film([0, 0])).oklab == pytest.approx(50, abs=1e-4)


def test_flicker_is_the_change_of_the_output_where_the_source_is_still() -> None:
    source = film([9, 9, 9, 9], [9, 9, 9, 9], [9, 9, 9, 9])
    found = measure(source, film([0, 0, 0, 0], [255, 0, 0, 0], [255, 0, 0, 0]))
    assert found.still == found.static
    assert found.still.share == 1 / 8
    assert found.still.change == pytest.approx(100 / 8, abs=1e-4)
    assert found.still.squared == WHITE_SQUARED / 8
    assert found.still.worst_share == 1 / 4
    assert found.still.worst_change == pytest.approx(100 / 4, abs=1e-4)
    assert (found.still.coverage, found.still.pixels) == (1, 8)


def test_still_pixels_move_by_at_most_six_levels_and_static_ones_not_at_all() -> None:
    source = film([100, 100, 100], [100, 100 + STILL, 100 + STILL + 1])
    found = measure(source, film([0, 0, 0], [1, 1, 1]))
    assert found.static.coverage == pytest.approx(1 / 3)
    assert found.still.coverage == pytest.approx(2 / 3)
    assert found.static.share == found.still.share == 1


def test_every_channel_must_be_still() -> None:
    before = np.array([[[50, 50, 50]]], np.uint8)
    source = Animation.from_arrays([before, before + np.array([0, 0, 7], np.uint8)])
    assert measure(source, source).still.coverage == 0


def test_total_is_error_plus_squared_change_per_pixel_of_the_picture() -> None:
    # One of two pixels is still and moves by two levels in each channel: 12 over 2 pixels.
    found = measure(film([0, 0], [0, 200]), film([0, 0], [2, 200]))
    assert found.still.squared == 12 / 2
    assert found.error == (0 + 12 / 2) / 2
    assert found.total == found.error + found.still.squared


def test_a_black_film_holds_still_but_has_an_error() -> None:
    found = measure(film([9, 90], [90, 9]), film([0, 0], [0, 0]))
    assert found.still.share == 0
    assert found.error == 3 * (81 + 8100) / 2


def test_excess_is_what_still_pixels_change_beyond_their_source() -> None:
    source = film([0, 100, 100, 100], [255, 103, 100, 100])
    assert measure(source, source).still.excess == 0
    assert measure(source, film([0, 0, 0, 0], [0, 0, 0, 0])).still.excess == 0
    assert measure(source, film([0, 0, 0, 0], [255, 0, 0, 0])).still.excess == 0  # it moves
    assert measure(source, film([0, 0, 0, 0], [0, 0, 0, 255])).still.excess == pytest.approx(
        100 / 3
    )
    found = measure(source, film([0, 90, 0, 0], [0, 96, 0, 0])).still
    assert 0 < found.excess < found.change


def test_a_jump_is_a_change_that_is_seen() -> None:
    source = film([90] * 4, [90] * 4)
    found = measure(source, film([90] * 4, [90, 92, 96, 120]))
    assert (found.still.share, found.still.jumps) == (3 / 4, 1 / 4)


def test_the_worst_frame_needs_one_per_cent_of_still_pixels() -> None:
    source = film([0] + [0, 255] * 50, [0] + [255, 0] * 50)
    found = measure(source, film([0] * 101, [255] * 101))
    assert found.still.share == 1
    assert found.still.worst_share == 0


# Cuts


def test_flicker_is_not_counted_across_a_cut() -> None:
    source = film([0] * 9 + [255], [0] * 9 + [255], [255] * 9 + [255])
    output = film([0] * 10, [0] * 10, [255] * 10)
    found = measure(source, output)
    assert found.cuts == (2,)
    assert found.still.share == found.static.share == found.still.excess == 0


def test_cuts_do_not_depend_on_the_output() -> None:
    source = film([10] * 8, [200] * 8, [200] * 8)
    assert measure(source, film([0] * 8, [0] * 8, [0] * 8)).cuts == (1,)
    assert measure(source, film([0] * 8, [0] * 8, [90] * 8)).cuts == (1,)


def test_a_flash_frame_is_no_cut() -> None:
    source = film([20, 60, 90], [250, 250, 250], [20, 60, 90])
    assert measure(source, source).cuts == ()


# Loops


def test_the_seam_scores_the_step_from_last_to_first() -> None:
    source = film([9, 9], [9, 9], [9, 9], loop=0)
    found = measure(source, film([0, 0], [0, 0], [255, 0]))
    assert found.seam is not None
    assert found.seam.share == 1 / 2
    assert found.still.share == 1 / 4  # the seam is not in the flicker


@pytest.mark.parametrize(
    "source",
    [
        film([9], [9], loop=1),
        film([9], loop=0),
        film([9, 9, 9], [9, 9, 200], [200, 200, 200], loop=0),
    ],
)
def test_there_is_no_seam_without_a_loop_or_across_a_cut(source: Animation) -> None:
    assert measure(source, source).seam is None


# Transparency


def test_pixels_transparent_on_either_side_have_no_error() -> None:
    found = measure(see_through([None, 10, 10]), see_through([10, None, 12]))
    assert found.error == 12
    assert found.transparency == pytest.approx(2 / 3)


def test_a_change_of_transparency_counts_as_changed_without_a_color_difference() -> None:
    source = see_through([10, 10], [10, 10])
    found = measure(source, see_through([10, 10], [None, 10]))
    assert found.still.share == 1 / 2
    assert found.still.change == found.still.squared == 0


def test_pixels_transparent_in_the_source_are_not_still() -> None:
    source = see_through([None, 10], [None, 10])
    assert measure(source, source).still.coverage == 1
    assert measure(source, see_through([1, 10], [200, 10])).still.share == 0


def test_an_empty_picture_has_no_error() -> None:
    nothing = see_through([None], [None])
    found = measure(nothing, nothing)
    assert (found.error, found.still.share, found.still.coverage) == (0, 0, 0)


# Pairing


def test_merged_frames_are_paired_by_display_time() -> None:
    source = film([1], [1], [1], [5], durations=[30, 30, 30, 30])
    assert measure(source, film([1], [5], durations=[90, 30])).errors == (0, 0, 0, 0)
    assert measure(source, film([1], [5], durations=[60, 60])).errors == (0, 0, 48, 0)


def test_frames_of_equal_number_are_paired_whatever_their_times() -> None:
    source = film([1], [2], [3], durations=[0, 0, 0])
    assert measure(source, film([1], [2], [3], durations=[50, 20, 90])).error == 0


def test_an_output_that_ends_early_holds_its_last_frame() -> None:
    source = film([1], [1], [1], durations=[30, 30, 30])
    assert measure(source, film([1], [2], durations=[30, 10])).errors == (0, 3, 3)


def test_animations_that_do_not_know_their_length_are_counted() -> None:
    source = film([1], [2], [3])
    unknown = Animation(lambda: iter(film([1], [2], [3])), width=3, height=1)
    unknown.width = 1
    found = measure(source, unknown)
    assert (found.frames, found.output_frames, found.error) == (3, 3, 0)


def test_pictures_of_two_sizes_are_refused_in_one_sentence() -> None:
    with pytest.raises(
        FormatError, match=r"^arrays is 2x1 but film is 3x1: only pictures of one size"
    ):
        measure(film([1, 2, 3]), Animation.from_arrays([np.zeros((1, 2), np.uint8)]))


def test_an_animation_without_frames_is_refused_by_name() -> None:
    nothing = Animation(lambda: iter(()), width=1, height=1, name="nothing")
    for source, output in ((nothing, film([1])), (film([1]), nothing)):
        with pytest.raises(FormatError, match=r"^nothing has no frames to compare$"):
            compare(source, output)


# Other figures


def test_colors_are_those_used_in_the_richest_frame() -> None:
    found = measure(film([1, 2, 3], [1, 1, 1]), film([1, 2, 2], [4, 5, 6]), size=1234)
    assert (found.colors, found.size) == (3, 1234)


def test_ratios_are_against_the_best_error_of_each_frame() -> None:
    found = measure(film([10], [10]), film([11], [12]), best_errors=[2.0, 3.0])
    assert (found.ratio, found.worst_ratio) == ((1.5 + 4) / 2, 4)


def test_errors_under_one_rounding_count_alike() -> None:
    assert error_ratios([0.0, 0.2, 0.5], [0.1, 0.0, 0.0]).tolist() == [1, 1, 2]


def test_there_must_be_a_best_error_for_each_frame() -> None:
    with pytest.raises(ValueError, match="got 1 best errors for 2 frames"):
        measure(film([1], [2]), film([1], [2]), best_errors=[1.0])


def test_drift_is_measured_where_palettes_are_known() -> None:
    clip = film([9], [9])
    assert measure(clip, clip).drift is None
    black, white = [[0, 0, 0]], [[255, 255, 255]]
    found = compare(clip, clip).measurement(palettes=[black, white], weights=[[1], [1]])
    assert found.drift == pytest.approx(100, abs=1e-4)


def test_the_drift_of_merged_frames_skips_the_step_into_the_new_shot() -> None:
    source = film([9] * 4, [9] * 4, [200] * 4, [200] * 4, [200] * 4, [200] * 4)
    merged = film([9] * 4, [200] * 4, [200] * 4, durations=200)
    found = compare(source, merged)
    assert (found.cuts, found.shown) == ((2,), (0, 0, 1, 1, 2, 2))
    black, white, grey = [[0, 0, 0]], [[255, 255, 255]], [[254, 254, 254]]
    drift = found.measurement(palettes=[black, white, grey]).drift
    assert drift == palette_drift([white, grey]) > 0


# One pass


def test_source_and_output_are_read_once_however_often_they_are_summed_up() -> None:
    passes = []

    def counted(clip: Animation) -> Animation:
        def frames() -> Iterator[Frame]:
            passes.append(clip)
            return iter(clip)

        return Animation(frames, width=2, height=1, n_frames=3)

    source, output = film([1, 2], [3, 4], [5, 6]), film([1, 2], [3, 5], [5, 6])
    found = compare(counted(source), counted(output))
    first = found.measurement()
    second = found.measurement(best_errors=[0, 1, 0], size=5)
    assert passes == [source, output]
    assert (first.ratio, second.ratio, second.size) == (None, (1 + 1.5 + 1) / 3, 5)
    assert first.errors == second.errors == found.errors == (0, 1.5, 0)


# Presentation


def test_a_measurement_becomes_json() -> None:
    clip = film([1, 2], [1, 2], loop=0)
    data = json.loads(json.dumps(measure(clip, clip).to_dict()))
    assert data["frames"] == 2
    assert data["still"]["share"] == 0
    assert data["seam"]["coverage"] == 1


def test_a_table_has_a_line_for_each_output_and_dashes_for_the_unknown() -> None:
    clip = film([1, 2], [1, 2])
    lines = table([measure(clip, clip), measure(clip, clip, size=2500)]).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("output")
    assert " - " in lines[1]
    assert " 2.5 " in lines[2]


def test_the_table_shows_merged_frames() -> None:
    merged = film([1], durations=[200])
    assert "1/2" in table([measure(film([1], [1]), merged)])


# Real clips


@needs_corpus
@pytest.mark.parametrize("path", files("natural/*.gif"), ids=lambda path: path.stem)
def test_real_clips_are_perfect_copies_of_themselves(path: Path) -> None:
    clip = open_animation(path)
    found = measure(clip, clip)
    assert (found.error, found.transparency, found.static.share) == (0, 0, 0)
    assert found.still.excess == 0
    assert found.still.squared == found.total  # the noise that the source itself has
    assert found.cuts == ()  # all are one shot

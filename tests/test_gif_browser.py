"""Chromium's own decoder agrees, pixel by pixel: on GIFs made by hand, and on real ones.

Chromium gives up at the first image that is not whole, so it may refuse the rest of a file. Only an
error of its decoder counts as a refusal; any other error of the page or the browser fails.
"""

from __future__ import annotations

import base64
import hashlib
import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from browser import browser, needs_browser
from clips import indexed_clip
from corpus import files, needs_corpus
from gifs import BLUE, GREEN, PALETTE, RED, control, image, loop, screen
from readers import written as gif_of
from steadyhue.api import quantize
from steadyhue.errors import FormatError, FormatWarning
from steadyhue.formats import open_animation
from steadyhue.formats.gif import GifWriter
from steadyhue.frame import Animation, IndexedFrame

pytestmark = needs_browser

DECODE = """
async (base64) => {
  const data = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  const hex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');
  const told = {frames: [], repeats: 0, refusal: null};
  const whole = async promise => {
    try {
      return await promise;
    } catch (error) {
      const kinds = ['EncodingError', 'InvalidStateError', 'RangeError'];
      if (!kinds.includes(error.name)) throw error;
      told.refusal = `${error.name}: ${error.message}`;
    }
  };
  const decoder = new ImageDecoder({data, type: 'image/gif'});
  await whole(decoder.tracks.ready);
  if (told.refusal) return told;
  await whole(decoder.completed);
  const track = decoder.tracks.selectedTrack;
  told.repeats = track.repetitionCount === Infinity ? -1 : track.repetitionCount;
  for (let frameIndex = 0; frameIndex < track.frameCount; frameIndex++) {
    const found = await whole(decoder.decode({frameIndex}));
    if (told.refusal) break;
    const image = found.image, {width, height} = image.visibleRect;
    const pixels = new Uint32Array(width * height);
    await image.copyTo(pixels, {format: 'RGBA'});
    for (let i = 0; i < pixels.length; i++) if (pixels[i] >>> 24 === 0) pixels[i] = 0;
    const digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', pixels)));
    told.frames.push([width, height, image.duration / 1000, digest]);
    image.close();
  }
  return told;
}
"""

Shown = tuple[int, int, float, str]


@dataclass(frozen=True)
class Told:
    """What a decoder makes of a file.

    Attributes
    ----------
    frames : list of (width, height, milliseconds, digest of RGBA pixels)
        Those that are whole.
    repeats : int
        After the first time; -1 forever.
    refusal : str or None
        Why there are no more frames, if there should be.
    """

    frames: list[Shown]
    repeats: int
    refusal: str | None


Ask = Callable[[bytes], Told]


def shown(pixels: np.ndarray, duration: float) -> Shown:
    height, width = pixels.shape[:2]
    return width, height, duration, hashlib.sha256(pixels.tobytes()).hexdigest()


END = b";"
FULL = image(0, 0, 4, 4, [0] * 16)  # red
SMALL = image(1, 1, 2, 2, [1] * 4)  # green
CORNER = image(2, 2, 2, 2, [2] * 4)  # blue
DOT = image(0, 0, 1, 1, [3])  # yellow
STRIPES = image(0, 0, 4, 4, [0, 1, 2, 3] * 4)
GOOD = screen() + loop(2) + control(delay=7) + FULL + control(delay=12) + SMALL + END


@pytest.fixture(scope="module")
def chromium() -> Iterator[Ask]:
    """Return a function that asks Chromium for a file's frames, once it is known to tell truly."""
    with browser() as found:
        page = found.new_page()
        # The decoder exists only in a secure context; nothing leaves this machine.
        page.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
        page.goto("https://localhost/")

        def ask(data: bytes) -> Told:
            told = page.evaluate(DECODE, base64.b64encode(data).decode())
            return Told(
                [tuple(frame) for frame in told["frames"]], told["repeats"], told["refusal"]
            )

        first = np.full((4, 4, 4), (*RED, 255), np.uint8)
        second = first.copy()
        second[1:3, 1:3] = (*GREEN, 255)
        assert ask(GOOD) == Told([shown(first, 70.0), shown(second, 120.0)], 2, None)
        yield ask


def read(data: bytes | Path) -> Told:
    """Return what we make of a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FormatWarning)
        try:
            clip = open_animation(data)
            frames = [shown(frame.rgba(), frame.duration) for frame in clip]
        except FormatError as error:
            return Told([], 0, str(error))
    return Told(frames, clip.loop - 1, None)


def assert_alike(ours: Told, theirs: Told) -> None:
    """Check that we show every frame that Chromium shows, and no more unless it refuses one."""
    if ours.refusal is not None:
        assert theirs.frames == []
        return
    assert theirs.refusal is not None or len(ours.frames) == len(theirs.frames)
    alike = len(theirs.frames)
    if len(ours.frames) == 1:  # a still has no time
        width, height, _, digest = ours.frames[0]
        assert [(w, h, d) for w, h, _, d in theirs.frames] == [(width, height, digest)][:alike]
        return
    assert ours.frames[:alike] == theirs.frames
    if alike:
        assert ours.repeats == theirs.repeats


# Files made by hand


def disposed(disposal: int) -> bytes:
    return screen() + control() + FULL + control(disposal) + SMALL + control() + CORNER + END


def written() -> bytes:
    """Return what our writer makes of a clip with all that is hard to keep."""
    file = io.BytesIO()
    with closing(GifWriter(file, 53, 37, 3)) as writer:
        for frame in indexed_clip():
            writer.write(frame)
    return file.getvalue()


WHOLE = {
    **{f"disposal {n}": disposed(n) for n in range(8)},
    "restored over cleared": screen() + FULL + control(2) + SMALL + control(3) + CORNER + DOT + END,
    "cleared at once": screen() + control(2) + FULL + control(2) + SMALL + END,
    "restored at once": screen() + control(3) + FULL + control(3) + SMALL + CORNER + END,
    "see-through over opaque": screen() + FULL + control(1, transparent=1) + STRIPES + END,
    "see-through at first": screen() + control(1, transparent=1) + STRIPES + SMALL + END,
    "small at first": screen() + SMALL + CORNER + END,
    "larger than its canvas": screen(2, 2) + FULL + SMALL + END,
    "cut at the canvas": screen(2, 2) + image(0, 0, 2, 2, [1] * 4) + FULL + END,
    "local palette": screen() + FULL + image(1, 1, 1, 1, [0], bytes([*BLUE, *RED])) + END,
    "short palette": screen(palette=bytes([*RED, *GREEN])) + STRIPES + FULL + END,
    "no palette": screen(palette=b"") + STRIPES + SMALL + END,
    "wide codes": screen() + image(0, 0, 4, 4, list(range(4)) * 4, literal_width=8) + SMALL + END,
    "interlaced": screen(1, 11)
    + image(0, 0, 1, 11, [0, 1, 2] * 3 + [3] * 2, interlaced=True)
    + END,
    **{f"loop {n}": screen() + loop(n) + FULL + SMALL + END for n in (0, 1, 2, 65535)},
    "no loop": screen() + FULL + SMALL + END,
    "two loops": screen() + loop(3) + FULL + loop(7, b"ANIMEXTS1.0") + SMALL + END,
    "delays": screen() + b"".join(control(delay=n) + FULL for n in (0, 1, 2, 65535)) + SMALL + END,
    "a comment": screen() + FULL + b"!\xfe\x05hello\x00" + SMALL + END,
    "87a": GOOD.replace(b"GIF89a", b"GIF87a"),
    "reversed palette": screen(palette=PALETTE[::-1]) + STRIPES + SMALL + END,
    "no end mark": screen() + FULL + SMALL,
    "garbage after the end mark": screen() + FULL + END + b"garbage" + SMALL,
    "written by us": written(),
}
BROKEN = {  # and how many frames are whole
    "another format": (b"\x89PNG\r\n\x1a\n", 0),
    "half a header": (screen()[:-3], 0),
    "no pixels": (screen(0, 0) + image(0, 0, 0, 3, []) + END, 0),
    "broken first image": (
        screen() + image(0, 0, 4, 4, [0] * 16, literal_width=9) + SMALL + END,
        0,
    ),
    "broken second image": (screen() + FULL + image(0, 0, 4, 4, [1] * 5) + SMALL + END, 1),
    "ends early": (screen() + FULL + SMALL + CORNER[:-5], 2),
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_files_are_shown_as_chromium_shows_them(name: str, chromium: Ask) -> None:
    theirs = chromium(WHOLE[name])
    assert theirs.refusal is None
    assert len(theirs.frames) > 0
    assert_alike(read(WHOLE[name]), theirs)


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_whole_of_a_broken_file_is_shown_as_chromium_shows_it(
    name: str, chromium: Ask
) -> None:
    data, whole = BROKEN[name]
    theirs = chromium(data)
    assert theirs.refusal is not None
    assert len(theirs.frames) == whole
    assert_alike(read(data), theirs)


@pytest.mark.parametrize("first", [0, 3])
def test_a_hole_that_comes_and_goes_is_shown(first: int, chromium: Ask) -> None:
    rng = np.random.default_rng(4)
    palette = rng.integers(1, 256, (8, 3), np.uint8)
    frames = []
    for number in range(9):
        indices, hole = rng.integers(0, 8, (6, 9)).astype(np.uint8), number >= first
        if hole and number % 3 != 1:
            indices[2:4, number - 3 : number + 3] = 8
        frames.append(IndexedFrame(indices, palette, 50.0, 8 if hole else None))
    theirs = chromium(gif_of(frames))
    assert theirs.refusal is None
    assert theirs.frames == [shown(frame.rgba(), 50.0) for frame in frames]


# Real clips

# The long clips of natural/ say the same thing again and again: a few will do.
CLIPS = files("tricky/**/*.gif") + files("malformed/*.gif") + files("flat/*.gif")
CLIPS += files("natural/*.gif")[::4]
NOT_ASKED = {
    "imagegif__issue-101-infinite-empty-loop",  # Chromium thinks about it for 10 s
    "libgd_conf__empty",  # no data: a mistake of the caller, says Chromium
}


@needs_corpus
@pytest.mark.parametrize(
    "path", [path for path in CLIPS if path.stem not in NOT_ASKED], ids=lambda path: path.stem
)
def test_frames_times_and_loop_are_chromiums(path: Path, chromium: Ask) -> None:
    theirs = chromium(path.read_bytes())
    assert theirs.refusal is None or path.parent.name in ("malformed", "pygif")
    assert_alike(read(path), theirs)


@pytest.mark.parametrize("quality", [90, 40])
@pytest.mark.parametrize("holes", [False, True])
def test_a_small_gif_is_shown_as_chromium_shows_it(
    quality: int, holes: bool, chromium: Ask
) -> None:
    pixels = np.stack([frame.rgba() for frame in indexed_clip(transparent=holes)])
    noise = np.random.default_rng(0).integers(0, 20, (*pixels.shape[:3], 3), np.uint8)
    pixels[..., :3] = pixels[..., :3] // 2 + noise
    out = io.BytesIO()
    quantize(Animation.from_arrays(list(pixels), 60), quality=quality).save(out)
    assert_alike(read(out.getvalue()), chromium(out.getvalue()))

"""Chromium's own decoder agrees, pixel by pixel."""

from __future__ import annotations

import base64
import hashlib
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from corpus import files, needs_corpus
from steadyhue.errors import FormatError, FormatWarning
from steadyhue.formats.gif import read_gif

CHROMIUM = which("chromium")
DECODE = """
async (base64) => {
  const data = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  const decoder = new ImageDecoder({data, type: 'image/gif'});
  await decoder.tracks.ready;
  await decoder.completed;
  const track = decoder.tracks.selectedTrack;
  const hex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');
  const frames = [];
  for (let frameIndex = 0; frameIndex < track.frameCount; frameIndex++) {
    const {image} = await decoder.decode({frameIndex});
    const {width, height} = image.visibleRect;
    const pixels = new Uint32Array(width * height);
    await image.copyTo(pixels, {format: 'RGBA'});
    for (let i = 0; i < pixels.length; i++) if (pixels[i] >>> 24 === 0) pixels[i] = 0;
    const digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', pixels)));
    frames.push([width, height, image.duration / 1000, digest]);
    image.close();
  }
  return {frames, repeats: track.repetitionCount === Infinity ? -1 : track.repetitionCount};
}
"""
pytestmark = [
    needs_corpus,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium to ask"),
]


@pytest.fixture(scope="module")
def decode() -> Iterator[Callable[[Path], dict[str, Any] | None]]:
    """Return a function that asks Chromium for a file's frames; None where it refuses."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as p:
        options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = p.chromium.launch(executable_path=CHROMIUM, args=options)
        page = browser.new_page()
        # The decoder exists only in a secure context; nothing leaves this machine.
        page.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
        page.goto("https://localhost/")

        def ask(path: Path) -> dict[str, Any] | None:
            try:
                return page.evaluate(DECODE, base64.b64encode(path.read_bytes()).decode())
            except playwright.Error:
                return None

        yield ask
        browser.close()


# The long clips of natural/ say the same thing again and again: a few will do.
CLIPS = files("tricky/**/*.gif") + files("malformed/*.gif") + files("flat/*.gif")
CLIPS += files("natural/*.gif")[::4]
SLOW = "imagegif__issue-101-infinite-empty-loop"  # Chromium thinks about it for 10 s


@pytest.mark.parametrize(
    "path", [path for path in CLIPS if path.stem != SLOW], ids=lambda path: path.stem
)
def test_frames_times_and_loop_are_chromiums(path: Path, decode: Callable[[Path], Any]) -> None:
    theirs = decode(path)
    if theirs is None:
        return  # we may still show what is whole, see test_gif_reader
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FormatWarning)
        try:
            clip = read_gif(path)
        except FormatError:
            assert theirs["frames"] == []
            return
        ours = []
        for frame in clip:
            digest = hashlib.sha256(frame.rgba().tobytes()).hexdigest()
            ours.append([frame.width, frame.height, frame.duration, digest])
    if len(ours) == 1:  # a still has no time
        ours[0][2] = theirs["frames"][0][2] = 0
    else:
        assert theirs["repeats"] == clip.loop - 1
    assert ours == theirs["frames"]

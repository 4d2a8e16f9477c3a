"""Chromium shows what was written: every frame, its pixels and its time."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from browser import browser, needs_browser
from clips import DURATIONS, indexed_clip
from steadyhue.formats import open_sink

pytestmark = needs_browser
DECODE = """
async ([type, base64]) => {
  const data = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  const decoder = new ImageDecoder({data, type});
  await decoder.tracks.ready;
  await decoder.completed;
  const track = decoder.tracks.selectedTrack;
  const frames = [];
  for (let frameIndex = 0; frameIndex < track.frameCount; frameIndex++) {
    const {image} = await decoder.decode({frameIndex});
    const pixels = new Uint8Array(image.allocationSize({format: 'RGBA'}));
    await image.copyTo(pixels, {format: 'RGBA'});
    frames.push([image.duration / 1000, Array.from(pixels)]);
    image.close();
  }
  return {frames, repeats: track.repetitionCount};
}
"""


def decoded(*files: Path) -> list[dict[str, Any]]:
    with browser() as chromium:
        page = chromium.new_page()
        # The decoder exists only in a secure context; nothing leaves this machine.
        page.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
        page.goto("https://localhost/")
        return [
            page.evaluate(
                DECODE, [f"image/{file.suffix[1:]}", base64.b64encode(file.read_bytes()).decode()]
            )
            for file in files
        ]


@pytest.mark.parametrize("transparent", [True, False])
def test_chromium_agrees_on_pixels_times_and_loops(tmp_path: Path, transparent: bool) -> None:
    frames = indexed_clip(transparent=transparent)
    paths = [tmp_path / "out.png", tmp_path / "out.webp"]
    for path in paths:
        with open_sink(path, 53, 37, loop=3) as sink:
            for frame in frames:
                sink.write(frame)
    for told in decoded(*paths):
        assert told["repeats"] == 2  # after the first time
        assert [time for time, _ in told["frames"]] == DURATIONS
        for frame, (_, pixels) in zip(frames, told["frames"], strict=True):
            shown = np.array(pixels, np.uint8).reshape(37, 53, 4)
            opaque = frame.rgba()[..., 3] > 0
            assert np.array_equal(shown[..., 3] > 0, opaque)
            assert np.array_equal(shown[opaque], frame.rgba()[opaque])

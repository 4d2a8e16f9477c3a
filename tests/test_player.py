"""The page's player holds on any GIF: it shows what we show, soon, and never hangs."""

from __future__ import annotations

import base64
import hashlib
import warnings
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser import browser, needs_browser
from corpus import files, needs_corpus
from gifs import control, image, image_data, screen, sub_blocks
from steadyhue.errors import FormatError, FormatWarning, LimitError
from steadyhue.figures.page import Exhibit, Figure, page
from steadyhue.formats import open_animation

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_browser

STATIC = Path(__file__).parents[1] / "src" / "steadyhue" / "figures" / "static"
FRAMES = 40
SECONDS = 2.0  # a step of PIXELS_AT_ONCE takes about 0.3 s on a free core
PLAY = """
async ([base64, most]) => {
  const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  const clip = new GifCanvas(bytes, document.createElement("canvas"));
  const hex = sum => Array.from(new Uint8Array(sum), b => b.toString(16).padStart(2, "0")).join("");
  const told = {shown: [], slowest: 0};
  for (let n = 0; n < Math.min(clip.frames.length, most); n++) {
    const start = performance.now();
    clip.show(n);
    told.slowest = Math.max(told.slowest, performance.now() - start);
    while (clip.at < n) await new Promise(done => setTimeout(done, 5));
    told.shown.push(hex(await crypto.subtle.digest("SHA-256", clip.pixels)));
  }
  for (const n of [clip.frames.length - 1, 0]) {
    const start = performance.now();
    clip.show(n);
    told.slowest = Math.max(told.slowest, performance.now() - start);
    clearTimeout(clip.later);
  }
  return told;
}
"""

Play = Callable[[bytes], dict]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def play(chromium: Browser) -> Iterator[Play]:
    tab = chromium.new_page()
    tab.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
    tab.goto("https://localhost/")
    tab.add_script_tag(content=(STATIC / "gif.js").read_text() + "\nwindow.GifCanvas = GifCanvas")
    yield lambda data: tab.evaluate(PLAY, [base64.b64encode(data).decode(), FRAMES])
    tab.close()


def shown_by_us(data: bytes) -> list[str] | None:
    """Return a digest of each frame; None where there is damage, about which players differ."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", FormatWarning)
        try:
            frames = list(islice(open_animation(data), FRAMES))
        except (FormatError, LimitError, FormatWarning):
            return None
    return [hashlib.sha256(frame.rgba().tobytes()).hexdigest() for frame in frames]


def with_literals(width: int, codes: bytes = b"\x44\x01\x00") -> bytes:
    place = b",\0\0\0\0\4\0\4\0\0"
    return place + bytes([width]) + sub_blocks(codes)


HUGE = b",\0\0\0\0\x70\x17\x70\x17\0"  # 6000x6000
FULL = image(0, 0, 4, 4, [0, 1, 2, 3] * 4)
HOSTILE = {
    **{f"literals of {n}": screen() + FULL + with_literals(n) for n in (0, 9, 12, 30, 31, 32, 255)},
    "a literal of 1": screen() + FULL + with_literals(1),
    "no frames": screen() + b";",
    "no size": screen(0, 0) + b";",
    "nothing": b"",
    "a header": b"GIF89a",
    "a canvas of 65535x65535": screen(65535, 65535) + FULL,
    "a picture of 65535x65535": screen()
    + FULL
    + b",\0\0\0\0\xff\xff\xff\xff\0"
    + image_data([1] * 8),
    "pictures far outside": screen() + FULL + image(60000, 60000, 4, 4, [1] * 16),
    "200 huge pictures on a small canvas": screen() + FULL + (HUGE + image_data([1] * 16)) * 200,
    "200 huge pictures, interlaced": screen()
    + FULL
    + (HUGE[:-1] + b"\x40" + image_data([1] * 16)) * 200,
    "a huge canvas": screen(6000, 6000) + image(0, 0, 4, 4, [0] * 16) * 3,
    "a huge canvas, restored": screen(6000, 6000)
    + (control(disposal=3) + image(0, 0, 4, 4, [0] * 16)) * 3,
    "10,000 frames": screen(300, 300) + (control() + image(0, 0, 1, 1, [1])) * 10_000,
    "only clear codes": screen() + FULL + with_literals(2, b"\x24\x49\x92" * 50_000),
    "a chain without end": screen() + FULL + b",\0\0\0\0\4\0\4\0\0\2" + b"\xff" * 100_000,
    "disposal 4": screen() + FULL + control(disposal=4) + image(1, 1, 2, 2, [3] * 4) + FULL[:-1],
    "no palette": screen(palette=b"") + FULL,
    "an index past the palette": screen() + image(0, 0, 4, 4, [0, 5, 6, 7] * 4, literal_width=3),
    "a first picture over the edge": screen() + image(2, 2, 6, 5, [1] * 30) + FULL,
}


def assert_holds(data: bytes, play: Play) -> None:
    told = play(data)
    assert told["slowest"] < SECONDS * 1000
    ours = shown_by_us(data)
    if ours is not None:
        assert told["shown"] == ours


@pytest.mark.parametrize("name", HOSTILE)
def test_what_was_made_to_hang_it(name: str, play: Play) -> None:
    assert_holds(HOSTILE[name], play)


@needs_corpus
@pytest.mark.parametrize(
    "path", files("malformed/*.gif") + files("tricky/**/*.gif"), ids=lambda path: path.stem
)
def test_what_is_found_in_the_wild(path: Path, play: Play) -> None:
    assert_holds(path.read_bytes(), play)


def test_a_page_of_hostile_clips_stays_alive(chromium: Browser, tmp_path: Path) -> None:
    names = ["literals of 30", "no frames", "no size", "200 huge pictures on a small canvas"]
    figures = [Figure(name, "", [Exhibit(name, HOSTILE[name], 4, 4)]) for name in names]
    path = tmp_path / "page.html"
    path.write_text(page("Hostile", "", figures), "utf-8")
    tab = chromium.new_page()
    tab.set_default_timeout(10_000)
    trouble: list[str] = []
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    tab.goto(path.as_uri())
    for figure in tab.query_selector_all(".figure"):
        figure.scroll_into_view_if_needed()
        tab.wait_for_timeout(300)
    tab.keyboard.press("End")
    assert trouble == []


def test_a_page_may_do_nothing_but_show_itself(chromium: Browser, tmp_path: Path) -> None:
    clip = Exhibit("clip", screen() + control() + FULL + control() + FULL, 4, 4)
    text = page("Closed", "", [Figure("one", "", [clip, clip])])
    bad = """<script>document.title = "let in"</script><img src="https://example.org/x.png">
    <p id="it" style="color: rgb(1, 2, 3)" onclick="document.title = 'let in'">x</p>"""
    path = tmp_path / "page.html"
    path.write_text(text.replace("</main>", bad + "</main>"), "utf-8")
    tab = chromium.new_page()
    refused: list[str | None] = []
    tab.on("requestfailed", lambda request: refused.append(request.failure))
    tab.goto(path.as_uri())
    tab.wait_for_selector("html[data-ready]")
    tab.click("#it")
    assert tab.title() == "Closed"
    assert refused == ["csp"]
    color = tab.eval_on_selector("#it", "it => getComputedStyle(it).color")
    assert color != "rgb(1, 2, 3)"

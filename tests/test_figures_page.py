"""The page, as text and in a browser: it shows exactly the frames that its GIFs have."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from browser import browser, needs_browser
from corpus import files, needs_corpus
from steadyhue.figures.heat import heat_png
from steadyhue.figures.page import Exhibit, Figure, Plate, page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTH, HEIGHT, FRAMES = 40, 24, 30


def clip(seed: int) -> np.ndarray:
    """Frames of few colors: a still half, a moving block, a flickering corner."""
    rng = np.random.default_rng(seed)
    colors = rng.integers(0, 256, (8, 3), np.uint8)
    frames = np.zeros((FRAMES, HEIGHT, WIDTH), np.uint8)
    frames[:, :, WIDTH // 2 :] = rng.integers(0, 8, (HEIGHT, WIDTH - WIDTH // 2))
    for n in range(FRAMES):
        frames[n, 4:12, n % 28 : n % 28 + 9] = 5
        frames[n, 18:, :6] = rng.integers(0, 8, (HEIGHT - 18, 6))
    return colors[frames]


def gif(frames: np.ndarray, duration: int = 100) -> bytes:
    pictures = [Image.fromarray(frame).quantize(256, dither=0) for frame in frames]
    file = io.BytesIO()
    pictures[0].save(
        file, "GIF", save_all=True, append_images=pictures[1:], duration=duration, loop=0
    )
    return file.getvalue()


def shown_by_pillow(data: bytes) -> Iterator[np.ndarray]:
    with Image.open(io.BytesIO(data)) as image:
        for n in range(image.n_frames):
            image.seek(n)
            yield np.asarray(image.convert("RGBA"))


CLIPS = [clip(seed) for seed in (1, 2, 3)]


@pytest.fixture(scope="module")
def html() -> str:
    heat = heat_png(np.linspace(0, 5, HEIGHT * WIDTH).reshape(HEIGHT, WIDTH))
    exhibits = [
        Exhibit(f"clip <{n}>", gif(frames), WIDTH, HEIGHT, [("error", f"{n} ×")], None, heat)
        for n, frames in enumerate(CLIPS)
    ]
    still = Figure("Two", "A picture.", plates=[Plate("heat", heat)])
    return page("Three & more", "Look.", [Figure("One", "Watch.", exhibits), still])


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@contextmanager
def shown_from(path: Path, text: str, chromium: Browser, **options: object) -> Iterator[Page]:
    """Show a page from a file; nothing may be requested or go wrong."""
    path.write_text(text, "utf-8")
    tab = chromium.new_page(**options)
    trouble = []
    tab.on("console", lambda message: trouble.append(message.text))
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    tab.on("request", lambda request: trouble.append(request.url))
    tab.goto(path.as_uri())
    tab.wait_for_selector("html[data-ready]")
    yield tab
    tab.close()
    ours = [text for text in trouble if "getImageData" not in text]  # the tests' own reading back
    assert ours == [path.as_uri()]


@pytest.fixture
def opened(chromium: Browser, html: str, tmp_path: Path) -> Iterator[Page]:
    """Open the page of three clips and a plate."""
    size = {"width": 1200, "height": 900}
    with shown_from(tmp_path / "page.html", html, chromium, viewport=size) as tab:
        yield tab


def pause(tab: Page) -> None:
    if tab.get_attribute("[data-part=play]", "aria-pressed") == "true":
        tab.click("[data-part=play]")


def scrub(tab: Page, n: int) -> None:
    tab.evaluate(
        """n => { const bar = document.querySelector("[data-part=scrubber]");
        bar.value = n; bar.dispatchEvent(new Event("input")); }""",
        n,
    )


def pixels(tab: Page, selector: str = ".panel canvas") -> list[np.ndarray]:
    """Read the canvases back: (H, W, 4) each."""
    pictures = tab.eval_on_selector_all(
        selector,
        """canvases => canvases.map(c => {
            const data = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
            let text = "";
            for (let i = 0; i < data.length; i += 32768)
                text += String.fromCharCode(...data.subarray(i, i + 32768));
            return [c.width, c.height, btoa(text)];
        })""",
    )
    return [
        np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)
        for width, height, data in pictures
    ]


def frames_shown(tab: Page) -> list[int]:
    return tab.eval_on_selector_all(".panel canvas", "all => all.map(c => +c.dataset.frame)")


def test_titles_are_escaped_and_equal_clips_are_embedded_once() -> None:
    one = Exhibit("<b>", gif(CLIPS[0]), WIDTH, HEIGHT)
    text = page("a & b", "", [Figure("f", "", [one, one]), Figure("g", "", [one])])
    assert "<h3>&lt;b&gt;</h3>" in text
    assert "a &amp; b" in text
    assert len(re.findall(r'<script type="text/plain"', text)) == 1


def test_a_page_weighs_under_twice_its_gifs() -> None:
    frames = np.random.default_rng(0).integers(0, 256, (10, 200, 200, 1), np.uint8)
    data = gif(np.repeat(frames, 3, axis=3))
    assert len(page("t", "", [Figure("f", "", [Exhibit("e", data, 200, 200)])])) < 2 * len(data)


def test_a_page_without_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one figure"):
        page("t", "", [])


def test_plates_are_shown_as_they_are() -> None:
    text = page("t", "", [Figure("f", "", plates=[Plate("ribbon", b"\x89PNG")])])
    assert base64.b64encode(b"\x89PNG").decode() in text
    assert "<canvas" not in text


@needs_browser
def test_scrubbing_shows_exactly_that_frame_of_every_clip(opened: Page) -> None:
    pause(opened)
    for n in (0, 7, 8, 29, 3, 16, 15, 14, 29, 0):
        scrub(opened, n)
        for shown, frames in zip(pixels(opened), CLIPS, strict=True):
            assert np.array_equal(shown[..., :3], frames[n]), n
            assert (shown[..., 3] == 255).all()


@needs_browser
def test_players_stay_in_step_over_a_hundred_frames(opened: Page) -> None:
    pause(opened)
    opened.keyboard.press("Home")
    for step in range(1, 101):
        opened.keyboard.press("ArrowRight")
        assert set(frames_shown(opened)) == {step % FRAMES}
    opened.select_option("[data-part=speed]", "4")
    seen = opened.evaluate(
        """async () => {
            const seen = [], canvases = [...document.querySelectorAll(".panel canvas")];
            document.querySelector("[data-part=play]").click();
            while (seen.length < 100) {
                await new Promise(requestAnimationFrame);
                seen.push(canvases.map(c => c.dataset.frame).join());
            }
            return seen;
        }"""
    )
    assert len(set(seen)) > 10
    assert all(len(set(line.split(","))) == 1 for line in seen)


@needs_browser
def test_keys_work(opened: Page) -> None:
    pause(opened)
    key = opened.keyboard.press
    key("Home")
    assert set(frames_shown(opened)) == {0}
    key("ArrowLeft")
    assert set(frames_shown(opened)) == {FRAMES - 1}
    key("Home")
    key("]")
    assert opened.input_value("[data-part=speed]") == "2"
    key("+")
    key("+")
    assert opened.input_value("[data-part=zoom]") == "2"
    assert opened.eval_on_selector(".panel canvas", "c => c.clientWidth") == 2 * WIDTH
    key(" ")
    assert opened.get_attribute("[data-part=play]", "aria-pressed") == "true"
    key(" ")
    assert opened.get_attribute("[data-part=play]", "aria-pressed") == "false"
    opened.focus("[data-part=scrubber]")
    key("Home")
    key("ArrowRight")
    key("ArrowRight")
    assert set(frames_shown(opened)) == {2}


@needs_browser
def test_the_slider_shows_one_clip_on_each_side(opened: Page) -> None:
    pause(opened)
    opened.keyboard.press("c")
    opened.select_option("[data-part=a]", "1")
    opened.select_option("[data-part=b]", "2")
    scrub(opened, 11)
    left, right = pixels(opened, ".pair canvas")
    assert np.array_equal(left[..., :3], CLIPS[1][11])
    assert np.array_equal(right[..., :3], CLIPS[2][11])
    opened.fill("[data-part=wipe]", "25")
    clipped = opened.eval_on_selector("[data-part=canvas-b]", "c => getComputedStyle(c).clipPath")
    assert clipped == "inset(0px 0px 0px 25%)"
    opened.keyboard.press("c")
    assert opened.is_hidden(".pair")


@needs_browser
def test_keys_speak_to_the_figure_under_the_pointer(chromium: Browser, tmp_path: Path) -> None:
    one, two = (Exhibit("clip", gif(frames), WIDTH, HEIGHT) for frames in CLIPS[:2])
    plate = Figure("Between", "A picture.", plates=[Plate("heat", heat_png(np.zeros((9, 9))))])
    text = page("Two", "", [Figure("One", "", [one]), plate, Figure("Three", "", [two])])
    still = {"viewport": {"width": 800, "height": 200}, "reduced_motion": "reduce"}
    with shown_from(tmp_path / "page.html", text, chromium, **still) as tab:

        def press(n: int, times: int) -> None:
            tab.evaluate(f"document.getElementById('figure-{n}').scrollIntoView()")
            tab.hover(f"#figure-{n} h2")
            for _ in range(times):
                tab.keyboard.press("ArrowRight")

        press(1, 2)
        press(3, 5)  # opened when it comes into view
        assert frames_shown(tab) == [2, 5]
        press(1, 1)
        assert frames_shown(tab) == [3, 5]
        press(2, 1)  # a plate has no frames: the figure spoken to last is meant
        assert frames_shown(tab) == [4, 5]
        first, second = pixels(tab)
        assert np.array_equal(first[..., :3], CLIPS[0][4])
        assert np.array_equal(second[..., :3], CLIPS[1][5])


@needs_browser
def test_the_heat_map_covers_the_clip(opened: Page) -> None:
    assert opened.is_hidden(".heat >> nth=0")
    opened.keyboard.press("h")
    assert opened.is_visible(".heat >> nth=0")
    assert opened.is_visible(".legend")
    heat = opened.eval_on_selector(".heat", "i => [i.clientWidth, i.clientHeight, i.naturalWidth]")
    screen = opened.eval_on_selector(".panel canvas", "c => [c.clientWidth, c.clientHeight]")
    assert heat == [*screen, WIDTH]
    opened.keyboard.press("h")
    assert opened.is_hidden(".heat >> nth=0")


@needs_browser
@needs_corpus
@pytest.mark.parametrize("path", files("flat/*.gif"), ids=lambda path: path.stem)
def test_real_gifs_are_painted_as_pillow_reads_them(chromium: Browser, path: Path) -> None:
    data = path.read_bytes()
    truth = list(shown_by_pillow(data))
    height, width = truth[0].shape[:2]
    tab = chromium.new_page()
    tab.set_content(page("t", "", [Figure("f", "", [Exhibit("e", data, width, height)])]))
    tab.wait_for_selector("html[data-ready]")
    pause(tab)
    for n in range(0, len(truth), max(1, len(truth) // 6)):
        scrub(tab, n)
        (shown,) = pixels(tab)
        opaque = truth[n][..., 3] > 0
        assert np.array_equal(shown[..., 3] > 0, opaque), n
        assert np.array_equal(shown[opaque], truth[n][opaque]), n
    tab.close()

"""The page without a mouse, without much room, and for those who don't see it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import steadyhue as sh
from browser import browser, needs_browser
from steadyhue.studio.server import Server
from studios import running, write_clip
from test_studio_page import PIXELS, goto, pixels, settled, shown, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clip") / "clip.gif")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, path: Path) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("studio"), (path,)) as found:
        yield found


def violations(tab: Page) -> list[str]:
    """Return what axe-core finds in the page as it is."""
    from axe_playwright_python.base import AXE_SCRIPT

    tab.evaluate(f"{AXE_SCRIPT}\n;undefined")
    found: dict[str, Any] = tab.evaluate(
        "async () => (await axe.run()).violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(' | ')}`)"
    )
    return list(found)


@pytest.mark.skipif(find_spec("axe_playwright_python") is None, reason="no axe-core")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Browser, server: Server, tmp_path: Path, scheme: str) -> None:
    with running(tmp_path) as empty, shown(chromium, empty, color_scheme=scheme) as tab:
        assert violations(tab) == []
        (tmp_path / "bad.gif").write_bytes(b"not a clip")
        tab.set_input_files("#file", tmp_path / "bad.gif")
        tab.wait_for_selector("#status.error")
        assert violations(tab) == []
        tab.trouble[:] = [text for text in tab.trouble if "415" not in text]
    with shown(chromium, server, color_scheme=scheme) as tab:
        tab.wait_for_selector("html[data-ready]")
        for details in tab.query_selector_all("details"):
            details.evaluate("it => { it.open = true; }")
        tab.click("#swatches button >> nth=2")
        tab.click("[data-part=compare]")
        assert violations(tab) == []
        tab.click("#lesson")
        tab.wait_for_selector("#classroom[open]")
        assert violations(tab) == []
        tab.keyboard.press("Escape")
        tab.click("#help")
        assert violations(tab) == []


def test_the_keyboard_alone_does_everything(
    chromium: Browser, server: Server, path: Path, tmp_path: Path
) -> None:
    with shown(chromium, server) as tab:
        tab.wait_for_selector("html[data-ready]")
        press = tab.keyboard.press

        def tab_to(selector: str, key: str = "Tab") -> None:
            for _ in range(150):
                if tab.evaluate("s => document.activeElement.matches(s)", selector):
                    return
                press(key)
            raise AssertionError(f"the keyboard never gets to {selector}")

        tab_to("[data-part=play]")
        press("ArrowRight")
        press("ArrowRight")
        assert tab.input_value("[data-part=scrubber]") == "2"
        press("c")
        tab_to("[data-part=wipe]", "Shift+Tab")
        press("ArrowRight")
        assert tab.input_value("[data-part=wipe]") == "50.5"
        tab_to("[name=colors-range]")
        for _ in range(3):
            press("ArrowLeft")
        until(
            tab, lambda: tab.inner_text("#command").startswith("steadyhue quantize clip.gif -k 7 ")
        )
        until(tab, lambda: "B, now" in tab.inner_text("#figures") and tab.is_hidden("#filled"))
        tab_to(".swatch")
        press("Enter")
        tab_to("#slot input[type=text]")
        press("Control+a")
        tab.keyboard.type("00ff00")
        press("Tab")
        made = sh.quantize(path, 7).recolored({0: "#00ff00"})
        goto(tab, 5)
        assert np.array_equal(pixels(tab), list(made)[5].rgba())
        tab_to("#export-go")
        with tab.expect_download() as download:
            press("Enter")
        saved = list(sh.open(Path(download.value.path()).read_bytes()))
        assert np.array_equal(saved[5].rgba(), pixels(tab))
        press("z")
        assert np.array_equal(pixels(tab), list(sh.quantize(path, 7))[5].rgba())
        press("?")
        assert tab.is_visible("#keys")
        press("Escape")
        assert tab.is_hidden("#keys")


def test_it_fits_320_pixels(chromium: Browser, server: Server) -> None:
    with shown(chromium, server, viewport={"width": 320, "height": 640}) as tab:
        tab.wait_for_selector("html[data-ready]")
        tab.click("#swatches button >> nth=1")
        tab.click("[data-part=compare]")
        for details in tab.query_selector_all("details"):
            details.evaluate("it => { it.open = true; }")
        assert tab.evaluate("document.documentElement.scrollWidth") == 320
        small = tab.evaluate(
            """() => [...document.querySelectorAll("button, select, input:not([type=file]), summary")]
                .filter(it => it.offsetParent && !it.matches("[data-part=wipe]"))
                .map(it => [it.id || it.name || it.textContent, it.getBoundingClientRect()])
                .filter(([, box]) => box.height < 24 || box.width < 19).map(([name]) => name)"""
        )
        assert small == []


def test_a_clip_plays_by_itself_but_for_those_who_want_no_movement(
    chromium: Browser, server: Server
) -> None:
    for motion, pressed in (("reduce", "false"), ("no-preference", "true")):
        with shown(chromium, server, reduced_motion=motion) as tab:
            tab.wait_for_selector("html[data-ready]")
            assert tab.get_attribute("[data-part=play]", "aria-pressed") == pressed


def test_all_variants_are_shown_and_one_is_taken(
    chromium: Browser, server: Server, path: Path
) -> None:
    with shown(chromium, server) as tab:
        tab.wait_for_selector("html[data-ready]")
        tab.click("#try-all")
        until(tab, lambda: tab.locator(".variant").count() == 12)
        until(tab, lambda: "…" not in tab.inner_text("#variants"))
        assert "kB" in tab.inner_text(".variant >> nth=11")
        settled(tab, lambda: tab.click(".variant:has-text('floyd-steinberg')"))
        assert tab.is_hidden("#sheet")
        assert np.array_equal(
            pixels(tab), next(iter(sh.quantize(path, dither="floyd-steinberg"))).rgba()
        )


def test_the_lesson_goes_a_step_at_a_time(chromium: Browser, server: Server) -> None:
    with shown(chromium, server) as tab:
        tab.wait_for_selector("html[data-ready]")
        tab.click("#lesson")
        until(tab, lambda: tab.inner_text("#classroom-said").startswith("Start: 10 colors"))
        drawn = tab.eval_on_selector("#scatter", PIXELS)
        tab.focus("#step")
        tab.keyboard.press("ArrowRight")
        assert tab.inner_text("#classroom-said").startswith("Step 1 of ")
        assert tab.eval_on_selector("#scatter", PIXELS) != drawn
        for box in ("#over-time", "#by-slot"):
            drawn = tab.eval_on_selector("#scatter", PIXELS)
            tab.check(box)
            assert tab.eval_on_selector("#scatter", PIXELS) != drawn


def test_a_saved_page_recolors_and_compares_without_anybody(
    chromium: Browser, server: Server, path: Path, tmp_path: Path
) -> None:
    with shown(chromium, server) as tab:
        tab.wait_for_selector("html[data-ready]")
        tab.select_option("#format", "saved")
        with tab.expect_download() as download:
            tab.click("#export-go")
        download.value.save_as(tmp_path / "saved.html")
    asked: list[str] = []
    tab = chromium.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: asked.append(message.text))
    tab.on("pageerror", lambda error: asked.append(str(error)))
    tab.goto((tmp_path / "saved.html").as_uri())
    tab.wait_for_selector("html[data-ready]")
    made = sh.quantize(path)
    goto(tab, 6)
    assert np.array_equal(pixels(tab), list(made)[6].rgba())
    tab.click("[data-part=compare]")
    assert np.array_equal(pixels(tab, "[data-part=canvas-a]"), list(sh.open(path))[6].rgba())
    tab.click("#swatches button >> nth=3")
    tab.fill("#slot input[type=text]", "#abcdef")
    tab.press("#slot input[type=text]", "Tab")
    assert np.array_equal(pixels(tab), list(made.recolored({3: "#abcdef"}))[6].rgba())
    tab.close()
    assert [text for text in asked if "getImageData" not in text] == [
        (tmp_path / "saved.html").as_uri()
    ]


def test_a_server_that_ended_is_told_of_and_the_page_recovers(
    chromium: Browser, path: Path, tmp_path: Path
) -> None:
    with running(tmp_path, (path,)) as first, shown(chromium, first) as tab:
        tab.wait_for_selector("html[data-ready]")
        tab.context.set_offline(True)
        tab.select_option("[name=dither]", "bayer")
        tab.wait_for_selector("#status.error:has-text('The studio has ended')")
        tab.context.set_offline(False)
        settled(tab, lambda: tab.select_option("[name=dither]", "blue-noise"))
        assert tab.is_hidden("#status.error")
        tab.trouble[:] = [text for text in tab.trouble if "ERR_" not in text]

"""The page in a browser: from an empty page to a file, and nothing goes wrong on the way."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import steadyhue as sh
from browser import browser, needs_browser
from steadyhue.studio.server import Server
from studios import PATIENCE, moving_picture, running, write_clip

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser

PIXELS = """canvas => {
    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    let text = "";
    for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
    return [canvas.width, canvas.height, btoa(text)];
}"""
B, A = "[data-part=canvas-b]", "[data-part=canvas-a]"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clip") / "clip.gif")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path) as found:
        yield found


@contextmanager
def shown(chromium: Browser, server: Server, **options: object) -> Iterator[Page]:
    """Open the page; nothing may go wrong in it, and nothing be asked of anybody else."""
    usual = {"viewport": {"width": 1300, "height": 900}, "reduced_motion": "reduce"}
    tab = chromium.new_page(**{**usual, **options})
    tab.set_default_timeout(1000 * PATIENCE)
    trouble: list[str] = []
    tab.on("console", lambda message: trouble.append(message.text))
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    tab.on(
        "request", lambda request: trouble.append(request.url) if not ours(request.url) else None
    )

    def ours(url: str) -> bool:
        return url.startswith((f"http://127.0.0.1:{server.port}/", "blob:", "data:"))

    tab.goto(server.address)
    tab.wait_for_selector("html[data-started]")
    tab.trouble = trouble
    try:
        yield tab
    finally:
        tab.close()
    # What the tests read back themselves is slower than the browser would like.
    assert [text for text in trouble if "getImageData" not in text] == []


@pytest.fixture
def tab(chromium: Browser, server: Server) -> Iterator[Page]:
    with shown(chromium, server) as found:
        yield found


@pytest.fixture
def opened(tab: Page, path: Path) -> Page:
    """The page with a clip that was chosen."""
    settled(tab, lambda: tab.set_input_files("#file", path))
    return tab


def settled(tab: Page, act: Callable[[], object]) -> None:
    """Do something that plans anew, and wait for all frames."""
    tab.evaluate("delete document.documentElement.dataset.ready")
    act()
    tab.wait_for_selector("html[data-ready]")


def pixels(tab: Page, selector: str = B) -> np.ndarray:
    width, height, data = tab.eval_on_selector(selector, PIXELS)
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)


def until(tab: Page, is_so: Callable[[], bool]) -> None:
    """Wait for something; the page lets nobody evaluate strings, so playwright cannot."""
    for _ in range(PATIENCE * 20):
        if is_so():
            return
        tab.wait_for_timeout(50)
    raise AssertionError("it never came about")


def goto(tab: Page, n: int) -> None:
    tab.evaluate(
        """n => { const bar = document.querySelector("[data-part=scrubber]");
        bar.value = n; bar.dispatchEvent(new Event("input", {bubbles: true})); }""",
        n,
    )


def assert_shows(tab: Page, result: sh.Result, selector: str = B) -> None:
    frames = list(result)
    for n in {0, len(frames) // 2, len(frames) - 1}:
        goto(tab, n)
        assert np.array_equal(pixels(tab, selector), frames[n].rgba()), n


def set_colors(tab: Page, colors: int) -> None:
    def act() -> None:
        tab.fill("[name=colors]", str(colors))
        tab.press("[name=colors]", "Tab")

    settled(tab, act)


def command(tab: Page) -> str:
    return tab.inner_text("#command")


def test_a_clip_that_is_chosen_is_shown_in_ten_colors_that_hold(opened: Page, path: Path) -> None:
    assert_shows(opened, sh.quantize(path))
    assert command(opened) == "steadyhue quantize clip.gif -k 10 -o out.gif"
    assert "clip.gif, 60 × 40, 12 frames" in opened.inner_text("#facts")


def test_a_clip_that_is_dropped_or_pasted_is_opened(tab: Page, path: Path) -> None:
    give = """([data, kind]) => {
        const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0)), given = new DataTransfer();
        given.items.add(new File([bytes], kind + ".gif", {type: "image/gif"}));
        const event = kind === "drop" ? new DragEvent("drop", {dataTransfer: given, bubbles: true, cancelable: true})
            : new ClipboardEvent("paste", {clipboardData: given, bubbles: true, cancelable: true});
        document.body.dispatchEvent(event);
    }"""
    data = base64.b64encode(path.read_bytes()).decode()
    for kind in ("drop", "paste"):
        settled(tab, lambda kind=kind: tab.evaluate(give, [data, kind]))
        assert tab.inner_text("#facts").startswith(f"{kind}.gif")
    assert_shows(tab, sh.quantize(path))


def test_every_control_says_what_is_shown(opened: Page, path: Path) -> None:
    set_colors(opened, 4)
    assert_shows(opened, sh.quantize(path, 4))
    settled(opened, lambda: opened.select_option("[name=dither]", "bayer"))
    assert_shows(opened, sh.quantize(path, 4, dither="bayer"))
    settled(opened, lambda: opened.select_option("[name=mode]", "global"))
    assert opened.is_hidden("[name=steadiness]")
    assert_shows(opened, sh.quantize(path, 4, mode="global", dither="bayer"))
    assert command(opened) == (
        "steadyhue quantize clip.gif -k 4 --mode global --dither bayer -o out.gif"
    )


def test_a_number_out_of_range_is_a_sentence_and_changes_nothing(opened: Page, path: Path) -> None:
    opened.fill("[name=colors]", "300")
    opened.press("[name=colors]", "Tab")
    opened.wait_for_selector("#status.error:has-text('Number of colors: ')")
    assert_shows(opened, sh.quantize(path))
    set_colors(opened, 5)
    assert opened.inner_text("#status").startswith("12 frames. ")


def test_a_drag_repaints_the_frame_on_screen_and_a_release_all(opened: Page, path: Path) -> None:
    goto(opened, 5)
    drag = """([value, kind]) => { const bar = document.querySelector("[name=colors-range]");
        bar.value = value; bar.dispatchEvent(new Event(kind, {bubbles: true})); }"""
    opened.evaluate(drag, [3, "input"])
    opened.wait_for_selector("html[data-drafts]")
    (alone,) = sh.quantize(sh.open(path)[5:6], 3)
    assert np.array_equal(pixels(opened), alone.rgba())
    settled(opened, lambda: opened.evaluate(drag, [3, "change"]))
    assert_shows(opened, sh.quantize(path, 3))


def test_recoloring_merging_and_undoing_ask_nobody(opened: Page, path: Path) -> None:
    set_colors(opened, 5)
    before = sh.quantize(path, 5)
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.click("#swatches button >> nth=1")
    opened.fill("#slot input[type=text]", "#00ff00")
    opened.press("#slot input[type=text]", "Tab")
    assert_shows(opened, before.recolored({1: "#00ff00"}))
    opened.select_option("#slot select", "3")
    assert_shows(opened, before.recolored({1: 3}))
    assert "--recolor 1=3 -o out.gif" in command(opened)
    opened.click("#undo")
    assert_shows(opened, before.recolored({1: "#00ff00"}))
    opened.click("#undo")
    assert_shows(opened, before)
    opened.click("#redo")
    assert_shows(opened, before.recolored({1: "#00ff00"}))
    opened.click("#slot >> text=Reset")
    assert_shows(opened, before)
    opened.click("#slot >> text=Show only this")
    goto(opened, 0)
    seen, frame = pixels(opened), next(iter(before))
    assert np.array_equal(seen[..., 3] == 255, frame.indices == 1)
    assert asked == []
    assert "result.recolored" not in opened.inner_text("#python")


def test_a_locked_color_stays_through_other_settings_and_another_clip(
    opened: Page, path: Path, tmp_path: Path
) -> None:
    set_colors(opened, 5)
    goto(opened, 0)
    own = next(iter(sh.quantize(path, 5))).palette[2]
    kept = "#" + own.tobytes().hex()
    opened.click("#swatches button >> nth=2")
    settled(opened, lambda: opened.click("#slot >> text=Lock"))
    assert_shows(opened, sh.quantize(path, 5, keep=[kept]))
    set_colors(opened, 4)
    assert_shows(opened, sh.quantize(path, 4, keep=[kept]))
    other = write_clip(tmp_path / "other.gif", 255 - moving_picture(6))
    settled(opened, lambda: opened.set_input_files("#file", other))
    assert_shows(opened, sh.quantize(other, 4, keep=[kept]))
    assert f"--keep-color '{kept}'" in command(opened)


def test_a_is_the_original_or_an_earlier_film_in_step_with_b(opened: Page, path: Path) -> None:
    set_colors(opened, 3)
    opened.click("[data-part=compare]")
    frames = list(sh.open(path))
    goto(opened, 7)
    until(opened, lambda: np.array_equal(pixels(opened, A), frames[7].rgba()))
    assert np.array_equal(pixels(opened), list(sh.quantize(path, 3))[7].rgba())
    opened.select_option("[data-part=a]", label="10 colors, steady")
    assert_shows(opened, sh.quantize(path), A)
    opened.fill("[data-part=wipe]", "25")
    opened.focus("[data-part=a]")
    clipped = opened.eval_on_selector(B, "c => getComputedStyle(c).clipPath")
    assert clipped == "inset(0px 0px 0px 25%)"
    opened.keyboard.press("c")
    assert opened.is_visible(A)  # the select keeps the letter
    opened.focus("[data-part=play]")
    opened.keyboard.press("c")
    assert opened.is_hidden(A)


def test_both_are_shown_whole_side_by_side(opened: Page, path: Path) -> None:
    opened.click("[data-part=compare]")
    opened.click("[data-part=beside]")
    left, right = (opened.locator(canvas).bounding_box() for canvas in (A, B))
    assert left["x"] + left["width"] <= right["x"]
    assert (left["y"], left["width"]) == (right["y"], right["width"])
    for canvas in (A, B):
        assert opened.eval_on_selector(canvas, "c => getComputedStyle(c).clipPath") == "none"
    assert opened.is_hidden("[data-part=wipe]")
    frames = list(sh.open(path))
    goto(opened, 7)
    until(opened, lambda: np.array_equal(pixels(opened, A), frames[7].rgba()))
    assert np.array_equal(pixels(opened), list(sh.quantize(path))[7].rgba())
    opened.focus("[data-part=play]")
    opened.keyboard.press("b")
    assert opened.is_visible("[data-part=wipe]")
    opened.keyboard.press("c")
    opened.keyboard.press("b")
    assert opened.is_visible(A)
    opened.set_viewport_size({"width": 320, "height": 700})
    above, below = (opened.locator(canvas).bounding_box() for canvas in (A, B))
    assert above["y"] + above["height"] <= below["y"]
    assert opened.evaluate("document.documentElement.scrollWidth") == 320


def like(result: sh.Result, color: np.ndarray, frame: int) -> int:
    """The slot whose color is most like one."""
    palette = list(result)[frame].palette.astype(int)
    return int(((palette - color) ** 2).sum(axis=1).argmin())


def test_a_color_that_is_edited_stays_so_with_other_settings(opened: Page, path: Path) -> None:
    set_colors(opened, 8)
    goto(opened, 2)
    before = sh.quantize(path, 8)
    red = like(before, np.array([250, 40, 30]), 2)
    own = list(before)[2].palette[red].astype(int)
    opened.click(f"#swatches button >> nth={red}")
    opened.fill("#slot input[type=text]", "#00ff00")
    opened.press("#slot input[type=text]", "Tab")
    goto(opened, 2)
    set_colors(opened, 9)
    settled(opened, lambda: opened.select_option("[name=mode]", "global"))
    made = sh.quantize(path, 9, mode="global")
    slot = like(made, own, 2)
    assert_shows(opened, made.recolored({slot: "#00ff00"}))
    assert f"--recolor '{slot}=#00ff00'" in command(opened)
    set_colors(opened, 1)  # a grey, which is no red
    assert_shows(opened, sh.quantize(path, 1, mode="global"))
    assert "undo brings" in opened.inner_text("#status")
    set_colors(opened, 9)
    assert_shows(opened, made.recolored({slot: "#00ff00"}))
    for _ in range(4):
        settled(opened, lambda: opened.click("#undo"))
    assert_shows(opened, before.recolored({red: "#00ff00"}))


def test_figures_worst_moments_and_the_heat_map_are_shown(
    opened: Page, path: Path, tmp_path: Path
) -> None:
    settled(opened, lambda: opened.select_option("[name=mode]", "independent"))
    sh.quantize(path, mode="independent").save(tmp_path / "out.gif")
    row = opened.inner_text("#figures tbody tr >> nth=0")
    assert f"{(tmp_path / 'out.gif').stat().st_size / 1000:.3g} kB" in row
    found = sh.measure(path, tmp_path / "out.gif", ratio=False)
    assert f"{100 * found.still.share:.1f} %" in row
    opened.click("#worst button >> nth=0")
    worst = opened.inner_text("#worst button >> nth=0")
    assert worst.startswith(f"frame {1 + int(opened.input_value('[data-part=scrubber]'))}:")
    opened.keyboard.press("h")
    until(opened, lambda: opened.eval_on_selector(".heat", "heat => heat.naturalWidth") == 60)
    assert opened.is_visible(".heat")
    assert opened.is_visible(".legend")


def test_an_exported_gif_is_what_the_page_shows(opened: Page, path: Path, tmp_path: Path) -> None:
    set_colors(opened, 4)
    opened.click("#swatches button >> nth=0")
    opened.fill("#slot input[type=text]", "#123456")
    opened.press("#slot input[type=text]", "Tab")
    with opened.expect_download() as download:
        opened.click("#export-go")
    download.value.save_as(tmp_path / "saved.gif")
    assert download.value.suggested_filename == "clip.gif"
    for n, frame in enumerate(sh.open(tmp_path / "saved.gif")):
        goto(opened, n)
        assert np.array_equal(pixels(opened), frame.rgba())


def test_a_quality_is_shown_as_it_is_exported(opened: Page, path: Path, tmp_path: Path) -> None:
    def give(quality: str) -> None:
        opened.fill("#quality", quality)
        opened.press("#quality", "Tab")

    settled(opened, lambda: give("60"))
    made = sh.quantize(path, quality=60)
    assert_shows(opened, made)
    assert command(opened) == "steadyhue quantize clip.gif --quality 60 -o out.gif"
    assert opened.is_hidden("[name=steadiness]")
    assert opened.is_disabled("#dither option[value=bayer]")
    assert opened.is_disabled("#format option[value=png]")
    with opened.expect_download() as download:
        opened.click("#export-go")
    made.save(tmp_path / "made.gif")
    assert Path(download.value.path()).read_bytes() == (tmp_path / "made.gif").read_bytes()
    row = opened.inner_text("#figures tbody tr >> nth=0")
    assert f"{(tmp_path / 'made.gif').stat().st_size / 1000:.3g} kB" in row
    opened.fill("#fit-size", "4")
    settled(opened, lambda: opened.click("#fit-go"))
    fits = sh.quantize(path, quality=100, max_bytes=4000)
    assert 1 <= fits.settings.quality < 60
    assert opened.input_value("#quality") == str(fits.settings.quality)
    assert_shows(opened, fits)
    settled(opened, lambda: give(""))
    assert_shows(opened, sh.quantize(path))
    assert opened.is_enabled("#format option[value=png]")
    opened.click("#undo")
    assert opened.inner_text("#status").startswith("12 frames. ")  # also of what was seen before


def test_an_export_is_canceled(opened: Page) -> None:
    opened.fill("#fit-size", "90000")
    opened.click("#fit-go")
    opened.click("#export-cancel")
    opened.wait_for_selector("#export-said:has-text('Canceled.')")
    assert opened.is_enabled("#export-go")


def test_a_reload_and_a_link_show_the_same(opened: Page, path: Path) -> None:
    set_colors(opened, 6)
    settled(opened, lambda: opened.select_option("[name=dither]", "blue-noise"))
    assert "t=" not in opened.evaluate("location.hash")
    opened.reload()
    opened.wait_for_selector("html[data-ready]")
    assert_shows(opened, sh.quantize(path, 6, dither="blue-noise"))
    link = opened.evaluate("location.hash")
    set_colors(opened, 3)
    settled(opened, lambda: opened.evaluate("hash => { location.hash = hash }", link))
    assert_shows(opened, sh.quantize(path, 6, dither="blue-noise"))


def test_colors_of_another_picture_are_taken_and_rewired(
    opened: Page, path: Path, tmp_path: Path
) -> None:
    from PIL import Image

    colors = np.array([[[20, 40, 90], [90, 120, 160], [250, 220, 180], [200, 60, 40]]], np.uint8)
    Image.fromarray(colors.repeat(9, 0).repeat(9, 1)).save(tmp_path / "photo.png")
    settled(opened, lambda: opened.set_input_files("#reference-file", tmp_path / "photo.png"))
    made = sh.transfer(path, tmp_path / "photo.png")
    assert_shows(opened, made)
    assert command(opened) == "steadyhue transfer clip.gif --from photo.png -k 10 -o out.gif"
    settled(opened, lambda: opened.select_option("[name=match]", "lightness"))
    made = sh.transfer(path, tmp_path / "photo.png", match="lightness")
    assert_shows(opened, made)
    opened.click("#swatches button >> nth=4")
    opened.click("#slot .chip >> nth=2")
    hexes = ["#{:02x}{:02x}{:02x}".format(*color) for color in made.recoloring.target.colors]
    assert_shows(opened, made.recolored({4: hexes[2]}))


def test_a_palette_is_imported_used_kept_and_exported(
    opened: Page, path: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.hex").write_text("102030\nff8040\nf0f0e0\n")
    colors = ["#102030", "#ff8040", "#f0f0e0"]
    settled(opened, lambda: opened.set_input_files("#palette-file", tmp_path / "mine.hex"))
    assert_shows(opened, sh.quantize(path, palette=colors))
    opened.click("#palette-keep")
    opened.wait_for_selector("#preset optgroup[label=Yours] option", state="attached")
    opened.select_option("#palette-format", ".gpl")
    with opened.expect_download() as download:
        opened.click("#palette-save")
    assert b"GIMP Palette" in Path(download.value.path()).read_bytes()
    settled(opened, lambda: opened.select_option("#preset", label="found in the clip"))
    assert_shows(opened, sh.quantize(path))


def test_a_panel_is_shown_its_colors_and_sent_others(opened: Page, path: Path) -> None:
    settled(opened, lambda: opened.select_option("#preset", label="Spectra 6 panel"))
    shown_colors = json.loads(opened.evaluate("decodeURIComponent(location.hash.slice(3))"))[
        "palette"
    ]
    made = sh.quantize(path, palette=shown_colors)
    assert_shows(opened, made)
    sent = ["#000000", "#ffffff", "#0000ff", "#00ff00", "#ff0000", "#ffff00"]
    opened.check("#device")
    assert_shows(opened, made.recolored(dict(enumerate(sent))))
    assert "--recolor '5=#ffff00'" in command(opened)


def test_what_cannot_be_read_is_a_sentence_and_the_page_goes_on(
    tab: Page, path: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.gif").write_bytes(b"GIF89a, not quite")
    tab.set_input_files("#file", tmp_path / "bad.gif")
    tab.wait_for_selector("#status.error:has-text('bad.gif: ')")
    assert "\n" not in tab.inner_text("#status")
    tab.trouble[:] = [text for text in tab.trouble if "415" not in text]  # the browser tells of it
    settled(tab, lambda: tab.set_input_files("#file", path))
    assert tab.is_hidden("#status.error")


def test_what_may_flash_is_not_played_unasked(opened: Page, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (8, 1, 40, 60, 3))
    frames = (noise[0] + np.random.default_rng(1).integers(-2, 3, (8, 40, 60, 3))).clip(0, 255)
    flat = write_clip(tmp_path / "noise.gif", frames.astype(np.uint8))
    settled(opened, lambda: opened.set_input_files("#file", flat))
    opened.select_option("[name=mode]", "independent")
    set_colors(opened, 2)
    opened.click("[data-part=play]")
    if opened.is_visible("#flashing"):
        assert opened.get_attribute("[data-part=play]", "aria-pressed") == "false"
        opened.click("#flashing button")
    assert opened.get_attribute("[data-part=play]", "aria-pressed") == "true"

"""Take the pictures of docs/studio.md: python docs/images/studio.py (needs Chromium and playwright)."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

import steadyhue as sh
from steadyhue import samples
from steadyhue.studio.server import Server

HERE = Path(__file__).parent

WIDE, HIGH = 1240, 860


def main() -> None:
    """Open the studio on the harbor, and take what the page has to say about."""
    sys.path.insert(0, str(HERE.parents[1] / "tests"))
    from browser import browser

    with TemporaryDirectory() as name, browser() as chromium:
        path = Path(name) / "harbor.gif"
        sh.quantize(samples.harbor(), colors=256, mode="global").save(path)
        server = Server([path], own=Path(name) / "palettes.json")
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            tab = chromium.new_page(viewport={"width": WIDE, "height": HIGH}, color_scheme="light")
            tab.set_default_timeout(120_000)
            tab.goto(server.address)
            tab.wait_for_selector("html[data-ready]")
            overview(tab)
            sheet(tab)
            lesson(tab)
        finally:
            server.stop()
            thread.join()


def overview(tab) -> None:
    """Show the original beside eight colors, of which one is chosen."""
    tab.evaluate("delete document.documentElement.dataset.ready")
    tab.fill("[name=colors]", "8")
    tab.press("[name=colors]", "Tab")
    tab.wait_for_selector("html[data-ready]")
    tab.click("[data-part=compare]")
    tab.fill("[data-part=wipe]", "40")
    tab.click("#swatches button >> nth=3")
    tab.fill("#slot input[type=text]", "#2f7f86")
    tab.press("#slot input[type=text]", "Tab")
    tab.evaluate("document.activeElement.blur()")
    tab.wait_for_timeout(500)
    take(tab, "studio")
    tab.click("#undo")


def sheet(tab) -> None:
    """Show every mode, dither and some numbers of colors."""
    tab.click("#try-all")
    while "…" in tab.inner_text("#variants") or tab.locator(".variant").count() < 12:
        tab.wait_for_timeout(200)
    take(tab, "studio-try-all", "#sheet")
    tab.keyboard.press("Escape")


def lesson(tab) -> None:
    """Show colors as dots and centers as rings."""
    tab.click("#lesson")
    tab.fill("#step", "3")
    take(tab, "studio-lesson", "#classroom")
    tab.keyboard.press("Escape")


def take(tab, name: str, part: str | None = None) -> None:
    """Take a picture of the page, or of a part of it, in 256 colors."""
    path = HERE / f"{name}.png"
    (tab.locator(part) if part else tab).screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(256).save(path, optimize=True)


if __name__ == "__main__":
    main()

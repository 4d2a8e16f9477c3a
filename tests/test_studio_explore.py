"""Exploring in a notebook: a page in a cell that needs nothing but itself."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import numpy as np
import pytest

import steadyhue as sh
from browser import browser, needs_browser


def stripes(count: int = 3, width: int = 40) -> sh.Animation:
    frames = np.zeros((count, 20, width, 3), np.uint8)
    frames[:, :, : width // 2, 0] = 200
    frames[1:, :4] = (0, 0, 250)
    return sh.Animation.from_arrays(frames, 100, name="</script><b>'\"&")


def test_a_clip_is_quantized_as_usual_and_a_result_is_taken_as_it_is() -> None:
    assert "10 colors, steady" in sh.explore(stripes()).html
    assert "2 colors, seeded" in sh.explore(sh.quantize(stripes(), 2, mode="seeded")).html


def test_large_and_long_clips_are_shown_small_and_short() -> None:
    page = sh.explore(stripes(310, 960)).html
    assert "480 × 10, 300 frames" in page


def test_the_page_says_how_its_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "in.npy"
    np.save(path, np.zeros((2, 4, 4, 3), np.uint8))
    result = sh.quantize(path, 3, mode="seeded").recolored({0: "#ff0000"})
    page = sh.explore(result).html
    assert f"steadyhue quantize {path} -k 3 --mode seeded --recolor &#x27;0=#ff0000" in page
    assert "&lt;Result of" in sh.explore(sh.transfer(path, "#204060,#a0c0e0", 2)).html


def test_it_is_saved_whole_and_replaces_nothing_unasked(tmp_path: Path) -> None:
    explorer = sh.explore(stripes())
    explorer.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8") == explorer.html
    with pytest.raises(sh.OutputError, match="exists"):
        explorer.save(tmp_path / "page.html")


def test_it_needs_no_server() -> None:
    code = (
        "import sys; sys.modules['starlette'] = sys.modules['uvicorn'] = None\n"
        "import numpy as np, steadyhue as sh; sh.explore(np.zeros((2, 4, 4, 3), np.uint8))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_cell_holds_the_page_cut_off_from_the_notebook() -> None:
    explorer = sh.explore(stripes())
    cell = explorer._repr_html_()
    assert unescape(re.search('srcdoc="([^"]*)"', cell)[1]) == explorer.html
    assert 'sandbox="allow-scripts"' in cell


@needs_browser
def test_in_a_cell_it_plays_and_recolors_without_a_request(tmp_path: Path) -> None:
    notebook = tmp_path / "notebook.html"
    notebook.write_text(sh.explore(sh.quantize(stripes(), 3))._repr_html_(), "utf-8")
    with browser() as chromium:
        page = chromium.new_page()
        said, asked = [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(notebook.as_uri())
        cell = page.frame_locator("iframe")
        cell.locator("#swatches button").nth(2).wait_for()
        cell.locator("#swatches button").first.click()
        cell.locator("#slot input[type=color]").fill("#00ff00")
        pixel = "c => [...c.getContext('2d').getImageData(0, 10, 40, 1).data].join()"
        canvas = cell.locator("[data-part=canvas-b]")
        assert "0,255,0,255" in canvas.evaluate(pixel)
        assert (said, asked) == ([], [notebook.as_uri()])

"""Every example of the guides runs, and every page is where its links say."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile

import numpy as np
import pytest
from PIL import GifImagePlugin, Image

import steadyhue as sh
from test_examples import HAS_VIDEO, make_inputs, run

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(
    path for path in DOCS.rglob("*.md") if re.search(r"```(sh|python)\n", path.read_text("utf-8"))
)
ELSEWHERE = {"tutorial.md", "studio.md", "scale.md"}
"""Pages with tests of their own: with prompts, of a server that goes on, of many machines."""

RECIPES = DOCS / "guides" / "recipes.md"
BLOCKS = [
    (title, block)
    for title, block in re.findall(
        r"^## (.*?)\n.*?```python\n(.*?)```", RECIPES.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
]
OPTIONAL = ("imageio", "cv2", "moviepy", "skimage", "torch", "sklearn")


@pytest.fixture(autouse=True)
def pillow_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what imageio sets when it is imported: Pillow then shows other pixels of GIFs."""
    monkeypatch.setattr(GifImagePlugin, "LOADING_STRATEGY", GifImagePlugin.LOADING_STRATEGY)


def make_more_inputs() -> None:
    """Make what the guides read beside the README's files."""
    make_inputs()
    if HAS_VIDEO:
        sh.quantize("in.mp4", 8).save("recording.mp4")
    Path("archive").mkdir(exist_ok=True)
    for name in ("a.gif", "b.gif", "c.gif", "d.gif", "archive/a.gif", "archive/b.gif"):
        copyfile("in.gif", name)
    Path("list.txt").write_text("c.gif\nd.gif\n")


def needed(code: str) -> set[str]:
    """The optional libraries that an example imports."""
    return {name for name in OPTIONAL if re.search(rf"^(import|from) {name}\b", code, re.MULTILINE)}


def missing(code: str) -> set[str]:
    return {name for name in needed(code) if find_spec(name) is None}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_a_page_runs_from_top_to_bottom(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if page.name in ELSEWHERE or page == RECIPES:
        pytest.skip("has a test of its own")
    text = page.read_text("utf-8")
    if ".mp4" in text and not HAS_VIDEO:
        pytest.skip("needs the extra video")
    monkeypatch.chdir(tmp_path)
    make_more_inputs()
    names: dict[str, object] = {}
    for language, block in re.findall(r"```(sh|python)\n(.*?)```", text, re.DOTALL):
        if language == "python":
            if not missing(block):
                exec(compile(block, page.name, "exec"), names)
            continue
        for line in block.splitlines():
            if line.startswith("steadyhue "):
                run(line)


@pytest.mark.filterwarnings("ignore")  # of the libraries, each of its own release
@pytest.mark.parametrize(("title", "code"), BLOCKS, ids=[title for title, _ in BLOCKS])
def test_a_recipe_runs_by_itself(
    title: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing(code):
        pytest.skip(f"{', '.join(missing(code))} is not installed")
    monkeypatch.chdir(tmp_path)
    make_inputs()
    names: dict[str, object] = {}
    exec(compile(code, title, "exec"), names)
    result = names.get("result")
    if isinstance(result, sh.Result):
        assert result.palettes.shape[1] == 8


def test_the_sheet_of_an_led_panel_holds_what_was_quantized(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make_inputs()
    page = (DOCS / "guides" / "panels.md").read_text("utf-8")
    run(re.search(r"^steadyhue .*wled\.gif", page, re.MULTILINE)[0])
    code, strip = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[:2]
    names: dict = {}
    exec(code, names)
    shown = np.concatenate([frame.rgba()[..., :3] for frame in names["result"]])
    with Image.open("sheet.bmp") as sheet:
        assert (sheet.mode, sheet.size[0]) == ("P", 16)
        assert np.array_equal(np.asarray(sheet.convert("RGB")), shown)
    exec(strip, names)
    first = next(iter(sh.open("wled.gif"))).rgba()[..., :3]
    assert (
        names["strip"][16 * 3 : 17 * 3] == first[1, 15].tobytes()
    )  # below the end of the first row


@pytest.mark.parametrize(
    "page", sorted(DOCS.rglob("*.md")), ids=lambda path: path.relative_to(DOCS).as_posix()
)
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
        if not target.startswith(("http:", "https:", "#")):
            assert (page.parent / target).exists(), target

"""The command itself: it says where the page is, ends when it is told to, and leaves nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from attentive import attentive
from steadyhue.cli import main
from studios import PATIENCE, write_clip

pytestmark = pytest.mark.skipif(find_spec("uvicorn") is None, reason="no uvicorn")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_when_it_is_told_to_and_leaves_nothing(number: int, tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.gif")
    folder = tmp_path / "temporary"
    folder.mkdir()
    line = [sys.executable, "-m", "steadyhue", "studio", "--no-browser", str(path)]
    with subprocess.Popen(
        line,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
        preexec_fn=attentive,
    ) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert re.fullmatch(r"The studio is at http://127\.0\.0\.1:\d+/#t=[\w-]{43}\n", said)
        assert process.stderr.readline() == "Ctrl-C ends it.\n"
        assert [entry.name[:17] for entry in folder.iterdir()] == ["steadyhue-studio-"]
        process.send_signal(number)
        rest = process.stderr.read()
        assert process.wait(PATIENCE) == 128 + number
    assert "Traceback" not in rest
    assert list(folder.iterdir()) == []
    assert path.exists()


def test_a_clip_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.gif").write_bytes(b"no clip")
    for name in ("bad.gif", "missing.gif"):
        done = CliRunner().invoke(main, ["studio", "--no-browser", str(tmp_path / name)])
        assert done.exit_code == 1
        assert re.fullmatch(rf"Error: {name}: [^\n]+\n", done.output), done.output


def test_a_port_that_is_taken_is_a_sentence() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(main, ["studio", "--no-browser", "--port", str(port)])
    assert done.exit_code == 1
    assert (
        done.output == f"Error: port {port} of 127.0.0.1 cannot be used: Address already in use\n"
    )


def test_without_the_extra_it_says_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['starlette'] = sys.modules['uvicorn'] = None\n"
        "from steadyhue.cli import main; main(['studio', '--no-browser'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "Error: the studio needs an extra: pip install 'steadyhue[studio]'\n"


def test_its_page_of_documentation_has_its_pictures() -> None:
    docs = Path(__file__).parents[1] / "docs"
    names = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (docs / "studio.md").read_text("utf-8"))
    assert len(names) == 3
    assert all((docs / name).exists() for name in names)

"""Files at addresses: fetched once, sent whole or not at all, and no secret is told."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import steadyhue as sh
from cluster import PATIENCE
from steadyhue.batches.addresses import bare
from steadyhue.batches.batch import Batch
from steadyhue.batches.engines.here import Here
from steadyhue.batches.targets import pairs
from steadyhue.batches.work import Work
from steadyhue.settings import Settings

fsspec = pytest.importorskip("fsspec", reason="needs the extra cloud")
needs_s3 = pytest.mark.skipif(
    not (find_spec("s3fs") and find_spec("moto") and find_spec("flask")),
    reason="needs s3fs and moto[server]",
)
needs_http = pytest.mark.skipif(not find_spec("aiohttp"), reason="needs aiohttp")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STEADYHUE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def noise(path: Path, seed: int = 0, frames: int = 4) -> Path:
    rng = np.random.default_rng(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, rng.integers(0, 256, (frames, 120, 160, 3), dtype=np.uint8))
    return path


def as_file(source: Path, folder: Path, colors: int) -> bytes:
    sh.quantize(source, colors, mode="seeded").save(folder / "expected.gif", force=True)
    return (folder / "expected.gif").read_bytes()


def test_what_is_shown_has_no_secret() -> None:
    assert bare("s3://key:secret@b/x/y.gif?token=abc#f") == "s3://b/x/y.gif"
    assert bare("https://u:p@h:81/y.gif?sig=1") == "https://h:81/y.gif"


def test_a_batch_runs_from_one_store_to_another(tmp_path: Path, cache: Path) -> None:
    store = fsspec.filesystem("memory")
    source = noise(tmp_path / "a.npy")
    for name in ("in/a.npy", "in/sub/b.npy"):
        store.pipe_file(f"/box/{name}", source.read_bytes())
    inputs = ["memory://box/in/a.npy", "memory://box/in/sub/b.npy", "memory://box/in/none.npy"]
    out = "memory://box/out"
    batch = Batch(
        pairs(inputs, out, ".gif"), Work(Settings.of(8, mode="seeded")), out, f"{out}/.steadyhue"
    )
    batch.check()
    outcomes = {Path(outcome.source).name: outcome for outcome in batch.outcomes(Here())}
    assert outcomes["none.npy"].error == "memory://box/in/none.npy: is not there"
    assert store.cat_file("/box/out/sub/b.gif") == as_file(source, tmp_path, 8)
    assert store.cat_file("/box/out/a.gif") == as_file(source, tmp_path, 8)
    assert len(list(cache.iterdir())) == 2
    again = [outcome.kept for outcome in batch.outcomes(Here()) if not outcome.error]
    assert again == [True, True]
    store.pipe_file("/box/out/a.gif", b"mine")
    (refused,) = [o for o in batch.outcomes(Here()) if o.error and o.source == inputs[0]]
    assert (
        refused.error
        == "memory://box/out/a.gif: was changed since it was made; --force (force=True in Python) replaces it"
    )
    assert store.cat_file("/box/out/a.gif") == b"mine"
    store.rm("/box", recursive=True)


def test_an_error_in_an_input_leaves_nothing_at_its_output(tmp_path: Path) -> None:
    store = fsspec.filesystem("memory")
    cut = sh.quantize(np.load(noise(tmp_path / "a.npy")), 8)
    cut.save(tmp_path / "a.gif")
    store.pipe_file("/bad/a.gif", (tmp_path / "a.gif").read_bytes()[:40])
    out = "memory://bad/out"
    batch = Batch(
        pairs(["memory://bad/a.gif"], out, ".gif"), Work(Settings.of(4)), out, f"{out}/ledger"
    )
    (outcome,) = batch.outcomes(Here())
    assert str(outcome.error).startswith("memory://bad/a.gif: ")
    assert not store.exists("/bad/out")


def test_a_web_server_is_read_only(tmp_path: Path) -> None:
    with pytest.raises(sh.OutputError, match="read only"):
        sh.batch([tmp_path / "a.gif"], "https://example.org/out")


class Whole(SimpleHTTPRequestHandler):
    """Serves files, and knows no ranges."""

    def log_message(self, *_: object) -> None:
        pass


class Ranged(Whole):
    """Serves parts of files, too."""

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        path = Path(self.translate_path(self.path))
        if asked is None or not path.is_file():
            super().do_GET()
            return
        data = path.read_bytes()
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start, stop = int(first), min(len(data), int(last or len(data)) + 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {start}-{stop - 1}/{len(data)}")
        self.send_header("Content-Length", str(stop - start))
        self.send_header("Last-Modified", self.date_time_string(int(path.stat().st_mtime)))
        self.end_headers()
        self.wfile.write(data[start:stop])


def steadyhue(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "steadyhue", "batch", *map(str, words), "-j", "1"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@needs_http
@pytest.mark.parametrize("handler", [Whole, Ranged])
def test_http_is_read_with_and_without_ranges(
    tmp_path: Path, handler: type[BaseHTTPRequestHandler]
) -> None:
    source = noise(tmp_path / "web" / "a.npy")
    served = partial(handler, directory=str(source.parent))  # type: ignore[call-arg]
    with ThreadingHTTPServer(("127.0.0.1", 0), served) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://user:secret@127.0.0.1:{server.server_port}/a.npy?token=hidden"
        words = (address, "-o", tmp_path / "out", "-k", 8, "--mode", "seeded")
        done = steadyhue(*words)
        again = steadyhue(*words)
        gone = steadyhue(address.replace("a.npy", "b.npy"), *words[1:])
        server.shutdown()
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "a.gif").read_bytes() == as_file(source, tmp_path, 8)
    assert "1 kept" in again.stderr
    assert (gone.returncode, "b.npy: is not there" in gone.stderr) == (1, True)
    told = [p.read_text() for p in (tmp_path / "out" / ".steadyhue").rglob("*.json*")]
    assert not any(word in text for text in [*told, gone.stderr] for word in ("secret", "hidden"))


@pytest.fixture(scope="module")
def s3() -> Iterator[int]:
    """The port of a store on the loopback interface."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                put(port, "")
                break
            except OSError:
                time.sleep(0.1)
        yield port
        server.terminate()


def put(port: int, key: str, data: bytes = b"") -> None:
    address, kind = f"http://127.0.0.1:{port}/box/{key}", {"Content-Type": "image/gif"}
    request = urllib.request.Request(address, data, kind, method="PUT")
    with urllib.request.urlopen(request, timeout=30):
        pass


def get(port: int, key: str) -> bytes | None:
    who = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/s3/aws4_request, Signature=x"
    address = f"http://127.0.0.1:{port}/box/{key}"
    request = urllib.request.Request(address, headers={"Authorization": who})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            data: bytes = answer.read()
            return data
    except urllib.error.HTTPError as error:
        error.close()
        return None


def keys(port: int) -> dict[str, str]:
    """The environment in which a program finds the store."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "someone",
        "AWS_SECRET_ACCESS_KEY": "hush-hush",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


@needs_s3
def test_two_runs_that_race_make_one_result(s3: int, tmp_path: Path) -> None:
    source = noise(tmp_path / "a.npy")
    put(s3, "race/in/a.npy", source.read_bytes())
    words = ["s3://box/race/in/", "-o", "s3://box/race/out", "-k", "8", "--mode", "seeded"]
    words = [*words, "--format", "gif", "-j", "1"]
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "steadyhue", "batch", *words],
            env={**os.environ, **keys(s3)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [run.communicate(timeout=PATIENCE)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert get(s3, "race/out/a.gif") == as_file(source, tmp_path, 8)
    listing = steadyhue(*words[:-2], "--dry-run", **keys(s3))
    assert "0 to make, 1 kept, 0 refused" in listing.stdout
    records = get(s3, "?prefix=race/out/.steadyhue/records/")
    assert records is not None
    assert records.count(b"<Key>") == 1


class Severed:
    """Passes bytes on to a store, and kills the process that sends a picture in its midst."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.victim = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            store = socket.create_connection(("127.0.0.1", self._port))
            threading.Thread(target=self._pass, args=(store, client), daemon=True).start()
            threading.Thread(target=self._pass, args=(client, store, True), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, watched: bool = False) -> None:
        body = 0
        try:
            while data := one.recv(4096):
                if watched and data.startswith(b"PUT ") and b".gif" in data.partition(b"\r\n")[0]:
                    body = 1
                body += len(data) if body else 0
                if body > 30_000:
                    os.kill(self.victim, signal.SIGKILL)
                    break
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            end.close()

    def close(self) -> None:
        self._server.close()


@needs_s3
def test_killed_in_the_midst_of_sending_no_object_is_there(s3: int, tmp_path: Path) -> None:
    source = noise(tmp_path / "a.npy", frames=12)
    expected = as_file(source, tmp_path, 64)
    assert len(expected) > 100_000
    words = [str(source), "-o", "s3://box/cut", "-k", "64", "--mode", "seeded", "-j", "1"]
    severed = Severed(s3)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, *words], env={**os.environ, **keys(severed.port)}
    ) as process:
        severed.victim = process.pid
        process.wait(PATIENCE)
    severed.close()
    assert process.returncode == -signal.SIGKILL
    assert get(s3, "cut/a.gif") is None
    done = steadyhue(*words[:-2], **keys(s3))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stderr.splitlines()[-1])["made"] == 1
    assert get(s3, "cut/a.gif") == expected
    assert "hush-hush" not in done.stderr + str(get(s3, "?prefix=cut"))


KILLED = """
import sys
from steadyhue.batches.engines import choosing
from steadyhue.batches.engines.here import Here
choosing.local = lambda *_: Here()  # in this process, which is to be killed
from steadyhue.cli import main
main(["batch", *sys.argv[1:]])
"""

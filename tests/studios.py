"""A studio that listens, for the tests, and what it takes to talk with it."""

from __future__ import annotations

import http.client
import json
import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from steadyhue.frame import IndexedFrame
from steadyhue.studio.server import Server

PATIENCE = 60
"""Seconds after which something hangs; a machine with much to do is slow."""


@contextmanager
def running(folder: Path, sources: tuple[Path, ...] = (), **options: Any) -> Iterator[Server]:
    """Run a studio in a thread until the test is done."""
    server = Server(sources, own=folder / "own.json", **options)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(
    server: Server,
    method: str,
    path: str,
    body: object = None,
    *,
    token: str | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """Ask as the page does; what is no bytes is sent as JSON."""
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    given = {"Authorization": f"Bearer {server.token if token is None else token}"}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    try:
        connection.request(method, path, data, {**given, **(headers or {})})
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, names, answer.read())
    finally:
        connection.close()


def raw(server: Server, text: bytes) -> bytes:
    """Send bytes as they are, and return all that comes back."""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as line:
        line.sendall(text)
        line.shutdown(socket.SHUT_WR)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
        return b"".join(parts)


def upload(server: Server, data: bytes, name: str = "clip.gif") -> Answer:
    return ask(server, "POST", f"/api/clips?name={name}", data)


def wish(**settings: Any) -> dict[str, Any]:
    return {"version": 1, "settings": settings}


def records(
    body: bytes, *, drafts: bool = False
) -> Iterator[dict[str, Any] | tuple[int, IndexedFrame]]:
    """Read the records of a stream by the table in `steadyhue.studio.stream`; drafts if asked for."""
    at, before = 0, None
    while at < len(body):
        kind, size = body[at : at + 1], int.from_bytes(body[at + 1 : at + 5], "little")
        payload = body[at + 5 : at + 5 + size]
        assert len(payload) == size
        at += 5 + size
        if kind == b"J":
            yield json.loads(payload)
            continue
        number, duration, k, transparent, flags, _ = struct.unpack_from("<IfHhBf", payload)
        palette = np.frombuffer(payload, np.uint8, 3 * k, 17).reshape(k, 3)
        weights = np.frombuffer(payload, "<u4", k, 17 + 3 * k)
        pixels = np.frombuffer(zlib.decompress(payload[17 + 7 * k :], -15), np.uint8)
        if kind == b"P":
            yield number, IndexedFrame(pixels.reshape(-1, 4), palette, duration)
            continue
        indices = pixels if flags & 2 else pixels ^ before
        if not flags & 4:
            before = indices
        counts = np.bincount(indices, minlength=256)
        if transparent >= 0:
            counts[transparent] = 0
        assert np.array_equal(counts[:k], weights)
        if drafts or not flags & 4:
            shown = None if transparent < 0 else transparent
            yield number, IndexedFrame(indices, palette, duration, shown)


def previewed(server: Server, clip: str, asked: dict[str, Any]) -> list[IndexedFrame]:
    """Return the frames of a preview, their indices flat."""
    answer = ask(server, "POST", f"/api/clips/{clip}/preview", {"wish": asked})
    assert answer.status == 200, answer.text
    found = list(records(answer.body))
    assert "totals" in found[-1], found[-1]
    frames = [entry for entry in found if isinstance(entry, tuple)]
    assert [number for number, _ in frames] == list(range(len(frames)))
    return [frame for _, frame in frames]


def moving_picture(count: int = 12, width: int = 60, height: int = 40) -> np.ndarray:
    """Return frames of a gradient with noise, over which a block moves; the last third is another shot."""
    rng = np.random.default_rng(7)
    y, x = np.mgrid[:height, :width]
    frames = []
    for n in range(count):
        ground = np.stack([4 * x, 6 * y, 128 + 2 * y - x], axis=2)
        if n >= 2 * count // 3:
            ground = 255 - ground[::-1, ::-1] // 2
        frame = ground + rng.integers(-3, 4, ground.shape)
        left = 3 * n % (width - 12)
        frame[10:22, left : left + 12] = 250, 40, 30
        frames.append(np.clip(frame, 0, 255).astype(np.uint8))
    return np.array(frames)


def write_clip(path: Path, frames: np.ndarray | None = None) -> Path:
    """Write a GIF of uneven times and many colors."""
    import steadyhue as sh

    pixels = moving_picture() if frames is None else frames
    times = [40 + 10 * (n % 5) for n in range(len(pixels))]
    clip = sh.Animation.from_arrays(list(pixels), times)
    sh.quantize(clip, 200, mode="global").save(path)
    return path

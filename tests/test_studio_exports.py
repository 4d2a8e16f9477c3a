"""Files of a wish: what was previewed, at full size, by a process of its own."""

from __future__ import annotations

import io
import json
import os
import signal
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import steadyhue as sh
from steadyhue.frame import IndexedFrame
from steadyhue.studio import panel
from steadyhue.studio.server import Server
from steadyhue.studio.writing import KINDS
from studios import Answer, ask, previewed, running, wish, write_clip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clip") / "clip.gif")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, path: Path) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("studio"), (path,)) as found:
        yield found


@pytest.fixture(scope="module")
def clip(server: Server) -> str:
    return ask(server, "GET", "/api/start").json["clips"][0]["id"]


def begin(server: Server, clip: str, kind: str, asked: dict[str, Any], **more: Any) -> Answer:
    return ask(server, "POST", f"/api/clips/{clip}/exports", {"kind": kind, "wish": asked, **more})


def finished(server: Server, key: str) -> list[dict[str, Any]]:
    """Wait for an export; return all that was told of it."""
    return [
        json.loads(line) for line in ask(server, "GET", f"/api/exports/{key}").body.splitlines()
    ]


def exported(server: Server, clip: str, kind: str, asked: dict[str, Any]) -> Answer:
    begun = begin(server, clip, kind, asked)
    assert begun.status == 201, begun.text
    last = finished(server, begun.json["id"])[-1]
    assert last["done"], last
    answer = ask(server, "GET", f"/api/exports/{begun.json['id']}/file")
    assert answer.status == 200
    assert len(answer.body) == last["bytes"] > 0
    assert begun.json["name"] in answer.headers["content-disposition"]
    return answer


def test_an_exported_gif_is_what_was_previewed_with_its_edits(
    server: Server, clip: str, path: Path, tmp_path: Path
) -> None:
    asked = {**wish(colors=5), "recolor": {"1": "#00ff00", "2": 3}}
    data = exported(server, clip, "gif", asked).body
    shown = previewed(server, clip, wish(colors=5))
    for frame, seen in zip(sh.open(data), shown, strict=True):
        palette = seen.palette.copy()
        palette[1], palette[2] = (0, 255, 0), seen.palette[3]
        assert np.array_equal(frame.rgba().reshape(-1, 4)[:, :3], palette[seen.indices])
        assert frame.duration == seen.duration
    sh.quantize(path, 5).recolored({1: "#00ff00", 2: 3}).save(tmp_path / "same.gif")
    assert (tmp_path / "same.gif").read_bytes() == data


def check_labels(data: bytes, path: Path) -> None:
    stored = np.load(io.BytesIO(data))
    made = np.array([frame.indices for frame in sh.quantize(path, 5)])
    assert any(np.array_equal(stored[name], made) for name in stored.files)


def check_frames(data: bytes, path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pictures = sorted(name for name in archive.namelist() if name.endswith(".png"))
        for name, frame in zip(pictures, sh.quantize(path, 5), strict=True):
            seen = np.asarray(Image.open(io.BytesIO(archive.read(name))).convert("RGBA"))
            assert np.array_equal(seen, frame.rgba())


def check_raw(data: bytes, path: Path) -> None:
    made = [panel.rgb565(frame) for frame in sh.quantize(path, 5)]
    assert np.array_equal(np.frombuffer(data, "<u2").reshape(len(made), 40, 60), made)


def check_c(data: bytes, path: Path) -> None:
    text = data.decode()
    assert f"clip_frames[][40][60]" in text  # noqa: F541
    numbers = [int(word, 16) for word in text.replace("{", ",").replace("}", ",").split(",") if word.strip().startswith("0x")]  # fmt: skip
    made = np.array([panel.rgb565(frame) for frame in sh.quantize(path, 5)])
    assert numbers == made.ravel().tolist()


def check_pages(data: bytes, path: Path) -> None:
    assert data.startswith(b"<!doctype html>")
    assert b"default-src 'none'" in data


def check_json(data: bytes, path: Path) -> None:
    assert len(json.loads(data)["frames"]) == 12


def check_pictures(data: bytes, path: Path) -> None:
    for frame, made in zip(sh.open(data), sh.quantize(path, 5), strict=True):
        assert np.array_equal(frame.rgba(), made.rgba())


def check_video(data: bytes, path: Path) -> None:
    assert len(list(sh.open(data))) == 12


CHECKS = {
    "png": check_pictures, "webp": check_pictures, "mkv": check_pictures, "gif": check_pictures,
    "mp4": check_video, "webm": check_video, "frames": check_frames, "labels": check_labels,
    "raw": check_raw, "c": check_c, "compare": check_pages, "palettes": check_json,
    "ribbon": lambda data, path: np.testing.assert_equal(data[:4], b"<svg"),
}  # fmt: skip


def test_kinds_are_written_by_their_process(server: Server, clip: str, path: Path) -> None:
    assert set(CHECKS) | {"fit", "saved"} >= set(KINDS)
    for kind in sorted(set(CHECKS) & {"webp", "frames", "compare"}):
        CHECKS[kind](exported(server, clip, kind, wish(colors=5)).body, path)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"fit", "saved"}))
def test_a_kind_is_written_as_the_library_would(kind: str, path: Path, tmp_path: Path) -> None:
    from steadyhue.studio.wish import Wish
    from steadyhue.studio.writing import Export, File, Pulse

    class Told(list):
        send = list.append

    export = Export(File(path, "clip.gif"), Wish.parse(wish(colors=5)), kind)
    target = tmp_path / export.file_name
    KINDS[kind].write(export, export.result(), target, Pulse(Told()))
    CHECKS[kind](target.read_bytes(), path)


def test_a_size_finds_the_most_colors_that_fit(
    server: Server, clip: str, path: Path, tmp_path: Path
) -> None:
    sizes = {}
    for colors in (6, 7, 8):
        sh.quantize(path, colors).save(tmp_path / f"{colors}.gif")
        sizes[colors] = (tmp_path / f"{colors}.gif").stat().st_size
    assert sizes[6] < sizes[7] < sizes[8]
    begun = begin(server, clip, "fit", wish(colors=30), bytes=sizes[7])
    last = finished(server, begun.json["id"])[-1]
    assert (last["colors"], last["size"]) == (7, sizes[7])
    begun = begin(server, clip, "fit", wish(colors=30), bytes=100)
    assert "smaller or shorter" in finished(server, begun.json["id"])[-1]["error"]


def test_with_a_quality_a_size_finds_the_best_that_fits(
    server: Server, clip: str, path: Path, tmp_path: Path
) -> None:
    found = sh.quantize(path, quality=100, max_bytes=4000)
    found.save(tmp_path / "fits.gif")
    begun = begin(server, clip, "fit", wish(quality=90), bytes=4000)
    last = finished(server, begun.json["id"])[-1]
    assert (last["quality"], last["colors"]) == (found.settings.quality, found.settings.colors)
    assert last["size"] == (tmp_path / "fits.gif").stat().st_size <= 4000
    begun = begin(server, clip, "fit", wish(quality=90), bytes=100)
    assert "clip.gif: it does not fit" in finished(server, begun.json["id"])[-1]["error"]


def test_what_goes_wrong_is_told_without_our_folders(server: Server, clip: str) -> None:
    begun = begin(server, clip, "png", wish(quality=90))
    told = finished(server, begun.json["id"])[-1]["error"]
    assert told == "clip.png: a quality has no effect on .png; it is for GIFs"


def test_an_export_is_canceled_and_leaves_nothing(server: Server, clip: str) -> None:
    begun = begin(server, clip, "fit", wish(colors=30), bytes=1 << 20).json["id"]
    busy = begin(server, clip, "gif", wish())
    assert busy.status == 422
    assert "an export is at work" in busy.text
    running = server.studio.exports.get(begun)
    assert ask(server, "DELETE", f"/api/exports/{begun}").status == 204
    assert not running._process.is_alive()
    assert not running.folder.exists()
    assert ask(server, "GET", f"/api/exports/{begun}/file").status == 404
    assert exported(server, clip, "gif", wish(colors=3)).body.startswith(b"GIF89a")


def test_a_codec_that_crashes_takes_nothing_with_it(server: Server, clip: str) -> None:
    begun = begin(server, clip, "fit", wish(colors=30), bytes=1 << 20).json["id"]
    os.kill(server.studio.exports.get(begun)._process.pid, signal.SIGKILL)
    assert finished(server, begun)[-1]["error"] == "the process at work on it died"
    assert ask(server, "GET", "/api/start").status == 200
    assert ask(server, "GET", f"/api/exports/{begun}/file").status == 404


def test_a_file_that_cannot_be_read_any_more_is_a_sentence(server: Server, tmp_path: Path) -> None:
    path = write_clip(tmp_path / "gone.gif")
    clip = server.studio.clips.add(path, "gone.gif", is_ours=False)
    path.unlink()
    begun = begin(server, clip.id, "gif", wish()).json["id"]
    told = finished(server, begun)[-1]["error"]
    assert told.startswith("gone.gif: ")
    assert str(tmp_path) not in told


@pytest.mark.parametrize(
    ("kind", "more"),
    [("exe", {}), (None, {}), (["gif"], {}), ("fit", {}), ("fit", {"bytes": 0}), ("fit", {"bytes": 1.5})],
)  # fmt: skip
def test_what_is_no_export_is_refused(server: Server, clip: str, kind: Any, more: dict) -> None:
    assert begin(server, clip, kind, wish(), **more).status == 400


def test_rgb565_rounds_each_channel_to_its_nearest_level() -> None:
    levels = np.arange(256, dtype=np.uint8)
    palette = np.stack([levels, levels[::-1], levels], axis=1)
    words = panel.rgb565(IndexedFrame(levels[None], palette)).ravel().astype(int)
    assert np.array_equal(words >> 11, np.rint(levels * (31 / 255)))
    assert np.array_equal(words >> 5 & 63, np.rint(levels[::-1] * (63 / 255)))
    assert np.array_equal(words & 31, np.rint(levels * (31 / 255)))
    assert struct.pack("<H", words[255]) == b"\x1f\xf8"

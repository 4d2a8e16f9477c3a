"""What strangers upload: a clip or a sentence, and the server lives."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import files, needs_corpus
from gifs import control, image, screen
from steadyhue.studio.clips import Clips
from steadyhue.studio.hearing import hearing
from steadyhue.studio.job import Job
from steadyhue.studio.previews import Previews, View
from steadyhue.studio.server import Server
from steadyhue.studio.wish import Wish
from studios import ask, records, running, upload, wish, write_clip

FULL = image(0, 0, 4, 4, [0, 1, 2, 3] * 4)
M3U8 = b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
REFUSED = {
    "nothing": b"",
    "text": b"hello",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    "a playlist": M3U8,
    "a playlist called AVI": b"RIFF\x00\x00\x00\x00AVI " + M3U8,
    "a concat script": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "an array of objects": b"\x93NUMPY\x01\x00F\x00{'descr': '|O', 'fortran_order': False, 'shape': (1, 2, 2, 3), }   \n" + bytes(64),
    "a huge canvas": screen(65535, 65535) + FULL + b";",
    "a huge picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x02\0\0\0" + bytes(64),
    "a header": b"GIF89a",
    "half a video": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(200),
}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("studio")) as found:
        yield found


def assert_lives(server: Server) -> None:
    assert ask(server, "GET", "/api/start").status == 200


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_clip_gets_a_sentence_and_is_not_kept(server: Server, name: str) -> None:
    before = list(server.studio.clips.folder.iterdir())
    answer = upload(server, REFUSED[name], "stranger.gif")
    assert answer.status in (413, 415), answer.text
    assert answer.text.startswith("stranger.gif: ")
    assert "\n" not in answer.text
    assert str(server.studio.clips.folder) not in answer.text
    assert "root:" not in answer.text
    assert list(server.studio.clips.folder.iterdir()) == before
    assert_lives(server)


def preview_to_its_end(server: Server, data: bytes, name: str) -> None:
    """A clip that opens is previewed, or ends in a sentence."""
    answer = upload(server, data, name)
    assert answer.status in (201, 413, 415), answer.text
    assert str(server.studio.clips.folder) not in answer.text
    if answer.status != 201:
        return
    clip = answer.json["id"]
    answer = ask(
        server, "POST", f"/api/clips/{clip}/preview", {"wish": wish(colors=2, mode="seeded")}
    )
    assert str(server.studio.clips.folder).encode() not in answer.body
    if answer.status == 200:
        *_, last = records(answer.body)
        assert "totals" in last or "error" in last
    else:
        assert answer.status in (413, 415, 422)
        assert "\n" not in answer.text
    ask(server, "DELETE", f"/api/clips/{clip}")


def test_a_clip_cut_off_anywhere_is_previewed_or_a_sentence(server: Server, tmp_path: Path) -> None:
    data = write_clip(tmp_path / "clip.gif").read_bytes()
    for size in range(20, len(data), len(data) // 12):
        preview_to_its_end(server, data[:size], "cut.gif")
    assert_lives(server)


def test_what_is_lost_of_a_clip_is_told_with_its_preview(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.gif")
    path.write_bytes(path.read_bytes()[:-5000])
    clips = Clips()
    try:
        with hearing():
            clip = clips.add(path, "cut.gif", is_ours=False)
            previews, asked = Previews(clips), Wish.parse(wish(colors=3))
            for _ in range(2):  # it is said once, and known from then on
                body = b"".join(previews.preview(clip, asked, View(480, 0), Job()))
                *_, last = records(body)
                (note,) = last["notes"]
                assert note.startswith("cut.gif: ")
                assert str(tmp_path) not in note
    finally:
        clips.close()


def test_a_bomb_of_frames_is_previewed_in_part(server: Server) -> None:
    bomb = screen(2000, 2000) + (control() + image(0, 0, 1, 1, [1])) * 5000 + b";"
    answer = upload(server, bomb, "bomb.gif")
    assert answer.status in (413, 415), answer.text
    preview_to_its_end(
        server, screen(200, 200) + (control() + image(0, 0, 1, 1, [1])) * 5000, "b.gif"
    )


@needs_corpus
@pytest.mark.parametrize("path", files("malformed/*"), ids=lambda path: path.name)
def test_what_is_found_in_the_wild(server: Server, path: Path) -> None:
    if path.is_file() and path.stat().st_size < 20_000_000:
        preview_to_its_end(server, path.read_bytes(), path.name.replace(" ", "_"))
        assert_lives(server)


def test_an_upload_that_breaks_off_leaves_nothing(server: Server) -> None:
    folder = server.studio.clips.folder
    before = len(list(folder.iterdir()))
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        text = (
            f"POST /api/clips HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Authorization: Bearer {server.token}\r\nContent-Length: 100000\r\n\r\nGIF89a"
        )
        line.sendall(text.encode())
    # The server answers others while it waits; asking it is enough for it to see the end.
    for _ in range(200):
        assert_lives(server)
        if len(list(folder.iterdir())) == before:
            break
    assert len(list(folder.iterdir())) == before


def test_only_so_many_clips_are_kept(server: Server) -> None:
    data = screen() + FULL + b";"
    kept = [upload(server, data).json["id"] for _ in range(12)]
    assert len(server.studio.clips.all()) == 8
    assert ask(server, "POST", f"/api/clips/{kept[0]}/original", {"wish": wish()}).status == 404
    assert ask(server, "POST", f"/api/clips/{kept[-1]}/original", {"wish": wish()}).status == 200
    assert len([p for p in server.studio.clips.folder.iterdir() if p.is_file()]) == 8


def test_palettes_of_every_kind_come_and_go(server: Server) -> None:
    colors = ["#102030", "#405060", "#ff0080"]
    for suffix in ask(server, "GET", "/api/start").json["palettes"]:
        answer = ask(server, "POST", f"/api/palettes/write?format={suffix}", {"colors": colors})
        assert answer.status == 200
        again = ask(server, "POST", f"/api/palettes/read?name=mine{suffix}", answer.body)
        assert again.json == {"name": "mine", "colors": colors}, suffix


@pytest.mark.parametrize(
    ("path", "body"),
    [("read?name=a.exe", b"x"), ("read?name=a.gpl", b"x"), ("read?name=", b"x"), ("read?name=a.json", b"[[[["),
     ("read?name=a.hex", b"ff0000\n" * 300), ("write?format=.exe", {"colors": ["red"]}),
     ("write?format=.gpl", {"colors": "red"}), ("write?format=.gpl", {"colors": []}),
     ("write?format=.gpl", {"colors": ["red"] * 257}), ("write?format=.gpl", {})],
)  # fmt: skip
def test_what_is_no_palette_gets_a_sentence(server: Server, path: str, body: object) -> None:
    answer = ask(server, "POST", f"/api/palettes/{path}", body)
    assert answer.status in (400, 415, 422), answer.text
    assert "\n" not in answer.text


def test_own_palettes_are_kept_in_a_file_of_the_person(server: Server) -> None:
    assert ask(server, "GET", "/api/palettes/own").json == []
    mine = [{"name": "dusk", "colors": ["#102030", "#405060"]}]
    assert ask(server, "PUT", "/api/palettes/own", mine).status == 204
    assert ask(server, "GET", "/api/palettes/own").json == mine
    for bad in ({}, [1], [{"name": "x"}], [{"name": "x", "colors": ["no"]}], [mine[0]] * 101):
        assert ask(server, "PUT", "/api/palettes/own", bad).status == 400
    assert ask(server, "GET", "/api/palettes/own").json == mine

"""Nobody but the page that was opened here gets anything from the studio, or into it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from gifs import control, image, screen
from steadyhue.studio.server import Server
from studios import ask, raw, running, upload

GIF = screen() + control() + image(0, 0, 4, 4, [0, 1, 2, 3] * 4) + b";"
MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("studio"), upload=MEGABYTE) as found:
        yield found


def routes(server: Server) -> list[tuple[str, str]]:
    """Every route there is: one that is added is attacked, too."""
    clip = upload(server, GIF).json["id"]
    found = []
    for route in server.studio.app().routes:
        path = route.path.replace("{name}", "main.js" if "static" in route.path else "harbor")
        path = path.replace("{id}", clip if "/clips/" in path else "none")
        found += [(method, path) for method in route.methods if method != "HEAD"]
    return found


def refused(server: Server, headers: dict[str, str], status: int, *, page: bool = True) -> None:
    before = len(server.studio.clips.all())
    for method, path in routes(server):
        if path.startswith("/api/") or page:
            answer = ask(server, method, path, b"{}", headers=headers)
            assert answer.status == status, (method, path)
            assert answer.headers["content-type"].startswith("text/plain")
            assert_sealed(answer.headers)
    # Only the clips that `routes` uploads itself are there.
    assert len(server.studio.clips.all()) <= before + 1


def assert_sealed(headers: dict[str, str]) -> None:
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert not [
        name for name in headers if name.startswith("access-control") or name == "set-cookie"
    ]


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer wrong", "Basic Og==", "{token}"])
def test_data_need_the_token(server: Server, authorization: str) -> None:
    text = authorization.replace("{token}", server.token)
    refused(server, {"Authorization": text}, 401, page=False)


def test_a_ticket_is_good_for_one_start_and_nothing_else(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        ticket = server.ticket_address.partition("#t=")[2]
        assert ticket != server.token
        assert ask(server, "GET", "/api/palettes/own", token=ticket).status == 401
        assert ask(server, "GET", "/api/start").json["token"] is None
        assert ask(server, "GET", "/api/start", token=ticket).json["token"] == server.token
        assert ask(server, "GET", "/api/start", token=ticket).status == 401


def test_the_page_and_its_parts_need_none_and_have_no_data(server: Server) -> None:
    for path in ["/", "/static/main.js", "/static/player.js", "/static/page.css"]:
        answer = ask(server, "GET", path, token="")
        assert answer.status == 200
        assert_sealed(answer.headers)
        assert server.token not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.test", "127.0.0.1", "127.0.0.1.evil.test:{port}", "127.0.0.1:1", "[::]:{port}",
             "localhost:{port}.evil.test", "user@127.0.0.1:{port}", "0.0.0.0:{port}", ""]
)  # fmt: skip
def test_another_host_is_refused(server: Server, host: str) -> None:
    refused(server, {"Host": host.replace("{port}", str(server.port))}, 403)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_names_of_this_machine_are_let_in(server: Server, host: str) -> None:
    headers = {"Host": f"{host}:{server.port}", "Origin": f"http://{host}:{server.port}"}
    assert ask(server, "GET", "/api/start", headers=headers).status == 200


@pytest.mark.parametrize(
    "origin", ["null", "https://evil.test", "http://127.0.0.1", "http://127.0.0.1:1",
               "https://127.0.0.1:{port}", "http://localhost:{port}", "file://"]
)  # fmt: skip
def test_another_origin_is_refused(server: Server, origin: str) -> None:
    refused(server, {"Origin": origin.replace("{port}", str(server.port))}, 403)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "SAME-ORIGIN"])
def test_what_another_site_makes_the_browser_send_is_refused(server: Server, site: str) -> None:
    refused(server, {"Sec-Fetch-Site": site}, 403)


def test_only_the_page_itself_may_be_typed(server: Server) -> None:
    headers = {"Sec-Fetch-Site": "none"}
    assert ask(server, "GET", "/", headers=headers).status == 200
    refused(server, headers, 403, page=False)
    assert ask(server, "GET", "/static/main.js", headers=headers).status == 403


def head(server: Server, target: str = "/api/start", *lines: str) -> bytes:
    given = lines or (f"Host: 127.0.0.1:{server.port}",)
    text = [f"GET {target} HTTP/1.1", *given, f"Authorization: Bearer {server.token}"]
    return "\r\n".join([*text, "Connection: close", "", ""]).encode()


def test_the_plain_request_of_the_next_tests_is_let_in(server: Server) -> None:
    assert raw(server, head(server)).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "lines",
    [
        ("X: y",),
        ("Host: 127.0.0.1:{port}", "Host: evil.test"),
        ("Host: evil.test", "Host: 127.0.0.1:{port}"),
        ("Host: 127.0.0.1:{port}", "Host: 127.0.0.1:{port}"),
        ("Host: 127.0.0.1:{port}", "Authorization: Bearer wrong"),
        ("Host: 127.0.0.1:{port}", "Origin: http://127.0.0.1:{port}", "Origin: null"),
        ("Host: 127.0.0.1:{port}", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"),
    ],
    ids=lambda lines: " | ".join(lines),
)
def test_headers_that_are_missing_or_twice_there_are_refused(
    server: Server, lines: tuple[str, ...]
) -> None:
    text = [line.replace("{port}", str(server.port)) for line in lines]
    status = raw(server, head(server, "/api/start", *text)).split(b" ", 2)[1]
    assert status in (b"400", b"401", b"403")


def test_a_target_that_names_a_host_is_refused(server: Server) -> None:
    for host in (f"127.0.0.1:{server.port}", "evil.test"):
        answer = raw(server, head(server, f"http://{host}/api/start"))
        assert answer.split(b" ", 2)[1] in (b"400", b"403", b"404")


def test_there_are_no_web_sockets(server: Server) -> None:
    lines = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")  # fmt: skip
    for path in ("/", "/api/start"):
        host = f"Host: 127.0.0.1:{server.port}"
        assert b" 101 " not in raw(server, head(server, path, host, *lines)).split(b"\r\n")[0]


@pytest.mark.parametrize(
    "path", ["/static/..%2f..%2fpyproject.toml", "/static/%2fetc%2fpasswd", "/static/index.py",
             "/static/", "/static/../app.py", "//evil.test/", "/api/samples/..%2f..%2fsetup",
             "/api/exports/..%2f..%2f/file", "/api/clips/..%2f..%2fetc/preview"]
)  # fmt: skip
def test_only_what_is_listed_is_sent(server: Server, path: str) -> None:
    for method in ("GET", "POST"):
        answer = ask(server, method, path, b"{}")
        assert answer.status in (404, 405), path
        assert "location" not in answer.headers


def test_a_body_over_the_limit_is_refused_as_it_comes(server: Server) -> None:
    over = b"GIF89a" + bytes(MEGABYTE)
    before = len(list(server.studio.clips.folder.iterdir()))
    assert upload(server, over).status == 413
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": f"Bearer {server.token}"}
    chunks = iter([over[:700_000], over[700_000:]])
    connection.request("POST", "/api/clips", chunks, headers, encode_chunked=True)
    answer = connection.getresponse()
    assert answer.status == 413
    assert b"over the limit of 1 MB" in answer.read()
    connection.close()
    assert len(list(server.studio.clips.folder.iterdir())) == before


def test_wishes_over_their_limit_are_refused(server: Server) -> None:
    clip = upload(server, GIF).json["id"]
    body = b'{"wish": "' + b"x" * (64 << 10) + b'"}'
    for what in ("preview", "look", "heat", "original", "exports"):
        assert ask(server, "POST", f"/api/clips/{clip}/{what}", body).status == 413
    assert ask(server, "POST", "/api/palettes/read?name=a.gpl", bytes(MEGABYTE + 1)).status == 413


@pytest.mark.parametrize(
    ("name", "shown"),
    [("../../x.gif", "x.gif"), (r"C:\Users\x.gif", "x.gif"), (r"\\host\share\x.gif", "x.gif"),
     ("a%0d%0aSet-Cookie:%20b=c.gif", "aSet-Cookie: b=c.gif"), ("%00", "clip"), ("", "clip"),
     ("%e2%80%aefig.gif", "fig.gif"), ("x" * 500, "x" * 120), ("/etc/passwd", "passwd")],
)  # fmt: skip
def test_the_name_of_an_upload_is_only_text(server: Server, name: str, shown: str) -> None:
    answer = upload(server, GIF, name)
    assert answer.status == 201
    assert answer.json["name"] == shown
    files = [path for path in server.studio.clips.folder.rglob("*") if path.is_file()]
    assert all(path.parent == server.studio.clips.folder for path in files)
    assert server.studio.clips.folder.stat().st_mode & 0o777 == 0o700


def test_all_is_removed_in_the_end(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        upload(server, GIF)
        folder = server.studio.clips.folder
        assert folder.is_dir()
    assert not folder.exists()

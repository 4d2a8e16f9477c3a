"""A real attack, in a real browser: another site, and one that rebinds its name, get nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from browser import browser, needs_browser
from steadyhue.studio.server import Server
from studios import PATIENCE, ask, running, write_clip

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser

SITE = """<!doctype html><meta charset="utf-8"><title>evil</title><script type="module">
const studio = "STUDIO", found = {};
const gif = Uint8Array.from(atob("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs="), c => c.charCodeAt(0));
const within = (promise, name) => Promise.race([promise, new Promise(r => setTimeout(r, 5000, "nothing came"))])
  .then(value => { found[name] = value; }, error => { found[name] = "refused: " + error.name; });
const loaded = (tag, attributes) => new Promise((resolve, reject) => {
  const element = Object.assign(document.createElement(tag), attributes);
  element.onload = () => resolve("loaded");
  element.onerror = () => reject(new Error("no"));
  document.body.append(element);
});
const read = async options => (await fetch(studio + "/api/start", options)).text();
const write = async (path, options) =>
  (await fetch(studio + path, {method: "POST", body: gif, ...options})).type;
const socket = path => new Promise((resolve, reject) => {
  const line = new WebSocket(studio.replace("http", "ws") + path);
  line.onopen = () => resolve("open");
  line.onerror = () => reject(new Error("no"));
});
const frame = attributes => new Promise(resolve => {
  const element = Object.assign(document.createElement("iframe"), attributes);
  if (attributes.sandbox !== undefined) element.setAttribute("sandbox", attributes.sandbox);
  addEventListener("message", event => { if (event.source === element.contentWindow) resolve(event.data); });
  element.onload = () => setTimeout(() => {
    try { resolve(element.contentDocument.body.textContent); } catch (error) { resolve("refused: " + error.name); }
  }, attributes.srcdoc ? 3000 : 0);
  document.body.append(element);
});
const inside = `<script>fetch("${studio}/api/clips", {method: "POST", mode: "no-cors", body: "GIF89a"})
  .then(() => fetch("${studio}/api/start")).then(r => r.text())
  .then(text => parent.postMessage(text, "*"), e => parent.postMessage("refused: " + e.name, "*"))</` + `script>`;
const form = Object.assign(document.createElement("form"),
  {method: "post", enctype: "text/plain", action: studio + "/api/clips?name=form.gif", target: "sent"});
document.body.append(Object.assign(document.createElement("iframe"), {name: "sent"}), form);
form.append(Object.assign(document.createElement("input"), {name: "GIF89a", value: "x"}));
form.submit();
await Promise.all([
  within(read({}), "read"),
  within(read({headers: {Authorization: "Bearer x"}}), "read with a header"),
  within(read({mode: "no-cors", credentials: "include"}), "read blindly"),
  within(write("/api/clips", {}), "write"),
  within(write("/api/clips", {mode: "no-cors"}), "write blindly"),
  within(write("/api/samples/harbor", {mode: "no-cors", headers: {"Content-Type": "text/plain"}}), "draw blindly"),
  within(loaded("img", {src: studio + "/static/page.css"}), "picture"),
  within(loaded("script", {src: studio + "/static/player.js"}), "script"),
  within(loaded("script", {type: "module", src: studio + "/static/main.js"}), "module"),
  within(loaded("link", {rel: "stylesheet", href: studio + "/static/page.css"}), "style"),
  within(socket("/api/start"), "socket"), within(socket("/"), "socket to the page"),
  within(frame({src: studio + "/"}), "frame"),
  within(frame({sandbox: "allow-scripts", srcdoc: inside}), "sandboxed frame"),
]);
window.found = found;
</script>"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = write_clip(tmp_path_factory.mktemp("clip") / "secret.gif")
    with running(tmp_path_factory.mktemp("studio"), (path,)) as found:
        yield found


@contextmanager
def site(html: str) -> Iterator[int]:
    """Serve one page from another origin of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: Any) -> None:
            pass

    other = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=other.serve_forever)
    thread.start()
    try:
        yield other.server_address[1]
    finally:
        other.shutdown()
        thread.join()
        other.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser("--host-resolver-rules=MAP evil.test 127.0.0.1") as found:
        yield found


def what_it_found(tab: Page) -> dict[str, str]:
    for _ in range(PATIENCE * 10):
        found = tab.evaluate("window.found ?? null")
        if found is not None:
            return found
        tab.wait_for_timeout(100)
    raise AssertionError("the attack never came to its end")


def stored(server: Server) -> list[str]:
    return sorted(path.name for path in server.studio.clips.folder.iterdir())


def held(server: Server) -> list[str]:
    return [clip.name for clip in server.studio.clips.all()]


def test_another_site_reads_nothing_and_stores_nothing(chromium: Browser, server: Server) -> None:
    before = stored(server)
    html = SITE.replace("STUDIO", f"http://127.0.0.1:{server.port}")
    with site(html) as port:
        for host in ("127.0.0.1", "localhost", "evil.test"):
            tab = chromium.new_page()
            tab.goto(f"http://{host}:{port}/")
            found = what_it_found(tab)
            tab.close()
            assert len(found) == 14
            blind = {
                name: found.pop(name) for name in ("read blindly", "write blindly", "draw blindly")
            }
            assert set(blind.values()) <= {"", "opaque", "refused: TypeError"}, blind
            frame = found.pop("frame")
            assert frame.startswith("refused") or "Another site" in frame or frame == "", frame
            for name, value in found.items():
                assert value.startswith("refused") or value == "nothing came", (host, name, value)
            assert "secret" not in "".join(found.values())
    assert stored(server) == before
    assert held(server) == ["secret.gif"]
    assert ask(server, "GET", "/api/start").status == 200


def test_a_name_that_is_bound_to_this_machine_gets_nothing(
    chromium: Browser, server: Server
) -> None:
    tab = chromium.new_page()
    answer = tab.goto(f"http://evil.test:{server.port}/")
    assert answer is not None
    assert answer.status == 403
    told = tab.evaluate(
        """async token => {
            const headers = {Authorization: "Bearer " + token};
            const get = await fetch("/api/start", {headers});
            const post = await fetch("/api/clips", {method: "POST", body: "GIF89a", headers});
            return [get.status, post.status, await get.text()];
        }""",
        server.token,  # not even with the token
    )
    tab.close()
    assert told[:2] == [403, 403]
    assert "secret" not in told[2]
    assert held(server) == ["secret.gif"]


def test_a_site_that_links_here_opens_nothing(chromium: Browser, server: Server) -> None:
    html = f'<a href="http://127.0.0.1:{server.port}/#t={server.token}">x</a>'
    with site(html) as port:
        tab = chromium.new_page()
        tab.goto(f"http://localhost:{port}/")
        tab.click("a")
        tab.wait_for_url(f"http://127.0.0.1:{server.port}/**")
        assert "Another site asked for this." in tab.inner_text("body")
        tab.close()

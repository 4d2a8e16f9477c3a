"""The guard: nobody but the page that was opened here reaches the server.

Every site a browser visits can send requests to this machine. So each request must name this
server exactly (against DNS rebinding), come from its own page where the browser says whence
(against other sites), and, for all that has to do with data, carry the token that only the
address in the terminal has. There are no cookies, so no request carries anything by itself; no
CORS, so no other site may read an answer; and no WebSockets, which know no origin.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

DATA = "/api/"
"""Paths below this one need the token; the page and its parts have no data in them."""

ENTRY = "/api/start"
"""Where the ticket is exchanged for the token."""

GIVEN = "steadyhue.token"
"""Of a scope: the token, for who came with the ticket."""

HEADERS = [
    (b"content-security-policy", b"default-src 'none'; script-src 'self'; style-src 'self'; "
     b"img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
     b"frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]  # fmt: skip
"""Of every answer. Nothing is stored: another run has other clips at the same address."""


LEFT = 8 << 20
"""Most bytes of a refused body that are taken, and thrown away."""

PATIENCE = 1.0
"""Seconds that they may take."""


class Guard:
    """Lets through what comes from the page, and refuses all else before it is read.

    Parameters
    ----------
    app : ASGI application
    token : str
        What requests for data carry as ``Authorization: Bearer``.
    port : int
        Where the server listens.
    ticket : str
        What may be given once in the place of the token, and gets it.
    """

    def __init__(self, app: App, token: str, port: int, ticket: str) -> None:
        self._app = app
        self._token = token
        self._ticket: str | None = ticket
        self._hosts = {f"{host}:{port}".encode() for host in ("127.0.0.1", "localhost", "[::1]")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        body = _Body(receive)

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *HEADERS]}
            elif not message.get("more_body", False):
                await body.leave()
            await send(message)

        refusal = self.refusal(scope)
        if refusal is None:
            await self._app(scope, body.receive, sealed)
            return
        status, reason = refusal
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        if status == 401:
            headers.append((b"www-authenticate", b"Bearer"))
        await sealed({"type": "http.response.start", "status": status, "headers": headers})
        await sealed({"type": "http.response.body", "body": reason.encode()})

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return the status and the sentence of a refusal; None lets a request in."""
        host = _only(scope, b"host")
        # A target such as http://elsewhere/ would name another host beside the header.
        if host not in self._hosts or not scope["path"].startswith("/"):
            return 403, "This address is not the studio's."
        origins = _all(scope, b"origin")
        if origins and origins != [b"http://" + host]:
            return 403, "Another site asked for this."
        sites = _all(scope, b"sec-fetch-site")
        # The browser says "none" for an address that was typed or opened by a program.
        known = {b"same-origin"} | ({b"none"} if scope["path"] == "/" else set())
        if sites and (len(sites) > 1 or sites[0] not in known):
            return 403, "Another site asked for this."
        if scope["path"].startswith(DATA) and not self._knows(scope):
            return 401, "Open the address that the terminal shows; it has the key to this page."
        return None

    def _knows(self, scope: Scope) -> bool:
        """Whether a request has the token, or the ticket where that is taken."""
        given = _only(scope, b"authorization") or b""
        if hmac.compare_digest(given, f"Bearer {self._token}".encode()):
            return True
        if scope["path"] != ENTRY or self._ticket is None:
            return False
        if not hmac.compare_digest(given, f"Bearer {self._ticket}".encode()):
            return False
        self._ticket = None
        scope[GIVEN] = self._token
        return True


class _Body:
    """The body of a request, of which little is thrown away where it was refused.

    A connection that is closed on bytes that nobody took is reset, and the client may never see why.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_over = False

    async def receive(self) -> Message:
        """Receive the next part."""
        message = await self._receive()
        self._is_over = not message.get("more_body", False)
        return message

    async def leave(self) -> None:
        """Take what is left, within reason."""
        left = LEFT
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not self._is_over and left > 0:
                    left -= len((await self.receive()).get("body", b""))


def _all(scope: Scope, name: bytes) -> list[bytes]:
    return [value for key, value in scope["headers"] if key.lower() == name]


def _only(scope: Scope, name: bytes) -> bytes | None:
    """Return the value of a header that is there exactly once."""
    found = _all(scope, name)
    return found[0] if len(found) == 1 else None

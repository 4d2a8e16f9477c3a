"""The server's life: a free port of this machine, a token, a browser, and an end."""

from __future__ import annotations

import secrets
import signal
import socket
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from steadyhue.errors import MissingDependencyError, OutputError
from steadyhue.signals import handled
from steadyhue.studio.app import UPLOAD, Studio
from steadyhue.studio.clips import Clips
from steadyhue.studio.guard import Guard
from steadyhue.studio.hearing import hearing
from steadyhue.studio.leftovers import sweep
from steadyhue.studio.palettes import own_path

try:
    import uvicorn
except ImportError as error:
    raise MissingDependencyError("the studio", "studio") from error

ADDRESS = "127.0.0.1"
"""This machine and no other."""


class Server:
    """A studio that listens.

    Parameters
    ----------
    sources : sequence of path
        Clips to begin with, read where they lie.
    port : int
        0 takes a free one.
    upload : int
        Most bytes of a clip that is dropped.
    own : Path, optional
        Where palettes are kept; a file of the user's if not given.

    Raises
    ------
    FormatError
        If a clip cannot be read.
    OutputError
        If the port is taken.
    """

    def __init__(
        self,
        sources: Sequence[Path] = (),
        *,
        port: int = 0,
        upload: int = UPLOAD,
        own: Path | None = None,
    ) -> None:
        self.token = secrets.token_urlsafe(32)
        self._socket = _bound(port)
        self.port: int = self._socket.getsockname()[1]
        sweep()
        clips = Clips()
        try:
            for source in sources:
                clips.add(source, source.name, is_ours=False)
        except BaseException:
            clips.close()
            self._socket.close()
            raise
        self.studio = Studio(clips, own or own_path(), upload)
        self._ticket = secrets.token_urlsafe(32)
        app = Guard(self.studio.app(), self.token, self.port, self._ticket)
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http="h11",  # hands on a target as it came, for the guard to see
                ws="none",
                log_level="warning",
                access_log=False,
                server_header=False,
                date_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=1,  # a stream that is open would keep it forever
            )
        )

    @property
    def address(self) -> str:
        """What to open: the token is in the fragment, which is never sent anywhere."""
        return f"http://{ADDRESS}:{self.port}/#t={self.token}"

    @property
    def ticket_address(self) -> str:
        """The same for a program's arguments, which others may see: it lets one page in, once."""
        return f"http://{ADDRESS}:{self.port}/#t={self._ticket}"

    def run(self, ready: Callable[[str], object] = lambda address: None) -> None:
        """Serve until told to end; `ready` gets the address when the page can be opened.

        A signal ends it in order, at whatever moment it comes, and is raised again then for who
        handled it before.
        """
        told: list[int] = []

        def end(number: int, _frame: FrameType | None) -> None:
            told.append(number)
            self.stop()

        with handled(end):
            try:
                ready(self.address)  # the socket listens: who comes before uvicorn waits a moment
                with hearing():
                    self._server.run(sockets=[self._socket])
            finally:
                self.studio.close()
        for number in told[:1]:
            signal.raise_signal(number)

    def stop(self) -> None:
        """Ask the server to end, from any thread."""
        self._server.should_exit = True


def open_browser(address: str) -> None:
    """Show the page in a browser, if there is one with windows."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if not isinstance(browser, webbrowser.GenericBrowser) or isinstance(
        browser, webbrowser.BackgroundBrowser
    ):
        browser.open(address)  # not lynx or w3m, which would take the terminal


def _bound(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ADDRESS, port))
        listener.listen(64)
    except OSError as error:
        listener.close()
        raise OutputError(f"port {port} of {ADDRESS} cannot be used: {error.strerror}") from error
    return listener

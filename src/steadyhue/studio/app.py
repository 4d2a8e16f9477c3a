"""The routes of the studio. Whatever they do is elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from steadyhue.errors import (
    FormatError,
    FormatWarning,
    LimitError,
    MissingDependencyError,
    OptionError,
    SteadyhueError,
)
from steadyhue.formats.boundary import parse_json
from steadyhue.ranges import number
from steadyhue.studio import palettes, parts
from steadyhue.studio.clips import Clip, Clips
from steadyhue.studio.exports import Exports, asked_for
from steadyhue.studio.guard import GIVEN
from steadyhue.studio.job import Desk, Job, Superseded
from steadyhue.studio.previews import Previews, View
from steadyhue.studio.stream import told
from steadyhue.studio.tape import SIDE
from steadyhue.studio.wish import Wish

try:
    import anyio
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
    from starlette.routing import Route
except ImportError as error:
    raise MissingDependencyError("the studio", "studio") from error

JSON_BYTES = 64 << 10
"""Most bytes of a wish: a palette of 256 colors and as many edits take 10 kB."""

PALETTE_BYTES = 1 << 20
"""Most bytes of a palette file that is dropped."""

UPLOAD = 512 << 20
"""Most bytes of a clip, where the command line says no other number."""


class Studio:
    """All that one server holds, and the routes to it.

    Parameters
    ----------
    clips : Clips
        Those that the command line named are in it already.
    own : Path
        Where palettes that a person keeps are stored.
    upload : int
        Most bytes of a clip that is dropped.
    """

    def __init__(self, clips: Clips, own: Path, upload: int = UPLOAD) -> None:
        self.clips = clips
        self.desk = Desk()
        self.previews = Previews(clips)
        self.exports = Exports(clips)
        self._own = palettes.Own(own)
        self._upload = upload
        self._parts = parts.parts()
        # One thread does all that takes memory: each that did would keep some of it for itself.
        self._one = anyio.CapacityLimiter(1)

    def app(self) -> Starlette:
        """Return the application; its guard is put around it by the server."""
        routes = [
            Route("/", self.page),
            Route("/static/{name}", self.part),
            Route("/api/start", self.start),
            Route("/api/clips", self.add_clip, methods=["POST"]),
            Route("/api/samples/{name}", self.add_sample, methods=["POST"]),
            Route("/api/clips/{id}", self.remove_clip, methods=["DELETE"]),
            Route("/api/clips/{id}/original", self.original, methods=["POST"]),
            Route("/api/clips/{id}/preview", self.preview, methods=["POST"]),
            Route("/api/clips/{id}/look", self.look, methods=["POST"]),
            Route("/api/clips/{id}/heat", self.heat, methods=["POST"]),
            Route("/api/clips/{id}/lesson", self.lesson, methods=["POST"]),
            Route("/api/palettes/read", self.read_palette, methods=["POST"]),
            Route("/api/palettes/write", self.write_palette, methods=["POST"]),
            Route("/api/palettes/own", self.own_palettes, methods=["GET"]),
            Route("/api/palettes/own", self.keep_palettes, methods=["PUT"]),
            Route("/api/clips/{id}/exports", self.export, methods=["POST"]),
            Route("/api/exports/{id}", self.progress, methods=["GET"]),
            Route("/api/exports/{id}", self.cancel, methods=["DELETE"]),
            Route("/api/exports/{id}/file", self.file, methods=["GET"]),
        ]
        handlers: dict[Any, Any] = {
            KeyError: _gone,
            Superseded: _superseded,
            SteadyhueError: _sentence,
            FormatWarning: _sentence,
            HTTPException: _refused,
        }
        return Starlette(routes=routes, exception_handlers=handlers, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            self.close()

    def close(self) -> None:
        """Stop all work, and remove all that was stored."""
        self.desk.close()
        self.exports.close()
        self.clips.close()

    async def page(self, request: Request) -> Response:
        """Return the page, which has no data."""
        return Response(self._parts["index.html"][0], media_type="text/html")

    async def part(self, request: Request) -> Response:
        """Return a script or a style."""
        data, kind = self._parts[request.path_params["name"]]
        return Response(data, media_type=kind)

    async def start(self, request: Request) -> Response:
        """Tell what there is."""
        return JSONResponse(
            {
                **parts.about(),
                "token": request.scope.get(GIVEN),
                "upload": self._upload,
                "clips": [clip.told() for clip in self.clips.all()],
            }
        )

    async def add_clip(self, request: Request) -> Response:
        """Store what is uploaded, counting it as it comes, and open it."""
        path = self.clips.new_path()
        try:
            await self._store(request, path)
            name = request.query_params.get("name", "")
            clip = await anyio.to_thread.run_sync(self.clips.add, path, name)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return JSONResponse(clip.told(), 201)

    async def _store(self, request: Request, path: Path) -> None:
        too_much = f"The file is over the limit of {self._upload >> 20} MB; --limit lets it in."
        with suppress(ValueError):
            if int(request.headers.get("content-length", "")) > self._upload:
                raise HTTPException(413, too_much)
        stored = 0
        with path.open("xb") as file:
            async for chunk in request.stream():
                stored += len(chunk)
                if stored > self._upload:
                    raise HTTPException(413, too_much)
                file.write(chunk)  # into the system's memory: a thread would take longer

    async def add_sample(self, request: Request) -> Response:
        """Draw one of the clips that come with the package."""
        name = request.path_params["name"]
        draw = parts.SAMPLES[name]
        path = self.clips.new_path()
        await anyio.to_thread.run_sync(draw, path)
        clip = await anyio.to_thread.run_sync(self.clips.add, path, f"{name}.gif")
        return JSONResponse(clip.told(), 201)

    async def remove_clip(self, request: Request) -> Response:
        """Forget a clip."""
        self.clips.remove(request.path_params["id"])
        return Response(status_code=204)

    async def original(self, request: Request) -> Response:
        """Stream the frames as they were read."""
        return await self._work(request, self.previews.original)

    async def preview(self, request: Request) -> Response:
        """Stream all frames as they are wished."""
        return await self._work(request, self.previews.preview)

    async def look(self, request: Request) -> Response:
        """Send one frame as it is wished."""
        return await self._work(request, self.previews.look, at=True)

    async def heat(self, request: Request) -> Response:
        """Send a picture of what flickers."""

        def picture(clip: Clip, wish: Wish, view: View, job: Job) -> Iterator[bytes]:
            yield self.previews.heat(clip, wish, view, job)

        return await self._work(request, picture, media_type="image/png")

    async def lesson(self, request: Request) -> Response:
        """Tell how k-means finds the colors of one frame."""
        make = self.previews.lesson
        return await self._work(request, make, at=True, media_type="application/json")

    async def _work(
        self,
        request: Request,
        make: Callable[..., Iterator[bytes]],
        *,
        at: bool = False,
        media_type: str = "application/octet-stream",
    ) -> Response:
        clip = self.clips.get(request.path_params["id"])
        asked = await _json(request)
        wish, page = Wish.parse(asked.get("wish")), str(asked.get("page", ""))
        side = number(asked.get("side", SIDE), "side", 16, SIDE)
        view = View(int(side), number(asked.get("begin", 0), "begin", 0, 1e9))
        if at:
            make = partial(make, at=int(number(asked.get("at", 0), "at", 0, 1e6)))
        job = self.desk.begin(page, int(number(asked.get("revision", 0), "revision", 0, 1e15)))
        made = make(clip, wish, view, job=job)

        def pull() -> bytes | None:
            with self.desk.turn(job):
                return next(made, None)

        # The first record comes before the answer, so that what is wrong has a status of its own.
        try:
            first = await anyio.to_thread.run_sync(pull, limiter=self._one)
        except BaseException:
            job.stop()
            await self._left(made)
            raise
        return StreamingResponse(self._flow(first, made, pull, job), media_type=media_type)

    async def _left(self, made: Iterator[bytes]) -> None:
        """Let work end where it was done, and not in the loop that answers."""
        if isinstance(made, Generator):
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(made.close, limiter=self._one)

    async def _flow(
        self,
        first: bytes | None,
        made: Iterator[bytes],
        pull: Callable[[], bytes | None],
        job: Job,
    ) -> AsyncIterator[bytes]:
        record = first
        try:
            while record is not None:
                yield record
                record = await anyio.to_thread.run_sync(pull, limiter=self._one)
        except Superseded:
            yield told(superseded=True)
        except (SteadyhueError, FormatWarning, OSError, MemoryError, KeyError) as error:
            yield told(error=_said(error))
        finally:
            job.stop()
            await self._left(made)

    async def read_palette(self, request: Request) -> Response:
        """Return the colors of a palette file."""
        data = await _body(request, PALETTE_BYTES)
        name = request.query_params.get("name", "")
        return JSONResponse(await anyio.to_thread.run_sync(palettes.read, data, name))

    async def write_palette(self, request: Request) -> Response:
        """Return colors as a palette file."""
        asked = await _json(request)
        data = palettes.write(asked.get("colors"), request.query_params.get("format", ""))
        return Response(data, media_type="application/octet-stream")

    async def own_palettes(self, request: Request) -> Response:
        """Return the palettes that were kept."""
        return JSONResponse(self._own.read())

    async def keep_palettes(self, request: Request) -> Response:
        """Keep palettes."""
        self._own.write(parse_json(await _body(request, PALETTE_BYTES)))
        return Response(status_code=204)

    async def export(self, request: Request) -> Response:
        """Begin to write a file."""
        clip = self.clips.get(request.path_params["id"])
        asked = await _json(request)
        wish = Wish.parse(asked.get("wish"))
        export = asked_for(clip, wish, self.clips, asked)
        running = await anyio.to_thread.run_sync(self.exports.begin, export)
        return JSONResponse({"id": running.id, "name": export.file_name}, 201)

    async def progress(self, request: Request) -> Response:
        """Stream how an export gets on, a line of JSON at a time."""
        running = self.exports.get(request.path_params["id"])
        return StreamingResponse(running.lines(), media_type="application/x-ndjson")

    async def cancel(self, request: Request) -> Response:
        """End an export, and remove what it wrote."""
        await anyio.to_thread.run_sync(self.exports.cancel, request.path_params["id"])
        return Response(status_code=204)

    async def file(self, request: Request) -> Response:
        """Send what an export wrote."""
        path, name = self.exports.file(request.path_params["id"])
        return StreamingResponse(
            _chunks(path),
            media_type="application/octet-stream",
            headers={
                "content-disposition": parts.attachment(name),
                "content-length": str(path.stat().st_size),
            },
        )


def _chunks(path: Path, size: int = 1 << 20) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(size):
            yield chunk


async def _body(request: Request, most: int) -> bytes:
    """Read a body, counting it as it comes."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > most:
            raise HTTPException(413, f"The request is over the limit of {most >> 10} kB.")
    return bytes(data)


async def _json(request: Request) -> dict[str, Any]:
    try:
        asked = parse_json(await _body(request, JSON_BYTES))
    except ValueError as error:
        raise OptionError(f"the request is no JSON: {error}") from None
    if not isinstance(asked, dict):
        raise OptionError("the request must be an object")
    return asked


def _said(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "there is not enough memory for this clip"
    if isinstance(error, KeyError):
        return "that clip is gone; drop it again"
    return str(error)


async def _gone(request: Request, error: Exception) -> Response:
    return PlainTextResponse(
        "That is not here, or no longer; if it was a clip, drop it again.", 404
    )


async def _superseded(request: Request, error: Exception) -> Response:
    return Response(told(superseded=True), media_type="application/octet-stream")


async def _sentence(request: Request, error: Exception) -> Response:
    for kind, status in ((OptionError, 400), (LimitError, 413), (FormatError, 415)):
        if isinstance(error, kind):
            return PlainTextResponse(str(error), status)
    return PlainTextResponse(str(error), 422)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(error.detail, error.status_code, headers=error.headers)

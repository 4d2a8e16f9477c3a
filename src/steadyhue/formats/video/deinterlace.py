"""Interlaced pictures, whose odd and even rows are of different times, made whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import av
from av.filter import Graph

FILTER = "bwdif", "mode=send_frame:deint=interlaced"
"""FFmpeg's Bob Weaver deinterlacer: one picture of each, of those only that are flagged."""


def progressive(pictures: Iterator[Any]) -> Iterator[Any]:
    """Yield pictures in order; from the first that is flagged as interlaced, filtered."""
    graph: Any = None
    shape: Any = None
    for picture in pictures:
        if graph is None and not picture.interlaced_frame:
            yield picture
            continue
        if shape != (shape := (picture.width, picture.height, picture.format.name)):
            if graph is not None:
                yield from _rest(graph)
            graph = _graph(picture)
        graph.push(picture)
        yield from _ready(graph)
    if graph is not None:
        yield from _rest(graph)


def _graph(picture: Any) -> Any:
    graph = Graph()
    source = graph.add_buffer(
        width=picture.width,
        height=picture.height,
        format=picture.format,
        time_base=picture.time_base,
    )
    whole, sink = graph.add(*FILTER), graph.add("buffersink")
    source.link_to(whole)
    whole.link_to(sink)
    graph.configure()
    return graph


def _ready(graph: Any) -> Iterator[Any]:
    while True:
        try:
            yield graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return


def _rest(graph: Any) -> Iterator[Any]:
    graph.push(None)
    yield from _ready(graph)

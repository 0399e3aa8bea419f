"""Streamed responses: their chunks are made after the middleware has returned.

Each chunk is made from the request's snapshot and with its view-as, and both are put aside again
before the chunk is handed over, so that nothing reaches the next request on the same thread.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from django.http.response import HttpResponseBase, StreamingHttpResponse

from .. import pins, viewing_as


def go_on(
    response: HttpResponseBase, pin: pins.Pin, seen: viewing_as.Later | None
) -> HttpResponseBase:
    """Let the stream of a response, if it has one, be made as its view was."""
    # A file asks nothing, and a server sends it better without an iterator in between.
    if isinstance(response, StreamingHttpResponse) and not _is_file(response):
        content: Any = response.streaming_content
        make: Any = _later if response.is_async else _now
        response.streaming_content = make(content, pin, seen)
    return response


def _is_file(response: StreamingHttpResponse) -> bool:
    return getattr(response, "file_to_stream", None) is not None


def _again(pin: pins.Pin, seen: viewing_as.Later | None) -> AbstractContextManager[object]:
    stack = ExitStack()
    stack.enter_context(pins.resumed(pin))
    stack.enter_context(viewing_as.looking(seen))
    return stack


def _now(content: Iterable[bytes], pin: pins.Pin, seen: viewing_as.Later | None) -> Iterator[bytes]:
    chunks = iter(content)
    while True:
        with _again(pin, seen):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


async def _later(
    content: AsyncIterable[bytes], pin: pins.Pin, seen: viewing_as.Later | None
) -> AsyncIterator[bytes]:
    chunks = aiter(content)
    while True:
        with _again(pin, seen):
            chunk = await anext(chunks, None)
        if chunk is None:
            return
        yield chunk

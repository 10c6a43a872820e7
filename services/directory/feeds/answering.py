"""Answers of a feed: a page in the standard's envelope, one thing, or everything as lines of JSON.

Each can be asked for by a page of any site (CORS), and asked again with `If-None-Match`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import BoundedSemaphore
from typing import Any

from flask import Flask, Response, request, stream_with_context

from shared.errors import Unavailable

Json = dict[str, Any]
NDJSON = "application/x-ndjson"
# Streams hold a hand and a connection for as long as the reader takes: so many at once in each process,
# and none for longer than this. One that is cut off is seen by its reader to be unfinished.
_STREAMS = BoundedSemaphore(2)
_LONGEST_STREAM_SECONDS = 600
_ASK_AGAIN_SECONDS = 30
_LINES_AT_ONCE = 50


class ReaderTooSlow(RuntimeError):
    """A stream that its reader did not take in time."""


def answer(body: Json) -> Response:
    """`body` as JSON with its ETag; 304 without a body to whoever has it already."""
    response = Response(_dumped(body) + "\n", content_type="application/json")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def envelope(contents: Sequence[Json], *, total: int, number: int, size: int) -> Json:
    """The standard's page, with all eight of its fields."""
    pages = -(-total // size)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": list(contents),
    }


def lines(things: Iterable[Json]) -> Response:
    """Each thing on a line, sent as it is read. Raises Unavailable while others are reading everything."""
    if request.method == "HEAD":
        return Response(content_type=NDJSON)
    if not _STREAMS.acquire(blocking=False):
        raise Unavailable(
            "Others are reading everything just now. Ask again in half a minute, or read by pages.",
            headers={"Retry-After": str(_ASK_AGAIN_SECONDS)},
        )
    held = [_STREAMS]

    def give_back() -> None:
        # Read to its end, or given up before: once, whichever comes first.
        if held:
            held.pop().release()

    response = Response(stream_with_context(_in_time(things, give_back)), content_type=NDJSON)
    response.call_on_close(give_back)
    response.headers["Cache-Control"] = "no-cache"
    return response


def init_open_answers(app: Flask, paths: tuple[str, ...]) -> None:
    """Let any site read what stands under `paths`, refusals too. Call it before the security headers."""

    @app.after_request
    def _open(response: Response) -> Response:
        if request.path.startswith(paths):
            headers = response.headers
            headers["Access-Control-Allow-Origin"] = "*"
            headers["Access-Control-Expose-Headers"] = "ETag, Retry-After, X-Request-Id"
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            if request.method == "OPTIONS":
                headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
                headers["Access-Control-Allow-Headers"] = "If-None-Match"
                headers["Access-Control-Max-Age"] = "86400"
        return response


def _in_time(things: Iterable[Json], at_end: Callable[[], None]) -> Iterator[str]:
    began = time.monotonic()
    waiting: list[str] = []
    for thing in things:
        waiting.append(_dumped(thing) + "\n")
        if len(waiting) == _LINES_AT_ONCE:
            if time.monotonic() - began > _LONGEST_STREAM_SECONDS:
                raise ReaderTooSlow
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting)
    at_end()


def _dumped(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

"""Answers of a feed: a page in the standard's envelope, one thing, or everything as lines of JSON.

Each can be asked for by a page of any site (CORS), and asked again with `If-None-Match`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Flask, Response, request

from shared.streams import stream

Json = dict[str, Any]
NDJSON = "application/x-ndjson"


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
    response = stream((_dumped(thing) + "\n" for thing in things), NDJSON)
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


def _dumped(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

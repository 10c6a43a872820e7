"""What every answer of every service has in common: a request id, problem+json, one log line.

Errors are RFC 9457 problem details with a stable `type`, a sentence a person can act on and the request
id; never a stack, SQL or a library's message. Pages get theirs from `shared.web.errors`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, Response, current_app, g, json, request
from sqlalchemy.exc import DataError, DBAPIError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.http import HTTP_STATUS_CODES

from shared import settings
from shared.body_words import in_words
from shared.db import DATABASE_AWAY
from shared.errors import (
    BadToken,
    Conflict,
    FieldProblem,
    Invalid,
    LinkworkError,
    Malformed,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from shared.json_text import pointer_step
from shared.logs import REQUEST_ID_HEADER, get_logger, start_request_id
from shared.logs import request_id as current_request_id
from shared.request_body import LARGEST_BODY, read_in_pieces, too_large

MACHINE_PATHS = (
    "/api/", "/oauth/", "/oruk/", "/hsds/", "/.well-known/", "/openapi.json",
    "/healthz", "/readyz", "/metrics",
)  # fmt: skip
log = get_logger("http")


def init_http(app: Flask, service: str) -> None:
    """Give `app` its request ids, size limit, error answers and request log."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    app.config["LINKWORK_SERVICE"] = service
    app.before_request(_start)
    app.before_request(read_in_pieces)
    app.after_request(_finish)
    app.register_error_handler(LinkworkError, answer_error)
    app.register_error_handler(HTTPException, _answer_http_exception)
    unexpected: tuple[type[Exception], ...] = (DataError, *DATABASE_AWAY, Exception)
    for kind in unexpected:
        app.register_error_handler(kind, _answer_unexpected)


def is_for_machines(path: str | None = None) -> bool:
    """True where a caller expects problem+json and not a page."""
    return (path or request.path).startswith(MACHINE_PATHS)


def answer_error(error: LinkworkError) -> Response:
    """`error` as problem+json, or as a page where a person is looking."""
    if not is_for_machines():
        from shared.web.errors import error_page

        return error_page(error)
    return problem(error)


def problem(error: LinkworkError) -> Response:
    """The RFC 9457 answer of `error`."""
    body: dict[str, Any] = {
        "type": f"{settings.public_url('directory')}/problems/{error.slug}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "request_id": current_request_id(),
        **{name: value for name, value in error.extra.items() if name != "headers"},
    }
    if isinstance(error, Invalid):
        body["errors"] = [{"pointer": e.pointer, "detail": e.detail} for e in error.errors]
    response = Response(json.dumps(body), status=error.status, content_type="application/problem+json")
    for name, value in error_headers(error).items():
        response.headers[name] = value
    return response


def error_headers(error: LinkworkError) -> Mapping[str, str]:
    """The headers that belong to an error, whether it is shown as a page or a problem."""
    headers: dict[str, str] = dict(error.extra.get("headers", {}))
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthenticated):
        why = ', error="invalid_token"' if isinstance(error, BadToken) else ""
        headers["WWW-Authenticate"] = f'Bearer realm="linkwork"{why}'
    return headers


class _Refused(LinkworkError):
    """An HTTP refusal that has no class of its own (404 of the router, 405, 415…)."""

    def __init__(self, error: HTTPException, detail: str, **extra: Any) -> None:
        code = error.code or 500
        self.status = code  # type: ignore[misc]
        self.title = HTTP_STATUS_CODES.get(code, "Refused")  # type: ignore[misc]
        super().__init__(detail, slug=self.title.lower().replace(" ", "-"), **extra)


SENTENCES = {
    404: "There is nothing at this address, or not for you.",
    406: "This address answers in JSON only.",
    415: "Send JSON, with the header Content-Type: application/json.",
}


def _answer_http_exception(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return current_app.make_response(error.get_response(request.environ))
    if isinstance(error.response, Response):
        # A refusal that brings its own page.
        return error.response
    return answer_error(as_linkwork_error(error))


def as_linkwork_error(error: HTTPException) -> LinkworkError:
    """A framework's refusal in our own words."""
    data = getattr(error, "data", None) or {}
    if error.code == 422 and "messages" in data:
        return Invalid(list(_field_problems(data["messages"])))
    if error.code == 400:
        return Malformed("The body could not be read as JSON." if request.is_json else "")
    if isinstance(error, RequestEntityTooLarge):
        return too_large()
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        return _Refused(error, f"This address takes {allowed}.", headers={"Allow": allowed})
    if error.code == 429:
        return TooMany("Too many tries from here. Wait a little and try again.")
    return _Refused(error, SENTENCES.get(error.code or 500, "This could not be answered."))


def _field_problems(messages: Any, pointer: str = "") -> Iterator[FieldProblem]:
    """marshmallow's nested messages as flat pointers; webargs puts the location at the top."""
    if (
        not pointer
        and isinstance(messages, Mapping)
        and set(messages) <= {"json", "query", "form", "headers"}
    ):
        for inner in messages.values():
            yield from _flat(inner, "")
        return
    yield from _flat(messages, pointer)


def _flat(messages: Any, pointer: str) -> Iterator[FieldProblem]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            step = "" if key == "_schema" else f"/{pointer_step(key)}"
            yield from _flat(inner, pointer + step)
    elif isinstance(messages, (list, tuple)):
        for inner in messages:
            yield from _flat(inner, pointer)
    else:
        yield FieldProblem(pointer, in_words(str(messages)))


def _answer_unexpected(error: Exception) -> Response:
    """The database away is 503; text it cannot hold is 422; anything else is ours to mend and 500."""
    if isinstance(error, DataError):
        log.warning("refused_by_database", error=type(error.orig).__name__)
        return answer_error(Invalid.field("", "Something sent here cannot be stored as text."))
    if isinstance(error, RecursionError) and request.content_length:
        return answer_error(Malformed("This is nested deeper than anything taken here."))
    sqlstate = getattr(getattr(error, "orig", None), "sqlstate", None)
    if isinstance(error, DBAPIError) and sqlstate in {"55P03", "40001", "40P01"}:
        return answer_error(Conflict("Somebody else is changing this just now. Try again in a moment."))
    log.error("unexpected_error", exc_info=error)
    if isinstance(error, DATABASE_AWAY):
        return answer_error(Unavailable("The store does not answer just now. Nothing was kept. Try again."))
    return answer_error(
        LinkworkError("Something went wrong on our side. Nothing was half-stored. Try again in a moment.")
    )


def _start() -> None:
    start_request_id(request.headers.get(REQUEST_ID_HEADER))
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    response.headers[REQUEST_ID_HEADER] = current_request_id()
    started = getattr(g, "started", None)
    if request.path not in ("/healthz", "/readyz", "/metrics") and not request.path.startswith("/assets/"):
        # The rule, not the path: what is in the path may say too much. Never the query string.
        log.info(
            "request",
            method=request.method,
            route=str(request.url_rule) if request.url_rule else None,
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1) if started else None,
        )
    return response

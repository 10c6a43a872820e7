"""Errors as pages: what happened, what to do now, and the request id to quote.

`shared.http` calls `error_page` for every path that is not for machines.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, g, make_response, render_template

from shared.errors import Invalid, LinkworkError
from shared.http import error_headers
from shared.logs import request_id
from shared.web.csrf import held_form


@dataclass(frozen=True)
class Words:
    """The heading of an error page, and what to do about it."""

    title: str
    now: str


WORDS = {
    400: Words("That could not be read", "Go back, reload the page and try again."),
    401: Words("Sign in first", "Sign in and you can go on."),
    403: Words("That cannot be done from here", "Go back, reload the page and try again."),
    404: Words(
        "Page not found",
        "If you typed the address, check it. If you followed a link, what it led to may have moved,"
        " or may not be open to the role you are signed in with.",
    ),
    405: Words("That cannot be done at this address", "Go back to the page you came from and try again."),
    409: Words("That cannot be done as things stand", "Go back and reload the page to see how things stand."),
    413: Words("That is too much to send at once", "Shorten what you typed, or send a smaller file."),
    422: Words("Some answers need another look", "Go back and mend them. Nothing was kept."),
    429: Words("Too many tries", "Wait a little, then try again."),
    500: Words(
        "Something went wrong on our side",
        "If it happens again, tell us the reference below.",
    ),
    503: Words("Not available just now", "If it goes on, tell us the reference below."),
}
_OTHER = {4: Words("That cannot be done", "Go back and try again."), 5: WORDS[500]}


def error_page(error: LinkworkError) -> Response:
    """The page of `error`, with its status and headers (Allow, Retry-After, …)."""
    status = error.status
    words = WORDS.get(status) or _OTHER.get(status // 100, WORDS[500])
    # Asking who is signed in may be the very thing that failed.
    g.linkwork_bare = status >= 500
    held = held_form() if status == 401 else None
    page = render_template(
        "linkwork/error.html",
        words=words,
        # The sentence was written for a person and holds nothing personal (shared.errors).
        detail=error.detail if error.detail != error.title else "",
        problems=[p.detail for p in error.errors] if isinstance(error, Invalid) else [],
        status=status,
        request_id=request_id(),
        held=held,
    )
    response = make_response(page, status)
    for name, value in error_headers(error).items():
        response.headers[name] = value
    return response

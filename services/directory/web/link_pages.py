"""What a link from an e-mail shows when it does nothing any more."""

from __future__ import annotations

from flask import Response, make_response, render_template

from shared.errors import Conflict, NotFound


def link_over(over: NotFound | Conflict, what: str) -> Response:
    """Say why, and what to do now; `what` is `reset`, `invitation` or `mailbox`. Status 404 or 410."""
    page = render_template("directory/link_over.html", why=over.detail, what=what)
    return make_response(page, 404 if isinstance(over, NotFound) else 410)

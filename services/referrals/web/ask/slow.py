"""The page of somebody whose network has sent too much: whom to ring, and that nothing is lost."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask_limiter import RequestLimit

from services.referrals.web.ask.around import ring_at

RETRY_AFTER = 600


def too_many(_limit: RequestLimit) -> Response:
    """429, with the numbers of the place."""
    ring = ring_at(str((request.view_args or {}).get("code", "")))
    answer = make_response(render_template("referrals/ask/slow.html", ring=ring), 429)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer

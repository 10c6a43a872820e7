"""The page of somebody whose network has sent too much: whom to ring, and that nothing is lost."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask_limiter import RequestLimit

from services.referrals.web.facts import Facts

RETRY_AFTER = 600


def too_many(_limit: RequestLimit) -> Response:
    """429, with the numbers of the place."""
    facts = Facts.now()
    place = facts.place_called(str((request.view_args or {}).get("code", "")))
    page = render_template("referrals/ask/slow.html", ring=facts.ring_in(place["id"] if place else None))
    answer = make_response(page, 429)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer

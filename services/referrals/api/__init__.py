"""JSON in, JSON out. Each endpoint's contract is in its decorators; the work is in `actions`."""

from flask import Response, request
from werkzeug.exceptions import UnprocessableEntity

from services.referrals.actions.ring_now import ring_now
from services.referrals.api import acts, events, meta, referrals, routes
from shared.auth.guard import caller_or_none
from shared.errors import Conflict, Invalid
from shared.http import as_linkwork_error, problem

BLUEPRINTS = (referrals.blp, acts.blp, routes.blp, meta.blp, events.blp)


def say_whom_to_ring(error: Invalid | Conflict | UnprocessableEntity) -> Response:
    """What could not be taken is not heard by any team: where it speaks of danger, the answer helps."""
    refusal = as_linkwork_error(error) if isinstance(error, UnprocessableEntity) else error
    caller = caller_or_none()
    numbers = ring_now(request.get_json(silent=True), by=caller) if caller is not None else ()
    if numbers:
        refusal.extra["emergency"] = numbers
    return problem(refusal)


for _blueprint in BLUEPRINTS:
    for _refusal in (Invalid, Conflict, UnprocessableEntity):
        _blueprint.register_error_handler(_refusal, say_whom_to_ring)

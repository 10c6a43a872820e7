"""JSON in, JSON out. Each endpoint's contract is in its decorators; the work is in `actions`."""

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from services.referrals.api import acts, events, meta, referrals, routes

BLUEPRINTS = (referrals.blp, acts.blp, routes.blp, meta.blp, events.blp)


def refuse_other_media() -> None:
    """A body that is not JSON is 415, rather than taken for an empty one."""
    if request.method == "POST" and request.content_length and not request.is_json:
        raise UnsupportedMediaType


for _blueprint in BLUEPRINTS:
    _blueprint.before_request(refuse_other_media)

"""The optional Idempotency-Key header of a POST, at the edge: `shared.idempotency` keeps what it says."""

from __future__ import annotations

from flask import request

from shared.auth.caller import Caller
from shared.idempotency import Once, fingerprint, parse_key

HEADER = "Idempotency-Key"
REPLAYED = {"Idempotent-Replayed": "true"}
PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "maxLength": 255},
    "description": "The same key with the same body gets the first answer again, and nothing is done twice.",
}


def once_for(by: Caller, route: str) -> Once | None:
    """What guards this request, None where the header was not sent. Raises Malformed for a bad key."""
    header = request.headers.get(HEADER)
    if header is None:
        return None
    return Once(by.sub, route, parse_key(header), fingerprint(request.get_json(silent=True)))

"""The answers of a browser between two pages: sealed in the store, opened by a cookie of this browser."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, request, url_for

from services.referrals.actions.public_drafts import (
    discard_public_draft,
    new_secret,
    read_public_draft,
    save_public_draft,
)
from shared import settings
from shared.clock import now

COOKIE = "linkwork_ask"
CONFIRMED = timedelta(minutes=15)
"""How long a confirmation can be opened again from the browser that sent: others may hold it later."""


@dataclass(frozen=True)
class Kept:
    """The secret of this browser and the answers so far."""

    secret: str
    content: Mapping[str, Any]


def kept_for(code: str) -> Kept | None:
    """What this browser began in this place; None where nothing is kept, or not any more."""
    secret = request.cookies.get(COOKIE)
    content = read_public_draft(secret, at=now()) if secret else None
    if secret is None or content is None or content.get("place") != code or _is_over(content):
        return None
    return Kept(secret, content)


def _is_over(content: Mapping[str, Any]) -> bool:
    """Whether it was sent, and the confirmation has been there long enough for whoever sent it."""
    sent = content.get("sent")
    return sent is not None and now() - datetime.fromisoformat(sent["at"]) > CONFIRMED


def mark_of(kept: Kept, content: Mapping[str, Any]) -> str:
    """A mark of these answers: the page to check carries it, so that what is sent is what it showed."""
    text = json.dumps(content, sort_keys=True)
    return hmac.new(kept.secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def begin(code: str) -> Kept:
    """Fresh answers, under a secret nobody has had before."""
    return Kept(new_secret(), {"place": code})


def keep(kept: Kept, content: Mapping[str, Any], answer: Response) -> Response:
    """Keep `content`, and let the browser have its secret until it is closed."""
    save_public_draft(kept.secret, content, at=now())
    answer.set_cookie(
        COOKIE,
        kept.secret,
        httponly=True,
        samesite="Lax",
        secure=settings.mode() is settings.Mode.PRODUCTION,
        path=url_for("ask.places"),
    )
    return answer


def forget(answer: Response) -> Response:
    """Throw away what this browser typed, and its secret."""
    secret = request.cookies.get(COOKIE)
    if secret:
        discard_public_draft(secret)
    answer.delete_cookie(COOKIE, path=url_for("ask.places"), httponly=True, samesite="Lax")
    return answer

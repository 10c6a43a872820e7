"""A message shown once on the next page: "The referral is sent."

The cookie carries a code only, signed and short-lived; the words are the service's own, given to `frame`.
Nothing personal can be said this way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadData, URLSafeTimedSerializer

from shared import settings
from shared.auth.sessions import BECAUSE

LASTS_SECONDS = 120
_EXTENSION = "linkwork_flash"


@dataclass(frozen=True)
class Message:
    """What a code says, and how loudly."""

    text: str
    kind: Literal["success", "important"] = "success"
    heading: str = ""


@dataclass(frozen=True)
class _Flash:
    cookie: str
    messages: Mapping[str, Message]
    signer: URLSafeTimedSerializer


def init_flash(app: Flask, service: str, messages: Mapping[str, Message], key: str) -> None:
    """Let views of `app` call `say(code)` and pages show it."""
    app.extensions[_EXTENSION] = _Flash(
        cookie=f"linkwork_flash_{service}",
        messages=dict(messages),
        signer=URLSafeTimedSerializer(key, salt="linkwork-flash"),
    )
    app.after_request(_keep_cookie)


def say(code: str) -> None:
    """Show the message `code` on the next page; KeyError where `frame` was not given it."""
    flash = _of_app()
    if code not in flash.messages:
        raise KeyError(f"frame(messages=…) has no message {code!r}")
    g.linkwork_flash_next = code


def take() -> Message | None:
    """The message waiting for this page, once; else why its reader was signed out, if they just were."""
    return _waiting() or _signed_out()


def _signed_out() -> Message | None:
    words = BECAUSE.get(g.get("signed_out_because") or "")
    return Message(words, "important") if words else None


def _waiting() -> Message | None:
    flash = _of_app()
    cookie = request.cookies.get(flash.cookie)
    if not cookie:
        return None
    g.linkwork_flash_shown = True
    try:
        code = flash.signer.loads(cookie, max_age=LASTS_SECONDS)
    except BadData:
        return None
    return flash.messages.get(str(code))


def _of_app() -> _Flash:
    flash: _Flash = current_app.extensions[_EXTENSION]
    return flash


def _keep_cookie(response: Response) -> Response:
    flash = _of_app()
    code = g.get("linkwork_flash_next")
    if code is not None:
        response.set_cookie(
            flash.cookie,
            flash.signer.dumps(code),
            max_age=LASTS_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.mode() is settings.Mode.PRODUCTION,
        )
    elif g.get("linkwork_flash_shown"):
        response.delete_cookie(flash.cookie, httponly=True, samesite="Lax")
    return response

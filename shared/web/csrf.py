"""Every form of a page carries a token that another site cannot know (Flask-WTF's CSRFProtect).

The token's half in the browser is Flask's session cookie, which holds nothing else and has a name of its
own per service, because cookies ignore ports. Paths for machines take bearer tokens only, which no other
site can make a browser send, so they are not checked.

A form that comes too late (the token is over 8 hours old, or the person was signed out meanwhile) is shown
again with a button to send it once more, so that nothing typed is lost. That is offered only where the
token was made for this very browser: otherwise another site could put its own words behind the button.
"""

from __future__ import annotations

import re

from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf, validate_csrf  # type: ignore[import-untyped]
from markupsafe import Markup
from wtforms import ValidationError  # type: ignore[import-untyped]

from shared import settings
from shared.http import is_for_machines

TOKEN_LIFE = 8 * 3600
_LONG_AGO = 30 * 24 * 3600
# Words of names whose values are never sent back in a page, not even hidden.
_NOT_KEPT = {"password", "code", "secret", "token", "old", "new"}
_protect = CSRFProtect()


def init_csrf(app: Flask, service: str, key: str) -> None:
    """Check the token of every changing request to a page of `app`."""
    app.secret_key = f"{service}:{key}"
    app.config.update(
        SESSION_COOKIE_NAME=f"linkwork_csrf_{service}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.mode() is settings.Mode.PRODUCTION,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=TOKEN_LIFE,
    )
    _protect.init_app(app)
    app.jinja_env.globals["csrf_field"] = csrf_field
    app.before_request(_check)
    app.register_error_handler(CSRFError, _refuse)


def csrf_field() -> Markup:
    """The hidden field every POST form needs."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def held_form() -> list[tuple[str, str]] | None:
    """What was sent, to be sent again; None where it must not or need not be offered."""
    if request.method != "POST" or request.files or is_for_machines():
        return None
    try:
        validate_csrf(request.form.get("csrf_token"), time_limit=_LONG_AGO)
    except ValidationError:
        return None
    return [
        (name, text)
        for name, texts in request.form.lists()
        if not _NOT_KEPT & set(re.split("[-_]", name.lower()))
        for text in texts
    ]


def _check() -> None:
    # An address or method that is not there runs nothing: it is refused as 404 or 405, not as a form.
    if request.url_rule is not None and not is_for_machines():
        _protect.protect()


def _refuse(error: CSRFError) -> tuple[str, int]:
    g.linkwork_bare = True
    held = held_form() if error.description == "The CSRF token has expired." else None
    return render_template("linkwork/form_too_late.html", held=held), 403

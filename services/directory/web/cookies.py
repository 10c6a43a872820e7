"""What the browser is left with after signing in, switching or signing out."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, g, request
from flask import session as csrf_half

from services.directory.domain.sessions import BROWSER_KEPT, PENDING_LIFE
from shared import settings

STEP = "linkwork_step"
BROWSER = "linkwork_browser"


def keep(token: str) -> None:
    """Set the sign-in cookie on this answer, whatever was renewed meanwhile; forms get a new secret too."""
    g.fresh_token = token
    g.forget_cookie = False
    csrf_half.clear()


def forget() -> None:
    """Take the sign-in cookie back on this answer."""
    g.fresh_token = None
    g.forget_cookie = True
    csrf_half.clear()


def keep_step(response: Response, token: str) -> None:
    """Remember a half-done sign-in until the code is given."""
    _keep(response, STEP, token, PENDING_LIFE)


def forget_step(response: Response) -> None:
    """The sign-in is done, or must start again."""
    response.delete_cookie(STEP, path=_path(), httponly=True, samesite="Lax")


def know_browser(response: Response, token: str) -> None:
    """Leave with the browser what it is known by, to the pages of signing in alone."""
    _keep(response, BROWSER, token, BROWSER_KEPT)


def browser() -> str:
    """What this browser is known by, or blank."""
    return request.cookies.get(BROWSER, "")


def step() -> str:
    """The half-done sign-in of this browser, or blank."""
    return request.cookies.get(STEP, "")


def _keep(response: Response, name: str, token: str, life: timedelta) -> None:
    response.set_cookie(
        name,
        token,
        max_age=int(life.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.mode() is settings.Mode.PRODUCTION,
        path=_path(),
    )


def _path() -> str:
    """Where the pages of signing in are, as the browser sees it."""
    return f"{request.script_root}/sign-in"

"""What the browser is left with after signing in, switching or signing out."""

from __future__ import annotations

from flask import Response, g, request
from flask import session as csrf_half

from services.directory.domain.sessions import PENDING_LIFE
from shared import settings

STEP = "linkwork_step"
_PATH = "/sign-in"


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
    response.set_cookie(
        STEP,
        token,
        max_age=int(PENDING_LIFE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.mode() is settings.Mode.PRODUCTION,
        path=_PATH,
    )


def forget_step(response: Response) -> None:
    """The sign-in is done, or must start again."""
    response.delete_cookie(STEP, path=_PATH, httponly=True, samesite="Lax")


def step() -> str:
    """The half-done sign-in of this browser, or blank."""
    return request.cookies.get(STEP, "")

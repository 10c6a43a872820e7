"""The guard on every route. A route without one of these decorators does not start."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import quote

from flask import Flask, current_app, g, redirect, request
from werkzeug.wrappers import Response

from shared import settings
from shared.auth.caller import Caller, Kind, Role
from shared.auth.sessions import COOKIE, Sessions, SignedOut
from shared.auth.tokens import AUDIENCE, has_ended, key_id, read, read_service_token
from shared.clock import now
from shared.errors import BadToken, NotFound, Unauthenticated
from shared.smorest import document

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "_linkwork_guard"
# Flask's own file route is never used (assets are served by shared.web), but it is there.
_FRAMEWORK_ENDPOINTS = frozenset({"static"})


@dataclass(frozen=True)
class Guard:
    """Who may call a route."""

    is_public: bool = False
    roles: frozenset[Role] = frozenset()
    services: frozenset[str] = frozenset()
    # The setting that holds the one token with which a machine may call, and nobody else.
    token: str = ""

    def words(self) -> str:
        """For the API's description."""
        if self.token:
            return f"whoever has the token of the setting {self.token}"
        if self.is_public:
            return "anybody"
        said = ["services: " + ", ".join(sorted(self.services))] if self.services else []
        if self.roles or not self.services:
            said.append("any of: " + ", ".join(sorted(self.roles)) if self.roles else "anybody signed in")
        return "; ".join(said)

    def lets_in(self, caller: Caller) -> bool:
        """True when `caller` may call; a service never passes as a person, nor a person as a service."""
        if caller.kind is Kind.SERVICE:
            return caller.sub in self.services
        if self.services and not self.roles:
            return False
        return not self.roles or caller.has(*self.roles)


def _guarded(guard: Guard) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        entries = {"x-needs": guard.words(), "security": [] if guard.is_public else [{"bearer": []}]}
        wrapped = document(**entries)(view)
        setattr(wrapped, _MARK, guard)
        return cast("View", wrapped)

    return decorate


def public(view: View) -> View:
    """Anybody may call; a caller who is signed in is still known."""
    return _guarded(Guard(is_public=True))(view)


def signed_in(view: View) -> View:
    """Any person or client that is signed in."""
    return _guarded(Guard())(view)


def needs(*roles: Role, services: Collection[str] = ()) -> Callable[[View], View]:
    """A person or client holding any of `roles` in any organisation; the action checks the rest.

    With `services` these services of ours may call as well.
    """
    return _guarded(Guard(roles=frozenset(roles), services=frozenset(services)))


def needs_service(*services: str) -> Callable[[View], View]:
    """One of our own services."""
    return _guarded(Guard(services=frozenset(services)))


def needs_token(setting: str) -> Callable[[View], View]:
    """A machine of the operator's that sends the setting's value as its bearer token.

    Where the setting is blank there is nothing at the address.
    """
    return _guarded(Guard(token=setting))


def guard_of(view: Callable[..., Any]) -> Guard | None:
    """The guard of a view function, None where it has none."""
    return getattr(view, _MARK, None)


def current_caller() -> Caller:
    """Who is calling. Raises Unauthenticated on a public route nobody has signed in to."""
    caller = caller_or_none()
    if caller is None:
        raise Unauthenticated
    return caller


def caller_or_none() -> Caller | None:
    """Who is calling, or None for somebody we do not know."""
    return cast("Caller | None", g.get("caller"))


def init_auth(app: Flask, service: str, sessions: Sessions) -> None:
    """Check every request to `app`. Call it last: it refuses to start over an unguarded route."""

    @app.before_request
    def _check() -> Response | None:
        if request.url_rule is None or request.endpoint in _FRAMEWORK_ENDPOINTS:
            return None
        guard = guard_of(app.view_functions[str(request.endpoint)])
        if guard is None:
            raise NotFound
        if guard.token:
            g.caller = None
            _check_token(guard.token)
            return None
        try:
            g.caller = _who_calls(service, sessions)
        except Unauthenticated as refused:
            g.caller = None
            g.signed_out_because = refused.because if isinstance(refused, SignedOut) else None
            g.forget_cookie = COOKIE in request.cookies
            if not guard.is_public:
                if _has_bearer():
                    raise BadToken(refused.detail) from refused
                return _send_to_sign_in()
        if guard.is_public:
            return None
        if g.caller is None:
            return _send_to_sign_in()
        if not guard.lets_in(g.caller):
            raise NotFound("There is nothing at this address, or not for the role you are signed in with.")
        return None

    @app.after_request
    def _keep_cookie(response: Response) -> Response:
        fresh = g.get("fresh_token")
        if fresh:
            set_cookie(response, fresh)
        elif g.get("forget_cookie") and not response.headers.get("Set-Cookie", "").startswith(COOKIE + "="):
            response.delete_cookie(COOKIE)
        return response


def check_every_route(app: Flask) -> None:
    """Raise RuntimeError naming the routes that say nothing about who may call them."""
    bare = sorted(
        str(rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in _FRAMEWORK_ENDPOINTS and guard_of(app.view_functions[rule.endpoint]) is None
    )
    if bare:
        raise RuntimeError(f"These routes do not say who may call them: {', '.join(bare)}")


def set_cookie(response: Response, token: str) -> None:
    """Give the browser its token: host-only, out of scripts' reach, gone when the browser closes."""
    response.set_cookie(
        COOKIE,
        token,
        httponly=True,
        samesite="Lax",
        secure=settings.mode() is settings.Mode.PRODUCTION,
        path="/",
    )


def is_api_request() -> bool:
    """True for the routes that take bearer tokens and never cookies."""
    return request.path.startswith(("/api/", "/oauth/"))


def _who_calls(service: str, sessions: Sessions) -> Caller | None:
    if is_api_request():
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return _bearer(token.strip(), service, sessions) if scheme.lower() == "bearer" else None
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return None
    caller, g.fresh_token = sessions.check(cookie, now())
    return caller


def _has_bearer() -> bool:
    scheme = request.headers.get("Authorization", "").partition(" ")[0]
    return is_api_request() and scheme.lower() == "bearer"


def _check_token(setting: str) -> None:
    wanted = settings.optional(setting, "")
    if not wanted:
        raise NotFound
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(token.strip().encode(), wanted.encode())
    if scheme.lower() != "bearer" or not same:
        kind = BadToken if scheme.lower() == "bearer" else Unauthenticated
        raise kind(f"Send the token of the setting {setting} as the bearer token.")


def _bearer(token: str, service: str, sessions: Sessions) -> Caller:
    if key_id(token) in settings.SERVICES:
        return read_service_token(token, me=service, at=now())
    claims = read(token, sessions.find_key, audience=AUDIENCE, issuer=settings.public_url("directory"))
    if has_ended(claims, now()):
        raise Unauthenticated("This token has ended. Ask for a new one at /oauth/token.")
    caller = Caller.from_claims(claims)
    if caller.kind is not Kind.CLIENT:
        raise Unauthenticated("The API takes the tokens of systems, from /oauth/token.")
    return caller


def _send_to_sign_in() -> Response:
    because = g.get("signed_out_because")
    if is_api_request() or request.method not in ("GET", "HEAD"):
        if because is not None:
            # The error page says it; said once is enough.
            g.signed_out_because = None
            raise SignedOut(because)
        raise Unauthenticated("Sign in first; for a system, ask for a token at /oauth/token.")
    here = settings.public_url(current_app.config["LINKWORK_SERVICE"]) + request.path
    why = f"&why={because}" if because is not None else ""
    return redirect(f"{settings.public_url('directory')}/sign-in?next={quote(here, safe='')}{why}")

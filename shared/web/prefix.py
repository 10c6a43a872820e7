"""A service under a path: `PUBLIC_URL_<SERVICE>=https://host/directory`.

The gateway takes the path off before it passes a request on; every link, redirect and cookie path of the
service must have it. `X-Forwarded-Prefix` of a trusted proxy comes first (`TRUSTED_PROXIES`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask

from shared import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def init_prefix(app: Flask, service: str) -> None:
    """Let `app` know the path its public address has. Call it before proxies are heeded."""
    path = urlsplit(settings.public_url(service)).path.rstrip("/")
    if path:
        app.wsgi_app = _under(path, app.wsgi_app)  # type: ignore[assignment, method-assign]


def origin(url: str) -> str:
    """Scheme, host and port of an address: what a Content-Security-Policy compares whole."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _under(path: str, inner: WSGIApplication) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME") or path
        return inner(environ, start_response)

    return app

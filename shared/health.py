"""`/healthz`: this process runs. `/readyz`: it can do its work, or what is missing, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask, Response, jsonify
from redis import Redis
from redis.exceptions import RedisError

from shared import settings
from shared.auth.guard import public

Check = Callable[[], str | None]


def init_health(
    app: Flask, checks: Mapping[str, Check], hindrances: Mapping[str, Check] | None = None
) -> None:
    """Register both. A check answers None when all is well, else a sentence saying what to mend.

    Without what `checks` look for nothing can be served: 503. What `hindrances` look for may be away for a
    while: it is named under `hindered`, and the answer stays 200, so that no proxy takes the service out.
    """

    @app.get("/healthz")
    @public
    def healthz() -> Response:
        return jsonify(alive=True)

    @app.get("/readyz")
    @public
    def readyz() -> tuple[Response, int]:
        missing, hindered = _said(checks), _said(hindrances or {})
        return jsonify(ready=not missing, missing=missing, hindered=hindered), 503 if missing else 200


def broker_answers() -> str | None:
    """The check of what every service needs; one second at the most."""
    client = Redis.from_url(settings.redis_url(), socket_connect_timeout=1, socket_timeout=1)
    try:
        client.ping()
    except RedisError:
        return "The broker does not answer. See REDIS_URL."
    finally:
        client.close()
    return None


def _said(checks: Mapping[str, Check]) -> list[dict[str, str]]:
    return [{"what": what, "why": why} for what, check in checks.items() if (why := check()) is not None]

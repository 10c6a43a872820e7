"""`/healthz`: this process runs. `/readyz`: it can do its work, or what is missing, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask, Response, jsonify

from shared.auth.guard import public

Check = Callable[[], str | None]


def init_health(app: Flask, checks: Mapping[str, Check]) -> None:
    """Register both. A check answers None when all is well, else a sentence saying what to mend."""

    @app.get("/healthz")
    @public
    def healthz() -> Response:
        return jsonify(alive=True)

    @app.get("/readyz")
    @public
    def readyz() -> tuple[Response, int]:
        missing = [
            {"what": what, "why": why} for what, check in checks.items() if (why := check()) is not None
        ]
        return jsonify(ready=not missing, missing=missing), 503 if missing else 200

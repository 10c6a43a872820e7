"""How often a network address may try the pages and routes that take a secret.

Counted in Redis, for all processes together; in this process's memory while Redis is away.
"""

from __future__ import annotations

import logging

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from services.directory import config
from shared import settings

limiter = Limiter(
    key_func=get_remote_address,
    in_memory_fallback_enabled=True,
    key_prefix="linkwork-directory",
    storage_options={"socket_connect_timeout": 1, "socket_timeout": 1},
    swallow_errors=True,
)
sign_in_limit = limiter.shared_limit(config.sign_in_rate, scope="sign-in", methods=["POST"])
# An office of hundreds signs in at nine: only what went wrong counts.
wrong_sign_in_limit = limiter.shared_limit(
    config.sign_in_rate,
    scope="wrong-sign-in",
    methods=["POST"],
    deduct_when=lambda response: response.status_code >= 400,
)
token_limit = limiter.shared_limit(config.token_rate, scope="token", methods=["POST"])


def init_limits(app: Flask) -> None:
    """Count where the settings of this process say."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url()
    # Its line about a limit that was reached names the network address.
    logging.getLogger("flask-limiter").setLevel(logging.WARNING)
    limiter.init_app(app)

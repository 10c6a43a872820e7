"""How often a network address may come: the limiter of a service, which says itself what it limits to what.

Counted in Redis, for all processes together; in this process's memory while Redis is away.
"""

from __future__ import annotations

import logging

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from shared import settings


def make_limiter(service: str) -> Limiter:
    """A limiter that counts by network address, apart from those of other services."""
    return Limiter(
        key_func=get_remote_address,
        in_memory_fallback_enabled=True,
        key_prefix=f"linkwork-{service}",
        storage_options={"socket_connect_timeout": 1, "socket_timeout": 1},
        swallow_errors=True,
    )


def init_limits(app: Flask, limiter: Limiter) -> None:
    """Count where the settings of this process say."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url()
    # Its line about a limit that was reached names the network address.
    logging.getLogger("flask-limiter").setLevel(logging.WARNING)
    limiter.init_app(app)

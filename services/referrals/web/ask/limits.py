"""How often a network address may use the public pages. Counted in Redis, for all processes together; in this
process's memory while Redis is away.

A library, a hostel or an office may share one address, so the limits are wide; whoever meets one reads whom
to ring, and what they typed is kept.
"""

from __future__ import annotations

import logging

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from services.referrals import config
from services.referrals.web.ask.slow import too_many
from shared import settings

limiter = Limiter(
    key_func=get_remote_address,
    in_memory_fallback_enabled=True,
    key_prefix="linkwork-referrals",
    storage_options={"socket_connect_timeout": 1, "socket_timeout": 1},
    swallow_errors=True,
)
form_limit = limiter.shared_limit(config.form_rate, scope="ask", methods=["POST"], on_breach=too_many)
sent_limit = limiter.shared_limit(config.sent_rate, scope="ask-sent", methods=["POST"], on_breach=too_many)
# Only what opened nothing counts: a link that is good may be looked at as often as somebody likes.
link_limit = limiter.shared_limit(
    config.link_rate,
    scope="status-link",
    deduct_when=lambda response: response.status_code == 404,
    on_breach=too_many,
)


def init_limits(app: Flask) -> None:
    """Count where the settings of this process say."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url()
    # Its line about a limit that was reached names the network address.
    logging.getLogger("flask-limiter").setLevel(logging.WARNING)
    limiter.init_app(app)

"""How often a network address may try the pages and routes that take a secret."""

from __future__ import annotations

from services.directory import config
from shared.limits import make_limiter

limiter = make_limiter("directory")
sign_in_limit = limiter.shared_limit(config.sign_in_rate, scope="sign-in", methods=["POST"])
# An office of hundreds signs in at nine: only what went wrong counts.
wrong_sign_in_limit = limiter.shared_limit(
    config.sign_in_rate,
    scope="wrong-sign-in",
    methods=["POST"],
    deduct_when=lambda response: response.status_code >= 400,
)
token_limit = limiter.shared_limit(config.token_rate, scope="token", methods=["POST"])
# Setting a booklet takes a process a second or so.
booklet_limit = limiter.shared_limit("60 per minute", scope="booklet")

"""Settings of the referrals service, read from the environment when first needed."""

from __future__ import annotations

from functools import cache

from shared import settings
from shared.settings import Mode


@cache
def _guard_key(text: str) -> bytes:
    return text.encode()


def guard_key() -> bytes:
    """`GUARD_KEY`: the HMAC key of same-request keys. Changing it lets open requests be sent twice."""
    return _guard_key(settings.required("GUARD_KEY"))


def is_demo() -> bool:
    """True in the one-command run: a system may accept for the team's first worker there."""
    return settings.mode() is Mode.EMBEDDED


def form_rate() -> str:
    """Pages of the public form a network address may send (Flask-Limiter's words); asking takes about six."""
    return settings.optional("RATE_ASK", "600 per hour" if _is_real() else "6000 per minute")


def sent_rate() -> str:
    """Requests a network address may send by the public form."""
    return settings.optional("RATE_ASK_SENT", "60 per hour" if _is_real() else "600 per minute")


def link_rate() -> str:
    """Private links a network address may try that open nothing."""
    return settings.optional("RATE_STATUS_LINK", "60 per hour" if _is_real() else "600 per minute")


def _is_real() -> bool:
    return settings.mode() is Mode.PRODUCTION


def check() -> None:
    """Refuse to start without what this service needs, naming what is missing."""
    settings.database_url("referrals")
    settings.required("SERVICE_JWKS")
    settings.required("SERVICE_KEY_REFERRALS")
    guard_key()

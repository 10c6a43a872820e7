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


def check() -> None:
    """Refuse to start without what this service needs, naming what is missing."""
    settings.database_url("referrals")
    settings.required("SERVICE_JWKS")
    settings.required("SERVICE_KEY_REFERRALS")
    guard_key()

"""Keys that sign tokens, and secrets of partners' systems."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

# A token may serve for 8 hours with the directory away; a day is that with room to spare.
RETIRED_KEPT = timedelta(hours=24)
# How long others may keep the published keys without asking again.
PUBLISHED_KEPT = timedelta(minutes=5)
# A new key is published so long before it signs: whoever reads a token of it has it by then.
PUBLISHED_AHEAD = 3 * PUBLISHED_KEPT
SECRET_OVERLAP = timedelta(days=7)
CLIENT_TOKEN_LIFE = timedelta(minutes=15)


def new_client_secret() -> str:
    """256 random bits; the prefix lets a secret scanner know it."""
    return "lwk_" + secrets.token_urlsafe(32)


def secret_hash(secret: str) -> bytes:
    """What is stored of a client's secret. It is random, not chosen, so that a fast hash is enough."""
    return hashlib.sha256(b"linkwork client secret\n" + secret.encode()).digest()


def secret_fits(stored: bytes, secret: str) -> bool:
    """True when `secret` is the one behind `stored`, compared in constant time."""
    return hmac.compare_digest(stored, secret_hash(secret))

"""How long a sign-in lasts, and where it may lead."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

ABSOLUTE_LIMIT = timedelta(hours=12)
# How long a code may take after the password: longer than the longest wait between two tries.
PENDING_LIFE = timedelta(minutes=30)
PENDING_TRIES = 10
# How long a browser is known after it was last signed in with; browsers keep no cookie longer.
BROWSER_KEPT = timedelta(days=400)
ENDED_KEPT = timedelta(days=30)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
# Edge says it is Chrome, and Chrome that it is Safari: the truest word first.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def new_token() -> str:
    """256 random bits, fit for a cookie or an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored of a random token."""
    return hashlib.sha256(token.encode()).digest()


def browser_family(user_agent: str) -> str:
    """Roughly what a browser is, for its owner to know it by: "Firefox on Windows"."""
    browser = next((word for mark, word in _BROWSERS if mark in user_agent), "A browser")
    system = next((word for mark, word in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


def safe_next(target: str | None, origins: Iterable[str], home: str) -> str:
    """`target` where it is an address of one of our three services, else `home`.

    The scheme, host and port must be exactly one of `origins`; anything a browser might read otherwise
    (backslashes, control characters, a user part, a missing scheme) is not followed.
    """
    if not target or len(target) > 2000 or any(c <= " " or c in "\\\x7f" for c in target):
        return home
    try:
        parts = urlsplit(target)
        port = parts.port
    except ValueError:
        return home
    if parts.username is not None or parts.password is not None or not parts.hostname:
        return home
    for origin in origins:
        ours = urlsplit(origin)
        same = (parts.scheme, parts.hostname, port) == (ours.scheme, ours.hostname, ours.port)
        if same and (parts.path + "/").startswith(ours.path.rstrip("/") + "/"):
            return target
    return home

"""What must be read again but never lie about in clear: sealed with the keys of the environment.

`SECRET_KEYS` are Fernet keys, newest first: the first seals, all open, so that a key can be replaced.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from shared import settings


class CannotOpen(RuntimeError):
    """None of `SECRET_KEYS` opens this: the key it was sealed with is missing."""


def seal(text: str) -> bytes:
    """`text` so that only our keys read it."""
    return _keys(settings.required("SECRET_KEYS")).encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """What was sealed. Raises CannotOpen where its key is gone."""
    try:
        return _keys(settings.required("SECRET_KEYS")).decrypt(sealed).decode()
    except InvalidToken as wrong:
        raise CannotOpen("No key in SECRET_KEYS opens this. Put the key it was sealed with back.") from wrong


@lru_cache(maxsize=4)
def _keys(text: str) -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in text.split(",") if key.strip()])

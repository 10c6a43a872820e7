"""Keeps the link of a letter unreadable while a try is unanswered. Keys rotate: the newest seals."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from shared import settings


def seal(text: str) -> bytes:
    """`text`, encrypted with the newest of SECRET_KEYS."""
    return _keys().encrypt(text.encode())


def unseal(sealed: bytes) -> str | None:
    """What was sealed; None where its key is gone."""
    try:
        return _keys().decrypt(sealed).decode()
    except InvalidToken:
        return None


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in settings.required("SECRET_KEYS").split(",")])

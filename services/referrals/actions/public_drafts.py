"""Answers on the public pages that are not sent yet: sealed with a secret only the browser has.

What nobody sent, nobody reads: the key of the row and the key of its seal are both made from the secret, and
the secret is not kept. A draft is good for an hour after it was last touched.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.referrals.store.database import database
from services.referrals.store.tables import PublicDraft
from shared.db import DATABASE_AWAY

KEPT = timedelta(hours=1)


def new_secret() -> str:
    """A fresh secret of 256 bits, for a cookie."""
    return secrets.token_urlsafe(32)


def key_of(secret: str) -> str:
    """Under which a draft is stored."""
    return hashlib.sha256(f"key\n{secret}".encode()).hexdigest()


def save_public_draft(secret: str, content: Mapping[str, Any], *, at: datetime) -> None:
    """Keep `content` in the place of what was there."""
    sealed = _seal(secret).encrypt(json.dumps(content, ensure_ascii=False).encode())
    row = {"key": key_of(secret), "sealed": sealed, "updated_at": at}
    with database.transaction() as session:
        wanted = insert(PublicDraft).values(**row)
        session.execute(wanted.on_conflict_do_update(index_elements=["key"], set_=row))


def read_public_draft(secret: str, *, at: datetime) -> dict[str, Any] | None:
    """What was kept; None where there is nothing, or it was not touched for an hour."""
    with database.transaction() as session:
        row = session.get(PublicDraft, key_of(secret))
        if row is None or at - row.updated_at > KEPT:
            return None
        return dict(json.loads(_seal(secret).decrypt(row.sealed)))


def discard_public_draft(secret: str) -> None:
    """Throw it away; safe to do twice. While the store is away it waits there for its hour to end, and
    nobody can open it without the secret: whoever leaves is never held up."""
    with suppress(*DATABASE_AWAY), database.transaction() as session:
        session.execute(delete(PublicDraft).where(PublicDraft.key == key_of(secret)))


def clear_public_drafts(*, at: datetime) -> int:
    """Throw away what nobody touched for an hour; returns how many."""
    with database.transaction() as session:
        gone = session.execute(
            delete(PublicDraft).where(PublicDraft.updated_at < at - KEPT).returning(PublicDraft.key)
        )
        return len(gone.all())


def _seal(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"seal\n{secret}".encode()).digest()))

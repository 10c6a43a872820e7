"""Sealing the access log and checking its chain."""

from __future__ import annotations

from services.referrals.store.database import database
from services.referrals.store.relay import AccessLog, AccessSeal
from shared import audit
from shared.audit import Verdict


def seal_access_log() -> int:
    """Chain what was written since the last run; returns how many rows."""
    with database.transaction() as session:
        return audit.seal(session, AccessLog, AccessSeal)


def check_access_log() -> Verdict:
    """Walk the whole chain."""
    with database.transaction() as session:
        return audit.verify(session, AccessLog, AccessSeal)

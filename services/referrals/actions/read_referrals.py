"""Reading one referral, or its history. Every read checks what may be seen and is written down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.rendering import load_bundle, render
from services.referrals.actions.seeing import NOT_HERE, see_or_404, seen_beside
from services.referrals.actions.story import history_views, read_answers
from services.referrals.actions.views import HistoryItem, ReferralView
from services.referrals.domain.sight import Sight
from services.referrals.store import referrals as store
from services.referrals.store.database import database
from services.referrals.store.directory import Directory, read_directory
from services.referrals.store.relay import AccessLog
from services.referrals.store.tables import AgreementRow, Referral
from shared import audit
from shared.auth.caller import Caller
from shared.errors import NotFound

PURPOSE = "work on this referral"


def read_referral(referral_id: UUID, *, by: Caller, at: datetime, purpose: str = PURPOSE) -> ReferralView:
    """The referral as the caller may see it now. Raises NotFound where they may not know of it."""
    with database.transaction() as session:
        row, agreements, directory, sight = _open(session, referral_id, by, at)
        moves = store.moves_of(session, row.id)
        beside = seen_beside(session, row, by, directory, at)
        bundle = load_bundle(session, row, moves, agreements, beside=beside)
        view = render(bundle, sight, directory, at)
        subjects = [row.id, row.person_id]
        audit.record(session, AccessLog, by, act="read", purpose=purpose, subjects=subjects, at=at)
        return view


def read_history(
    referral_id: UUID, *, by: Caller, at: datetime, purpose: str = PURPOSE
) -> tuple[HistoryItem, ...]:
    """What happened, oldest first; senders read acts, times and outside wordings only."""
    with database.transaction() as session:
        row, agreements, directory, sight = _open(session, referral_id, by, at)
        answers = read_answers(agreements, sight, row.sender_org_id)
        items = history_views(store.moves_of(session, row.id), answers, sight, directory)
        subjects = [row.id, row.person_id]
        audit.record(session, AccessLog, by, act="read history", purpose=purpose, subjects=subjects, at=at)
        return items


def _open(
    session: Session, referral_id: UUID, by: Caller, at: datetime
) -> tuple[Referral, list[AgreementRow], Directory, Sight]:
    row = store.get_referral(session, referral_id)
    if row is None:
        raise NotFound(NOT_HERE)
    directory = read_directory(session)
    agreements = store.agreements_of(session, [row.id])[row.id]
    return row, agreements, directory, see_or_404(by, row, agreements, directory, at)

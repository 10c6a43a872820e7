"""The last look before a message goes: may they still know, where are they now, is the link still good?

Everything here is asked at the moment of sending. What cannot be asked just now waits; it is not sent on
what was true before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.notifications.actions.addressing import with_addresses
from services.notifications.actions.receive_events import news_of
from services.notifications.actions.sealing import seal, unseal
from services.notifications.actions.verdicts import Ready, Stop, Verdict, Wait, later
from services.notifications.clients.directory import mint
from services.notifications.clients.referrals import ask_audience
from services.notifications.domain.audience import Audience, RecipientKind
from services.notifications.domain.overtaking import UNDONE, fate
from services.notifications.domain.rules import Channel, Template
from services.notifications.store import planning
from services.notifications.store.database import database
from services.notifications.store.tables.messages import Message
from shared import settings
from shared.errors import Conflict, LinkworkError, NotFound

GONE = "The referral is not there any more."
MAY_NOT = "They may no longer be told about this."
# Ten minutes of tries: then a link may have run out and a new one is asked for.
REPEATS = 5
LINK_ENDED = "The link this letter was about has ended."


def last_check(taken: Sequence[Message], at: datetime) -> dict[UUID, Verdict]:
    """What may become of each message now."""
    verdicts: dict[UUID, Verdict] = _stale(taken, at)
    open_ones = [row for row in taken if row.id not in verdicts]
    verdicts |= _about_referrals([row for row in open_ones if row.referral_id is not None], at)
    verdicts |= {row.id: _about_account(row, at) for row in open_ones if row.referral_id is None}
    return verdicts


def _stale(taken: Sequence[Message], at: datetime) -> dict[UUID, Verdict]:
    with database.transaction() as session:
        heard = planning.events_of(session, [row.referral_id for row in taken])
    verdicts: dict[UUID, Verdict] = {}
    for row in taken:
        found = fate(news_of(row), heard.get(row.referral_id, ()) if row.referral_id else (), at)
        if found.cancel:
            verdicts[row.id] = Stop(found.cancel)
        elif found.wait_until is not None:
            verdicts[row.id] = Wait(found.wait_until, "Something newer happened that may still be undone.")
    return verdicts


def _about_referrals(rows: Sequence[Message], at: datetime) -> dict[UUID, Verdict]:
    by_event: dict[tuple[UUID | None, str, str], list[Message]] = defaultdict(list)
    for row in rows:
        by_event[row.referral_id, row.event_type, row.event_id].append(row)
    verdicts: dict[UUID, Verdict] = {}
    away: Wait | None = None
    for (referral_id, event_type, event_id), told in by_event.items():
        found: Audience | Stop | Wait = away or _ask(referral_id, event_type, event_id, told[0].tries, at)
        if isinstance(found, Wait):
            away = found
        for row in told:
            verdicts[row.id] = _may_be_told(row, found, at) if isinstance(found, Audience) else found
    return with_addresses(verdicts, at)


def _ask(
    referral_id: UUID | None, event_type: str, event_id: str, tries: int, at: datetime
) -> Audience | Stop | Wait:
    if referral_id is None:
        return Stop(GONE)
    try:
        return ask_audience(referral_id, event_type, event_id)
    except NotFound:
        return Stop(GONE)
    except LinkworkError as wrong:
        return later(at, tries, wrong)


def _may_be_told(row: Message, audience: Audience, at: datetime) -> Verdict:
    if audience.cancelled:
        return Stop(UNDONE)
    recipient = audience.may_be_told(row.recipient, Channel(row.channel))
    if recipient is None:
        return Stop(MAY_NOT)
    if audience.held_until is not None and audience.held_until > at:
        return Wait(audience.held_until, "It may still be undone.")
    return Ready(
        row,
        recipient.template,
        link=settings.public_url("referrals") + recipient.path,
        reference=audience.reference,
        words=recipient.words,
        path=recipient.path,
        address=recipient.address,
        beside=audience.told_by(Channel.EMAIL) if recipient.kind is RecipientKind.MAILBOX else frozenset(),
        restricted=audience.restricted,
        told_as=recipient.told_as,
    )


def _about_account(row: Message, at: datetime) -> Verdict:
    """The link is made now; a try that was never answered is repeated with the link it carried."""
    template = Template(row.template)
    kept = unseal(row.sealed_url) if row.sealed_url else None
    if kept and row.told_address and row.tries <= REPEATS:
        return Ready(row, template, kept, address=row.told_address, sealed_url=row.sealed_url)
    if row.link_id is None:
        return Stop(LINK_ENDED)
    try:
        minted = mint(row.link_id)
    except (Conflict, NotFound):
        return Stop(LINK_ENDED)
    except LinkworkError as wrong:
        return later(at, row.tries, wrong)
    return Ready(row, template, minted.url, address=minted.to, sealed_url=seal(minted.url))

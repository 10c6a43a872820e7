"""The sending side of a referral: who of it may be told of an event, and under which type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from services.referrals.actions.audience_people import (
    EMAIL_AND_INBOX,
    INBOX,
    SOMEBODY,
    News,
    recipient,
    view_of,
)
from services.referrals.domain.views import View
from shared.auth.caller import Kind, Role

SENDER_WORDS = {
    "referral.received.v1": "received",
    "referral.accepted.v1": "accepted",
    "referral.declined.v1": "passed back",
    "referral.asked.v1": "a question for you",
    "referral.completed.v1": "completed",
    # Told like any other passing back: that nobody could be reached says something about the person.
    "referral.failed.v1": "passed back",
}
_CLOSING = frozenset({"referral.declined.v1", "referral.completed.v1", "referral.failed.v1"})
_CLOSED = "referral.closed.v1"


def sending_side(event: str, news: News) -> Iterator[dict[str, Any]]:
    """The author, whoever asked in the organisation, or for a system the organisation's senders."""
    row, org = news.row, news.row.sender_org_id
    if org is None:
        return
    yield from _mailbox(event, org, news)
    channels = INBOX if event == "referral.reopened.v1" else EMAIL_AND_INBOX
    for account in _senders(news):
        view = view_of(account, org, news)
        words = _words_for(event, view)
        if words is not None:
            told = recipient(account, org, row, template=_template(event), words=words, channels=channels)
            yield told | {"event_type": _told_as(event, view)}
    if row.referrer_email is not None and event in SENDER_WORDS:
        view = view_of(row.author_id, org, news, as_sender=True)
        if _words_for(event, view) is not None:
            yield {
                "kind": "address",
                "email": row.referrer_email,
                "organization_id": str(org),
                "channels": ["email"],
                "template": _template(event),
                "words": "",
                "path": f"/referrals/{row.id}",
                "event_type": _told_as(event, view),
            }


def _mailbox(event: str, org: UUID, news: News) -> Iterator[dict[str, Any]]:
    """The mailbox the sending organisation has, if any: it hears what any colleague of the sender would.

    Of a restricted referral never, nor of what people are not told by e-mail.
    """
    organization = news.directory.doc("organization", org) or {}
    if event not in SENDER_WORDS or news.row.restricted or not organization.get("has_referral_mailbox"):
        return
    view = view_of(SOMEBODY, org, news, as_sender=True)
    if _words_for(event, view) is not None:
        yield {
            "kind": "mailbox",
            "organization_id": str(org),
            "channels": ["email"],
            "template": _template(event),
            "words": "",
            "path": f"/referrals/{news.row.id}",
            "event_type": _told_as(event, view),
        }


def _senders(news: News) -> list[UUID]:
    """The author; once they have left, or for a system, the organisation's senders and the staff named."""
    row, org = news.row, news.row.sender_org_id
    if org is None:
        return []
    author = row.author_id if row.author_kind == Kind.PERSON else None
    if author is not None and view_of(author, org, news) is not View.NONE:
        return [author]
    if author is None and row.referrer_email is not None and not row.restricted:
        return []
    senders = {
        account
        for account, docs in news.directory.members.items()
        if any(d.get("organization_id") == str(org) and d.get("role") == Role.SENDER for d in docs)
    }
    return sorted(senders | set(row.restricted_to))


def _words_for(event: str, view: View) -> str | None:
    """What this reader may be told of it; None for nothing. Coarse senders hear received, and closed."""
    if view is View.NONE:
        return None
    if view is View.COARSE:
        if event in _CLOSING:
            return "closed"
        return "received" if event == "referral.received.v1" else None
    return SENDER_WORDS.get(event, "opened again")


def _told_as(event: str, view: View) -> str:
    """The type of event under which the sending side may read that it was told."""
    if view is View.COARSE and event in _CLOSING:
        return _CLOSED
    return "referral.declined.v1" if event == "referral.failed.v1" else event


def _template(event: str) -> str:
    return "question_waiting" if event == "referral.asked.v1" else "referral_news"

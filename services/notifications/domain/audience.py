"""Who may be told of one event, as referrals answers it at this moment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.notifications.domain.rules import ABOUT_REFERRALS, Channel, Template

_PATH = re.compile(r"/[A-Za-z0-9/_-]{0,190}\Z")
_EVENT_TYPE = re.compile(r"[a-z_]+(\.[a-z_]+)*\.v[0-9]+\Z")
_REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9 -]{2,23}\Z")

STATE_WORDS: frozenset[str] = frozenset(
    {
        "sent",
        "received",
        "sent to a team",
        "accepted",
        "passed back",
        "a question for you",
        "answered",
        "in progress",
        "being helped",
        "started",
        "on hold",
        "waiting",
        "resumed",
        "completed",
        "closed",
        "withdrawn",
        "entered in error",
        "opened again",
        "assigned to you",
        "late",
        "more from the person",
        "moved to your team",
        "back with the team",
        "new",
        "unrouted",
        "sooner",
    }
)
"""Words a notice inside Linkwork may say of a referral; an answer's other words are left out."""


class RecipientKind(StrEnum):
    """How somebody is known: by account, by address alone, as an organisation's mailbox, or by a link."""

    ACCOUNT = "account"
    ADDRESS = "address"
    MAILBOX = "mailbox"
    LINK = "link"


@dataclass(frozen=True)
class Recipient:
    """Somebody who may be told. `key` is unique among the recipients of an event.

    `told_as`: the type of event under which it is listed for their organisation; blank for the event's own.
    """

    key: str
    kind: RecipientKind
    organization_id: UUID
    channels: tuple[Channel, ...]
    template: Template
    path: str
    words: str = ""
    told_as: str = ""
    account_id: UUID | None = None
    address: str | None = None


@dataclass(frozen=True)
class Audience:
    """An answer of referrals. `restricted`: only the recipients themselves may read who was told."""

    reference: str
    recipients: Mapping[str, Recipient]
    cancelled: bool = False
    held_until: datetime | None = None
    restricted: bool = False

    def told_by(self, channel: Channel) -> frozenset[str]:
        """The keys of everybody who may be told by `channel` as of now."""
        return frozenset(key for key in self.recipients if self.may_be_told(key, channel) is not None)

    def may_be_told(self, key: str, channel: Channel) -> Recipient | None:
        """The recipient `key` as of now, None where they may no longer be told by `channel`."""
        found = self.recipients.get(key)
        return found if found is not None and channel in found.channels and not self.cancelled else None


def read_audience(answer: Mapping[str, Any], referral_id: UUID) -> Audience:
    """What referrals answered, as far as it is ours to know; anything else in it is left where it is.

    Raises KeyError, TypeError or ValueError for an answer that cannot be read.
    """
    recipients: dict[str, Recipient] = {}
    for each in answer["recipients"]:
        recipient = _recipient(each, referral_id)
        recipients.setdefault(recipient.key, recipient)
    held = answer.get("held_until")
    reference = str(answer.get("reference") or "")
    return Audience(
        reference=reference if _REFERENCE.match(reference) else "",
        recipients=recipients,
        cancelled=bool(answer.get("cancelled", False)),
        held_until=datetime.fromisoformat(held) if held else None,
        restricted=bool(answer.get("restricted", False)),
    )


def _recipient(given: Mapping[str, Any], referral_id: UUID) -> Recipient:
    kind = RecipientKind(given["kind"])
    account = UUID(given["id"]) if kind is RecipientKind.ACCOUNT else None
    address = str(given["email"]).strip() if kind is RecipientKind.ADDRESS else None
    organization = UUID(given["organization_id"])
    told_as = str(given.get("event_type") or "")
    path, words = str(given.get("path") or ""), str(given.get("words") or "").strip().lower()
    return Recipient(
        key=_key(kind, account, address, organization),
        kind=kind,
        organization_id=organization,
        channels=_channels(given.get("channels") or (), kind),
        template=_template(given.get("template")),
        path=path if _PATH.match(path) else f"/referrals/{referral_id}",
        words=words if words in STATE_WORDS else "",
        told_as=told_as if len(told_as) <= 80 and _EVENT_TYPE.match(told_as) else "",
        account_id=account,
        address=address,
    )


def _key(kind: RecipientKind, account: UUID | None, address: str | None, organization: UUID) -> str:
    if kind is RecipientKind.MAILBOX:
        return f"mailbox:{organization}"
    return f"account:{account}" if account else f"address:{str(address).casefold()}"


def _channels(given: Any, kind: RecipientKind) -> tuple[Channel, ...]:
    """Those we have; an address alone, or a mailbox, has no inbox here."""
    known = [Channel(each) for each in given if each in set(Channel)]
    return tuple(dict.fromkeys(c for c in known if kind is RecipientKind.ACCOUNT or c is Channel.EMAIL))


def _template(given: Any) -> Template:
    """The kind of notice; one we have no words for is told as news rather than not at all."""
    return Template(given) if given in {str(t) for t in ABOUT_REFERRALS} else Template.REFERRAL_NEWS

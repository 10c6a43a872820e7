"""Where letters go, asked of the directory at the moment of sending: accounts, and organisations' mailboxes.

A mailbox is not written to where somebody of its organisation is told the same at the same address, and of
a restricted referral never, whoever gave its address as the one to be told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.notifications.actions.verdicts import Ready, Stop, Verdict, later
from services.notifications.clients.directory import Account, look_up, mailboxes
from services.notifications.domain.audience import RecipientKind
from services.notifications.domain.rules import Channel
from services.notifications.domain.states import State
from services.notifications.store import messages
from services.notifications.store.database import database
from services.notifications.store.tables.messages import Message
from shared.errors import LinkworkError

NO_ACCOUNT = "Their account is closed."
NO_ADDRESS = "Their account has no e-mail address."
NO_MAILBOX = "The organisation has no mailbox for news any more."
SAME_ADDRESS = "Somebody who is told of this has the same address."
SHARED = "The address is the organisation's mailbox, which is told of no restricted referral."
_WENT = frozenset({State.SENT, State.DELIVERED, State.FAILED})


@dataclass(frozen=True)
class Answers:
    """What the directory said, and which other letters there are beside those to mailboxes."""

    accounts: Mapping[UUID, Account]
    mailboxes: Mapping[UUID, str]
    others: Sequence[Message]


def with_addresses(verdicts: dict[UUID, Verdict], at: datetime) -> dict[UUID, Verdict]:
    """Name and address of accounts and mailboxes, all asked for at once; what cannot be asked waits."""
    to_accounts = _ready(verdicts, RecipientKind.ACCOUNT)
    to_mailboxes = _ready(verdicts, RecipientKind.MAILBOX)
    kept_close = [each for each in _ready(verdicts, RecipientKind.ADDRESS) if each.restricted]
    if not to_accounts and not to_mailboxes and not kept_close:
        return verdicts
    others = _others(to_mailboxes)
    wanted = {m.account_id for m in (*(each.message for each in to_accounts), *others) if m.account_id}
    organizations = {each.message.organization_id for each in (*to_mailboxes, *kept_close)} - {None}
    try:
        answers = Answers(
            look_up(wanted) if wanted else {},
            mailboxes(one for one in organizations if one) if organizations else {},
            others,
        )
    except LinkworkError as wrong:
        wait = later(at, 0, wrong)
        return verdicts | {each.message.id: wait for each in (*to_accounts, *to_mailboxes, *kept_close)}
    return (
        verdicts
        | {each.message.id: _to_account(each, answers) for each in to_accounts}
        | {each.message.id: _to_mailbox(each, answers) for each in to_mailboxes}
        | {each.message.id: _to_address(each, answers) for each in kept_close}
    )


def _ready(verdicts: Mapping[UUID, Verdict], kind: RecipientKind) -> list[Ready]:
    return [v for v in verdicts.values() if isinstance(v, Ready) and v.message.recipient_kind == kind]


def _others(to_mailboxes: Iterable[Ready]) -> list[Message]:
    rows = [each.message for each in to_mailboxes]
    if not rows:
        return []
    with database.transaction() as session:
        return messages.letters_beside(session, rows)


def _to_account(ready: Ready, answers: Answers) -> Verdict:
    account = answers.accounts.get(ready.message.account_id) if ready.message.account_id else None
    if account is None or not account.active:
        return Stop(NO_ACCOUNT)
    if ready.message.channel == Channel.EMAIL and not account.email:
        return Stop(NO_ADDRESS)
    address = account.email if ready.message.channel == Channel.EMAIL else None
    return replace(ready, name=account.name, address=address)


def _to_address(ready: Ready, answers: Answers) -> Verdict:
    """An address somebody typed; that it is the mailbox's only the directory knows."""
    organization = ready.message.organization_id
    shared = answers.mailboxes.get(organization) if organization else None
    same = shared is not None and shared.casefold() == (ready.address or "").casefold()
    return Stop(SHARED) if same else ready


def _to_mailbox(ready: Ready, answers: Answers) -> Verdict:
    row = ready.message
    address = answers.mailboxes.get(row.organization_id) if row.organization_id else None
    if not address:
        return Stop(NO_MAILBOX)
    beside = [
        other
        for other in answers.others
        if (other.source, other.event_id, other.organization_id)
        == (row.source, row.event_id, row.organization_id)
    ]
    told = {told.casefold() for other in beside if (told := _address_of(other, ready.beside, answers))}
    return Stop(SAME_ADDRESS) if address.casefold() in told else replace(ready, address=address)


def _address_of(other: Message, may_be_told: Collection[str], answers: Answers) -> str | None:
    """Where another letter of the same event went or goes; None where it will not go any more."""
    if State(other.status) in _WENT:
        return other.told_address
    if other.recipient not in may_be_told:
        return None
    if other.recipient_kind != RecipientKind.ACCOUNT:
        return other.told_address
    account = answers.accounts.get(other.account_id) if other.account_id else None
    return account.email if account is not None and account.active else None

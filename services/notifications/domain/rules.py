"""Which event is told how, as data: whose answer says who hears, how long it waits, what overtakes it.

A new event is a new row. Who may know of a referral is never decided here: referrals answers that, once
when the messages are made and again when each is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType


class Channel(StrEnum):
    """A way to reach somebody. Each has one module in `clients` or one action."""

    EMAIL = "email"
    INBOX = "inbox"


class Template(StrEnum):
    """A kind of notice; its words are in `domain/templates/<name>.txt`."""

    REFERRAL_NEWS = "referral_news"
    QUESTION_WAITING = "question_waiting"
    WORK_ARRIVED = "work_arrived"
    ASSIGNED = "assigned"
    UNROUTED_ARRIVED = "unrouted_arrived"
    URGENT_ARRIVED = "urgent_arrived"
    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind of letter
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of letter
    SIGNED_IN_NEW_PLACE = "signed_in_new_place"
    SECOND_STEP_REMOVED = "second_step_removed"
    MAILBOX_CONFIRM = "mailbox_confirm"
    MAILBOX_ENDED = "mailbox_ended"


ABOUT_REFERRALS: frozenset[Template] = frozenset(
    {
        Template.REFERRAL_NEWS,
        Template.QUESTION_WAITING,
        Template.WORK_ARRIVED,
        Template.ASSIGNED,
        Template.UNROUTED_ARRIVED,
        Template.URGENT_ARRIVED,
    }
)
ABOUT_ACCOUNTS: frozenset[Template] = frozenset(Template) - ABOUT_REFERRALS

OPTIONAL: tuple[Template, ...] = (
    Template.REFERRAL_NEWS,
    Template.QUESTION_WAITING,
    Template.WORK_ARRIVED,
    Template.ASSIGNED,
)
"""Kinds whose e-mail somebody may switch off. The others keep people and accounts safe."""

FIRST: frozenset[Template] = ABOUT_ACCOUNTS | {Template.URGENT_ARRIVED}
"""Sent before the rest: somebody is waiting at the screen, or it is urgent."""


class Source(StrEnum):
    """Whose answer says who is told, or what else the event does here."""

    AUDIENCE = "audience"
    LINK = "link"
    UNDO = "undo"
    SESSION = "session"
    KEY = "key"


@dataclass(frozen=True)
class Rule:
    """How one type of event is told. `hold`: messages wait so long, so that the act can be undone.

    `overtakes`: earlier news of the same referral that this makes stale; what is still unsent is cancelled.
    """

    event: str
    source: Source = Source.AUDIENCE
    hold: timedelta = timedelta(0)
    overtakes: frozenset[str] = frozenset()


UNDOABLE = timedelta(seconds=60)
RECEIVED, ROUTED = "referral.received.v1", "referral.routed.v1"
ACCEPTED, DECLINED = "referral.accepted.v1", "referral.declined.v1"
ASKED, ANSWERED = "referral.asked.v1", "referral.answered.v1"
REASSIGNED, REDIRECTED = "referral.reassigned.v1", "referral.redirected.v1"
RELEASED, STARTED = "referral.released.v1", "referral.started.v1"
HELD, RESUMED = "referral.held.v1", "referral.resumed.v1"
COMPLETED, FAILED = "referral.completed.v1", "referral.failed.v1"
WITHDRAWN, VOIDED = "referral.withdrawn.v1", "referral.voided.v1"
REOPENED, UNDONE = "referral.reopened.v1", "referral.undone.v1"
ESCALATED, CHASED = "referral.escalated.v1", "referral.chased.v1"
ALARMED = "referral.alarmed.v1"
ADDED = "referral.added.v1"
ACCOUNT_NOTICE, SESSION_ENDED = "account.notice.v1", "session.ended.v1"
KEY_WITHDRAWN = "key.withdrawn.v1"

_OF_WORK = frozenset({RECEIVED, ROUTED, REDIRECTED, RELEASED, ACCEPTED, REASSIGNED, ASKED, ANSWERED})
_ENDINGS = frozenset({DECLINED, COMPLETED, FAILED, WITHDRAWN})

_TABLE: tuple[Rule, ...] = (
    Rule(RECEIVED),
    Rule(ROUTED),
    Rule(ACCEPTED, hold=UNDOABLE),
    Rule(DECLINED, hold=UNDOABLE, overtakes=frozenset({ACCEPTED, ASKED, REASSIGNED})),
    Rule(ASKED),
    Rule(ANSWERED, overtakes=frozenset({ASKED})),
    Rule(REASSIGNED, overtakes=frozenset({REASSIGNED})),
    Rule(REDIRECTED, overtakes=frozenset({ROUTED, REDIRECTED, ACCEPTED, REASSIGNED})),
    Rule(RELEASED, overtakes=frozenset({ACCEPTED, REASSIGNED})),
    Rule(STARTED),
    Rule(HELD),
    Rule(RESUMED, overtakes=frozenset({HELD})),
    Rule(COMPLETED, hold=UNDOABLE, overtakes=frozenset({ASKED, REASSIGNED, HELD})),
    # Held like a passing back, as which senders are told of it.
    Rule(FAILED, hold=UNDOABLE, overtakes=frozenset({ASKED, REASSIGNED, HELD})),
    Rule(WITHDRAWN, overtakes=_OF_WORK | {STARTED, HELD, RESUMED}),
    Rule(VOIDED, overtakes=_OF_WORK | _ENDINGS | {STARTED, HELD, RESUMED, REOPENED}),
    Rule(REOPENED, overtakes=_ENDINGS),
    Rule(UNDONE, Source.UNDO),
    Rule(ESCALATED, overtakes=frozenset({ROUTED, REDIRECTED, ACCEPTED, REASSIGNED, CHASED})),
    Rule(CHASED),
    # Never held, and nothing overtakes it: danger was said as the referral was closed.
    Rule(ALARMED),
    Rule(ADDED),
    Rule(ACCOUNT_NOTICE, Source.LINK),
    Rule(SESSION_ENDED, Source.SESSION),
    Rule(KEY_WITHDRAWN, Source.KEY),
)

SENDERS_NEWS: frozenset[Template] = frozenset({Template.REFERRAL_NEWS, Template.QUESTION_WAITING})
SENDERS_EVENTS: frozenset[str] = frozenset({RECEIVED, ACCEPTED, DECLINED, ASKED, COMPLETED, FAILED, REOPENED})
"""News to the sending side, and to nobody else: such a kind of notice about such an event."""

RULES: Mapping[str, Rule] = MappingProxyType({rule.event: rule for rule in _TABLE})


def rule_of(event_type: str) -> Rule | None:
    """The rule of a type of event; None for one nobody has written a rule for."""
    return RULES.get(event_type)


def may_switch_off(template: Template) -> bool:
    """True where a person may choose not to have an e-mail of this kind."""
    return template in OPTIONAL

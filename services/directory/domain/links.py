"""Links sent by e-mail: what each kind may do, for how long, and why one no longer works."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class LinkKind(StrEnum):
    """What a link, or the letter it stands for, is about."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind of letter
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of letter
    SIGNED_IN_NEW_PLACE = "signed_in_new_place"
    SECOND_STEP_REMOVED = "second_step_removed"
    MAILBOX_CONFIRM = "mailbox_confirm"
    MAILBOX_ENDED = "mailbox_ended"


LIFE: dict[LinkKind, timedelta] = {
    LinkKind.INVITATION: timedelta(days=7),
    LinkKind.PASSWORD_RESET: timedelta(hours=1),
    LinkKind.PASSWORD_CHANGED: timedelta(days=2),
    LinkKind.SIGNED_IN_NEW_PLACE: timedelta(days=2),
    LinkKind.SECOND_STEP_REMOVED: timedelta(days=2),
    LinkKind.MAILBOX_CONFIRM: timedelta(days=7),
    LinkKind.MAILBOX_ENDED: timedelta(days=7),
}
# Letters that carry a token; the other kinds only tell.
WITH_TOKEN = frozenset({LinkKind.INVITATION, LinkKind.PASSWORD_RESET, LinkKind.MAILBOX_CONFIRM})


class Ended(StrEnum):
    """Why a link does nothing any more."""

    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def ended(
    *, used_at: datetime | None, revoked_at: datetime | None, expires_at: datetime, at: datetime
) -> Ended | None:
    """Why the link is over at the moment `at`; None while it is good."""
    if used_at is not None:
        return Ended.USED
    if revoked_at is not None:
        return Ended.WITHDRAWN
    return Ended.EXPIRED if at >= expires_at else None

"""What people choose about their e-mail. What keeps people and accounts safe is always sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.domain.rules import OPTIONAL, Channel, Template, may_switch_off
from services.notifications.store.database import database
from services.notifications.store.tables.preferences import Preference
from shared.auth.caller import Caller
from shared.errors import Invalid


def read_wanted(by: Caller) -> frozenset[Template]:
    """The kinds of which the caller wants an e-mail, of those that may be switched off."""
    query = select(Preference.template).where(
        Preference.account_id == UUID(by.sub),
        Preference.channel == Channel.EMAIL,
        Preference.wanted.is_(False),
    )
    with database.transaction() as session:
        off = set(session.scalars(query))
    return frozenset(template for template in OPTIONAL if template not in off)


def choose_wanted(by: Caller, wanted: Collection[Template], at: datetime) -> None:
    """From now on send e-mails of the kinds `wanted`, and of the other optional kinds none.

    Raises Invalid for a kind that may not be switched.
    """
    if not all(may_switch_off(template) for template in wanted):
        raise Invalid.field("/email", "Choose from the kinds in the list.")
    rows = [
        {
            "account_id": UUID(by.sub),
            "template": template,
            "channel": Channel.EMAIL,
            "wanted": template in wanted,
            "changed_at": at,
        }
        for template in OPTIONAL
    ]
    chosen = insert(Preference).values(rows)
    with database.transaction() as session:
        session.execute(
            chosen.on_conflict_do_update(
                index_elements=["account_id", "template", "channel"],
                set_={"wanted": chosen.excluded.wanted, "changed_at": chosen.excluded.changed_at},
            )
        )

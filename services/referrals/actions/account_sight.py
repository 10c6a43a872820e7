"""What somebody else would see of a referral: an account of the directory's copy that is not calling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referrals.actions.seeing import see
from services.referrals.domain.sight import NOTHING, Sight
from services.referrals.store.directory import Directory
from services.referrals.store.tables import AgreementRow, Referral
from shared.auth.caller import Caller, Kind, Membership, Role

_ROLES = {str(role): role for role in Role}


def account_sees(
    account: UUID | None,
    org: UUID,
    row: Referral,
    agreements: Sequence[AgreementRow],
    directory: Directory,
    at: datetime,
    *,
    as_sender: bool = False,
) -> Sight:
    """What this account of `org` would see if it looked at `at`.

    `as_sender` stands for whoever asked without an account here: they hear what the author would.
    """
    if account is None:
        return NOTHING
    memberships = tuple(_memberships(directory.members.get(account, ())))
    if as_sender:
        memberships = (Membership(org, Role.SENDER),)
    organization = directory.doc("organization", org) or {}
    place = organization.get("place_id")
    caller = Caller(
        sub=str(account),
        kind=Kind.PERSON,
        org=org,
        sector=organization.get("sector"),
        place=UUID(str(place)) if place else None,
        memberships=memberships,
    )
    return see(caller, row, agreements, directory, at)


def _memberships(docs: Iterable[Mapping[str, Any]]) -> Iterator[Membership]:
    for doc in docs:
        role = _ROLES.get(str(doc.get("role")))
        if role is not None and doc.get("organization_id"):
            team = doc.get("team_id")
            yield Membership(UUID(str(doc["organization_id"])), role, UUID(str(team)) if team else None)

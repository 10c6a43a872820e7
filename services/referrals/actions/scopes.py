"""As far as a caller's roles reach, for lists."""

from __future__ import annotations

from uuid import UUID

from services.referrals.actions.seeing import TEAM_ROLES, account_of, as_member
from services.referrals.domain.sight_facts import COARSE_SECTORS
from services.referrals.store.directory import Directory
from services.referrals.store.lists import Scope
from shared.auth.caller import Caller, Role

_WORK = (Role.WORKER, Role.LEAD)
_SEND = (Role.SENDER, Role.WORKER, Role.LEAD, Role.DUTY_DESK)


def scope_of(by: Caller, directory: Directory) -> Scope:
    """The teams and organisations the caller works, leads, sends and keeps the desk for."""
    by = as_member(by, directory)
    whole = [m for m in by.memberships if m.team is None]
    desks = by.teams(Role.DUTY_DESK)
    return Scope(
        account_id=account_of(by),
        work_teams=by.teams(*_WORK),
        work_orgs=frozenset(m.org for m in whole if m.role in _WORK),
        lead_teams=by.teams(Role.LEAD),
        lead_orgs=frozenset(m.org for m in whole if m.role is Role.LEAD),
        send_orgs=frozenset(m.org for m in by.memberships if m.role in _SEND),
        desk_teams=desks,
        desk_places=directory.desk_places(desks),
        holding_orgs=frozenset(m.org for m in by.memberships if m.role in TEAM_ROLES),
        safeguarding_orgs=frozenset(m.org for m in by.memberships if m.role is Role.SAFEGUARDING_LEAD),
    )


def searchable_orgs(by: Caller, scope: Scope, directory: Directory) -> frozenset[UUID]:
    """Organisations whose own referrals the caller may find by name: not for police, housing, employers."""
    return frozenset(org for org in scope.send_orgs if _sector(org, by, directory) not in COARSE_SECTORS)


def _sector(org: UUID, by: Caller, directory: Directory) -> str:
    found = directory.doc("organization", org) or {}
    return str(found.get("sector") or (by.sector if org == by.org else "") or "")

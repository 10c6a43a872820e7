"""What a line of a file names: organisations, teams, services, workers, as in the directory's copy."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.referrals.domain.routing.docs import Service
from services.referrals.domain.sheets import Line
from services.referrals.store.directory import Directory
from shared.auth.caller import Role
from shared.listing_ids import listing_id

_WORKS = frozenset({Role.WORKER.value, Role.LEAD.value})


def organization_named(line: Line, column: str, directory: Directory) -> UUID | None:
    """The organisation with this ODS code, id or name (capitals aside); a problem where there is none."""
    text = line.said(column, "Name an organisation of the directory: its name, ODS code or id.")
    if not text:
        return None
    docs = directory.docs.get("organization", {})
    coded = [doc for doc in docs.values() if doc.get("ods_code") == text.upper()]
    return _only(line, column, _by_id(docs, text) or coded or _by_name(docs, text), "organisation")


def team_named(line: Line, column: str, directory: Directory) -> UUID | None:
    """The team with this key of the listing files, id or exact name; no duty desk."""
    text = line.said(column, "Name the team that has this: its key, name or id.")
    if not text:
        return None
    docs = directory.docs.get("team", {})
    keyed = _by_id(docs, str(listing_id("team", text)))
    found = _only(line, column, _by_id(docs, text) or keyed or _by_name(docs, text), "team")
    if found is not None and directory.is_desk(found):
        line.refuse(column, "A duty desk holds what no team has yet: name the team that has this.")
        return None
    return found


def service_of_team(line: Line, column: str, team_id: UUID, directory: Directory) -> Service | None:
    """The service it is for: the one named, else the only one of the team; a problem where it is not clear.

    A service's policy decides who may know of the referral (discreet) and who ends it: it is never guessed.
    """
    snapshot, text = directory.snapshot, line.text(column)
    team = snapshot.teams.get(str(team_id))
    of_team = [
        snapshot.services[each] for each in (team.service_ids if team else ()) if each in snapshot.services
    ]
    if text is None:
        if len(of_team) > 1:
            names = "; ".join(sorted(service.name for service in of_team))
            line.refuse(column, f"This team works for several services: say which ({names}).")
        return of_team[0] if len(of_team) == 1 else None
    keyed = str(listing_id("service", text))
    found = [s for s in of_team if text.lower() in (s.id, s.name.lower()) or s.id == keyed]
    if len(found) != 1:
        line.refuse(column, "This team works for no service of that key, name or id.")
        return None
    return found[0]


def worker_named(line: Line, column: str, team_id: UUID, directory: Directory) -> UUID | None:
    """The account of the worker or lead of this team with this e-mail address; None where none is named."""
    text = line.text(column)
    if text is None:
        return None
    account = _account_of(text, [d for d in directory.hands_of(team_id) if d.get("role") in _WORKS])
    if account is None:
        line.refuse(column, "Nobody with this e-mail address works in the team: invite them first.")
    return account


def member_named(text: str, organization_id: UUID, directory: Directory) -> UUID | None:
    """The account of a member of this organisation with this e-mail address; None where it is nobody's."""
    docs = [doc for each in directory.members.values() for doc in each]
    return _account_of(text, [d for d in docs if d.get("organization_id") == str(organization_id)])


def _account_of(email: str, docs: list[Mapping[str, Any]]) -> UUID | None:
    known = hashlib.sha256(email.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()
    return next((UUID(str(d["account_id"])) for d in docs if d.get("email_sha256") == known), None)


def _by_id(docs: Mapping[str, Mapping[str, Any]], text: str) -> list[Mapping[str, Any]]:
    found = docs.get(text.lower())
    return [found] if found is not None else []


def _by_name(docs: Mapping[str, Mapping[str, Any]], text: str) -> list[Mapping[str, Any]]:
    return [doc for doc in docs.values() if str(doc.get("name", "")).lower() == text.lower()]


def _only(line: Line, column: str, found: list[Mapping[str, Any]], what: str) -> UUID | None:
    if len(found) == 1:
        return UUID(str(found[0]["id"]))
    if found:
        line.refuse(column, f"Several are called that: give the id of the {what}.")
    else:
        line.refuse(column, f"The directory has no {what} of that name, code or id.")
    return None

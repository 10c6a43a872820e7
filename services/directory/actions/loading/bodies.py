"""Organisations, the agreements under which two of them may exchange, and teams."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from services.directory.actions.loading.finding import (
    email_of,
    organization_named,
    organization_of,
    place_of,
)
from services.directory.actions.loading.outcomes import Outcome, bring
from services.directory.domain.listings import IncomeBand, TeamKind
from services.directory.domain.sheets import Columns, Row
from services.directory.store.organizations import (
    CHARITY,
    ODS,
    OWN_KEY,
    Organization,
    OrganizationIdentifier,
    SharingAgreement,
)
from services.directory.store.taxonomy import Sector
from services.directory.store.teams import Team
from shared.listing_ids import listing_id

PURPOSES = ("share_referral", "feedback_to_sender", "feedback_to_gp", "know_of_each_other")
_TEXTS = ("description", "phone", "website", "address")
ORGANIZATIONS = Columns(
    ("key", "name", "sector"),
    (
        "place",
        "ods_code",
        "charity_number",
        "income_band",
        "email",
        "postcode",
        "email_domains",
        "host",
        *_TEXTS,
    ),
)
AGREEMENTS = Columns(
    ("organization_a", "organization_b", "purposes", "valid_from", "signed_by_a", "signed_by_b"),
    ("valid_until",),
    by=("organization_a", "organization_b", "valid_from"),
)
TEAMS = Columns(("key", "name", "organization", "kind"), ("place", "phone", "hours"))
_IDENTIFIERS = {
    "key": (OWN_KEY, re.compile(r"[a-z0-9][a-z0-9-]*"), "a key"),
    "ods_code": (ODS, re.compile(r"[A-Z0-9]{3,9}"), "an ODS code"),
    "charity_number": (CHARITY, re.compile(r"[0-9]{6,7}(-[0-9]+)?"), "a charity number"),
}
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def put_organization(session: Session, row: Row, at: datetime) -> Outcome:
    """One organisation, found again by its key, else its ODS code or charity number, else its name."""
    there = _known(session, row)
    values = _organization_values(session, row)
    organization = there or Organization(id=uuid4(), last_modified=at)
    outcome = bring(session, organization, values)
    if outcome is Outcome.CHANGED:
        organization.last_modified = at
    session.flush()
    for column, (scheme, _, _) in _IDENTIFIERS.items():
        if row.text(column) and _identify(session, organization.id, scheme, _identifier(row, column)):
            outcome = Outcome.CHANGED if outcome is Outcome.SAME else outcome
    return outcome


def put_agreement(session: Session, row: Row, _at: datetime) -> Outcome:
    """One sharing agreement; the same two bodies may sign again from another day."""
    a, b = organization_of(session, row, "organization_a"), organization_of(session, row, "organization_b")
    if a == b:
        raise row.refuse("organization_b", "An agreement has two parties.")
    first, last = row.day("valid_from"), row.day("valid_until")
    if first is None:
        raise row.refuse("valid_from", "This must be said.")
    if last is not None and last < first:
        raise row.refuse("valid_until", "This is before the day it begins.")
    purposes = row.all_of("purposes", PURPOSES)
    if not purposes:
        raise row.refuse("purposes", f"Name at least one of: {', '.join(PURPOSES)}.")
    parties = tuple_(SharingAgreement.organization_a, SharingAgreement.organization_b)
    there = session.scalars(
        select(SharingAgreement).where(
            or_(parties == (a, b), parties == (b, a)), SharingAgreement.valid_from == first
        )
    ).one_or_none()
    return bring(
        session,
        there or SharingAgreement(id=uuid4(), organization_a=a, organization_b=b, valid_from=first),
        {
            "purposes": purposes,
            "valid_until": last,
            "signed_by_a": row.said("signed_by_a"),
            "signed_by_b": row.said("signed_by_b"),
        },
    )


def put_team(session: Session, row: Row, _at: datetime) -> Outcome:
    """One team. A place has one duty desk, which owns what finds no other owner."""
    team_id, kind = listing_id("team", row.key()), row.one_of("kind", TeamKind)
    place_id = place_of(session, row)
    if kind is None:
        raise row.refuse("kind", f"This must be one of: {', '.join(TeamKind)}.")
    if kind == TeamKind.DUTY_DESK:
        if place_id is None:
            raise row.refuse("place", "A duty desk serves a place.")
        desk = select(Team.name).where(Team.kind == kind, Team.place_id == place_id, Team.id != team_id)
        if other := session.scalar(desk):
            raise row.refuse("kind", f"This place has a duty desk already: {other}.")
    values: dict[str, Any] = {
        "name": row.said("name"),
        "organization_id": organization_of(session, row),
        "kind": kind,
        "place_id": place_id,
    }
    values |= {name: row.text(name) or None for name in ("phone", "hours") if row.has(name)}
    return bring(session, session.get(Team, team_id) or Team(id=team_id), values)


def _known(session: Session, row: Row) -> Organization | None:
    row.key()
    found: list[UUID] = []
    for column in _IDENTIFIERS:
        if row.text(column) and not found:
            scheme, identifier = _IDENTIFIERS[column][0], _identifier(row, column)
            found = list(
                session.scalars(
                    select(OrganizationIdentifier.organization_id).where(
                        OrganizationIdentifier.scheme == scheme,
                        OrganizationIdentifier.identifier == identifier,
                    )
                )
            )
    found = found or _unkeyed(session, organization_named(session, row.said("name")))
    if len(found) > 1:
        raise row.refuse("name", "Several organisations are called that: add an ODS code or charity number.")
    if not found:
        return None
    if (other := _key_of(session, found[0])) not in (None, row.key()):
        raise row.refuse("key", f"Its ODS code or charity number belongs to {other!r}.")
    return session.get(Organization, found[0])


def _key_of(session: Session, organization_id: UUID) -> str | None:
    return session.scalar(
        select(OrganizationIdentifier.identifier).where(
            OrganizationIdentifier.scheme == OWN_KEY,
            OrganizationIdentifier.organization_id == organization_id,
        )
    )


def _unkeyed(session: Session, ids: list[UUID]) -> list[UUID]:
    """Those that no file has given a key yet: two bodies may bear one name."""
    return [one for one in ids if _key_of(session, one) is None]


def _organization_values(session: Session, row: Row) -> dict[str, Any]:
    sector = row.one_of("sector", session.scalars(select(Sector.code).order_by(Sector.position)).all())
    if sector is None:
        raise row.refuse("sector", "This must be said.")
    values: dict[str, Any] = {"name": row.said("name"), "sector": sector}
    values |= {name: row.text(name) or None for name in _TEXTS if row.has(name)}
    if row.has("description"):
        values["description"] = row.text("description")
    if row.has("place"):
        values["place_id"] = place_of(session, row)
    if row.has("income_band"):
        values["income_band"] = row.one_of("income_band", IncomeBand)
    if row.has("postcode"):
        values["postal_code"] = row.postcode("postcode")
    if row.has("email"):
        values["email"] = email_of(row)
    if row.has("host"):
        values["host_id"] = organization_of(session, row, "host") if row.text("host") else None
    if row.has("email_domains"):
        values["email_domains"] = [word.lower() for word in row.words("email_domains")]
        if not all(map(_DOMAIN.fullmatch, values["email_domains"])):
            raise row.refuse("email_domains", "Write what stands behind the @ of their addresses.")
    return values


def _identifier(row: Row, column: str) -> str:
    scheme, form, words = _IDENTIFIERS[column]
    text = row.text(column).upper() if scheme == ODS else row.text(column)
    if not form.fullmatch(text):
        raise row.refuse(column, f"This is not {words}.")
    return text


def _identify(session: Session, organization_id: UUID, scheme: str, identifier: str) -> bool:
    """Note an identifier where it is not noted yet; True when that changed anything."""
    there = session.scalars(
        select(OrganizationIdentifier).where(
            OrganizationIdentifier.organization_id == organization_id, OrganizationIdentifier.scheme == scheme
        )
    ).first()
    row = there or OrganizationIdentifier(id=uuid4(), organization_id=organization_id, scheme=scheme)
    return bring(session, row, {"identifier": identifier}) is not Outcome.SAME
